"""Take a decision back. Mail that went out is followed by a correction."""

from datetime import datetime

from intake.actions.decide import (
    answer_candidate,
    forget_trouble,
    let_go,
    locked,
    require_open,
    wake,
)
from intake.actions.refusals import NothingToUndo
from intake.actions.triage.permission import require_triage_of
from intake.domain.vocabulary import Decider, Decision
from intake.models import Candidate, EventKind, Submission
from intake.pipeline.owe_mail import correct_mail
from intake.pipeline.record import record_event, update_progress
from portal.models import User


def undo(submission: Submission, *, by: User) -> None:
    """Back to "no decision". The note of a join is taken back when nobody else holds the link;
    an issue that was opened is closed by the worker if nobody else touched it."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_open(row)
        if not row.is_decided:
            raise NothingToUndo
        undone = record_event(
            row,
            EventKind.UNDONE,
            now=now,
            by=by,
            facts={"decision": row.get_decision_display()},
            is_public=True,
        )
        decided_at = row.decided_at or now
        take_back(row, by=by, now=now)
        update_progress(row, now=now, cause=undone, owes_mail=False)
        correct_mail(undone, since=decided_at, now=now)


def take_back(row: Submission, *, by: User, now: datetime) -> None:
    """Clear the decision and all that hangs on it, unsaved; own text and urgency stay."""
    was_rule = row.decided_by_kind == Decider.RULE
    refused = row.issue if was_rule else None  # the rule must not adopt it again
    row.candidates.exclude(answer=Candidate.Answer.OTHER).update(
        answer=Candidate.Answer.OPEN, answered_by=None, answered_at=None
    )
    if refused is not None:
        answer_candidate(row, refused, Candidate.Answer.OTHER, by=by, now=now)
    if row.decision == Decision.NEW_ISSUE and row.issue is not None:
        row.abandoned_issue = row.issue
    let_go(row, now=now)
    row.decision, row.decided_by_kind = Decision.PENDING, ""
    row.decided_by = row.decided_at = row.checked_at = row.contested_at = None
    row.reason, row.review_on, row.outcome = "", None, ""
    forget_trouble(row)
    row.is_issue_wanted = False
    if row.issue_lease_until is None:  # otherwise an issue may still appear: its marker finds it
        row.issue_marker = None
    wake(row, now=now)
