"""Words to the customer: a question, a no with its reason, a way that exists already."""

from intake.actions.decide import decide, locked, require_open, require_undecided, wake
from intake.actions.refusals import ReasonMissing, TooLate
from intake.actions.triage.permission import require_triage_of
from intake.domain.vocabulary import Decider, Decision
from intake.models import EventKind, Submission
from intake.pipeline.owe_mail import owe_mail
from intake.pipeline.record import record_event, update_progress
from portal.models import User


def ask(submission: Submission, question: str, *, by: User) -> None:
    """Ask the customer; the request waits for them and their answer wakes it."""
    require_triage_of(submission, by)
    if not question.strip():
        raise ReasonMissing
    with locked(submission) as (row, now):
        require_open(row)
        row.asked_at = row.last_word_at = now
        row.answered_at = row.answered_at or now
        asked = record_event(
            row, EventKind.ASKED, now=now, by=by, text=question.strip(), is_public=True
        )
        wake(row, now=now)
        if not update_progress(row, now=now, cause=asked):  # a second question
            owe_mail(asked, now=now)


def decline(submission: Submission, reason: str, *, by: User) -> None:
    """Not planned, and why."""
    _close(submission, Decision.NOT_PLANNED, EventKind.NOT_PLANNED, reason, by)


def answer_possible(submission: Submission, reason: str, *, by: User) -> None:
    """The product can do it today; the reason says how."""
    _close(submission, Decision.ALREADY_POSSIBLE, EventKind.ALREADY_POSSIBLE, reason, by)


def _close(
    submission: Submission, decision: Decision, kind: EventKind, reason: str, by: User
) -> None:
    require_triage_of(submission, by)
    if not reason.strip():
        raise ReasonMissing
    with locked(submission) as (row, now):
        require_undecided(row)
        row.reason = reason.strip()
        decide(row, decision, kind=Decider.PERSON, by=by, now=now)
        closed = record_event(row, kind, now=now, by=by, text=row.reason, is_public=True)
        update_progress(row, now=now, cause=closed)


def explain_closing(submission: Submission, reason: str, *, by: User) -> None:
    """The issue was closed without shipping: tell the customer why, in a person's words."""
    require_triage_of(submission, by)
    if not reason.strip():
        raise ReasonMissing
    with locked(submission) as (row, now):
        require_open(row)
        if not row.needs_reason:
            raise TooLate("The issue is open again, or somebody explained it already.")
        row.reason = reason.strip()
        decide(row, Decision.NOT_PLANNED, kind=Decider.PERSON, by=by, now=now)
        closed = record_event(
            row, EventKind.NOT_PLANNED, now=now, by=by, text=row.reason, is_public=True
        )
        update_progress(row, now=now, cause=closed)
