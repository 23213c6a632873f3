"""What people estimate about an issue: entered, corrected, taken back. No entry is changed."""

from django.db import transaction
from django.utils import timezone

from intake.actions.refusals import Refusal
from intake.actions.triage.permission import require_triage
from intake.models import Issue
from portal.models import User
from scoring.domain.estimate_rules import EstimateDraft, UnfitEstimate, fit_reason, fit_value
from scoring.models import Estimate, EstimateKind
from scoring.selectors.weights import read_weights_in_force


class NothingEntered(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no estimate of this kind to take back.")


def enter_estimate(issue: Issue, draft: EstimateDraft, *, by: User) -> Estimate:
    """In force from now on. What is in force already, word for word, is not entered twice."""
    require_triage(by)
    kind = EstimateKind(draft.kind)
    try:
        value = fit_value(kind, draft.value, read_weights_in_force().weights)
        reason = fit_reason(kind, draft.reason)
    except UnfitEstimate as error:
        raise Refusal(str(error)) from error
    fields = {"value": value, "reason": reason, "note": draft.note}
    with transaction.atomic():
        newest = _lock_newest(issue, kind)
        if newest and all(getattr(newest, name) == text for name, text in fields.items()):
            return newest
        return _add(issue, kind, fields, by)


def take_back_estimate(issue: Issue, kind: str, *, note: str = "", by: User) -> Estimate:
    """As if nobody had entered one; who and when stay in the history."""
    require_triage(by)
    with transaction.atomic():
        newest = _lock_newest(issue, EstimateKind(kind))
        if newest is None or not newest.value:
            raise NothingEntered
        return _add(issue, EstimateKind(kind), {"note": note}, by)


def _lock_newest(issue: Issue, kind: EstimateKind) -> Estimate | None:
    """The issue's row is what two people who press at once meet on."""
    Issue.objects.select_for_update().get(pk=issue.pk)
    return Estimate.objects.filter(issue=issue, kind=kind).order_by("-pk").first()


def _add(issue: Issue, kind: EstimateKind, fields: dict[str, str], by: User) -> Estimate:
    return Estimate.objects.create(
        issue=issue, kind=kind, created_by=by, created_at=timezone.now(), **fields
    )
