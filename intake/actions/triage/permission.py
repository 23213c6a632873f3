"""Triage is for people who triage; the rule stands before every act, not only on its button."""

from intake.actions.refusals import NotAllowed
from portal.models import User


def require_triage(by: User) -> None:
    if not by.may_triage:
        raise NotAllowed
