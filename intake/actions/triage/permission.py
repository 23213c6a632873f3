"""Triage is for people who triage, of what is theirs; the rule stands before every act, not only
on its button."""

from intake.actions.refusals import NotAllowed
from intake.models import Submission
from intake.selectors.visibility import triaged_submissions
from portal.models import User


def require_triage(by: User) -> None:
    if not by.may_triage:
        raise NotAllowed


def require_triage_of(submission: Submission, by: User) -> None:
    if not triaged_submissions(by).filter(pk=submission.pk).exists():
        raise NotAllowed
