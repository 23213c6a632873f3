"""Writing history: one event, the mail it owes, and the state the customer is told."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from intake.domain.progress import IssueFacts, Progress, RequestFacts, tell_progress
from intake.domain.vocabulary import Decision, PublicState, Trouble
from intake.models import Event, EventKind, Issue, Submission
from intake.pipeline.owe_mail import owe_mail
from portal.models import User

REVIEW_AFTER = timedelta(days=90)
QUIET_STATES = frozenset({PublicState.RECEIVED, PublicState.UNDER_REVIEW, PublicState.WITHDRAWN})


def record_event(
    submission: Submission,
    kind: EventKind,
    *,
    now: datetime,
    by: User | None = None,
    text: str = "",
    facts: dict[str, Any] | None = None,
    is_public: bool = False,
) -> Event:
    """Append one event. Call it inside the transaction that makes the event true."""
    return Event.objects.create(
        submission=submission,
        kind=kind,
        at=now,
        actor=by,
        actor_name=str(by) if by else "",
        text=text,
        facts=facts or {},
        is_public=is_public,
    )


def read_progress(submission: Submission) -> Progress:
    issue = submission.issue
    facts = RequestFacts(
        stage=submission.stage,
        decision=submission.decision,
        is_withdrawn=submission.is_withdrawn,
        is_asked=submission.asked_at is not None,
        outcome=submission.outcome,
        state=submission.public_state,
        release=submission.release,
        issue=_issue_facts(issue) if issue else None,
        is_search_away=submission.trouble == Trouble.INDEX_AWAY,
    )
    return tell_progress(facts)


def _issue_facts(issue: Issue) -> IssueFacts:
    return IssueFacts(
        is_closed=issue.is_closed,
        labels=issue.labels,
        milestone=issue.milestone,
        is_milestone_closed=issue.is_milestone_closed,
    )


def update_progress(
    submission: Submission, *, now: datetime, cause: Event | None = None, owes_mail: bool = True
) -> bool:
    """Save the state that holds now. A change of it is told once: by `cause`, the act that led
    to it, or by an event of its own when the issue moved by itself. True when it changed."""
    told = (submission.public_state, submission.release)
    progress = read_progress(submission)
    submission.public_state, submission.release = progress.state, progress.release[:60]
    submission.needs_reason = progress.needs_reason
    if progress.state in {PublicState.JOINED, PublicState.CONSIDERED}:
        submission.review_on = submission.review_on or localdate(now + REVIEW_AFTER)
    elif submission.decision != Decision.PENDING:
        submission.review_on = None
    changed = told != (submission.public_state, submission.release)
    if changed:
        event = _tell(submission, cause, now=now)
        if event and owes_mail:
            owe_mail(event, now=now)
    submission.updated_at = now
    submission.save()
    return changed


def _tell(submission: Submission, cause: Event | None, *, now: datetime) -> Event | None:
    """The event that tells the new state; None for one that is only shown."""
    if submission.public_state in QUIET_STATES and cause is None:
        return None
    facts = {"state": submission.public_state, "release": submission.release}
    submission.first_told_at.setdefault(submission.public_state, now.isoformat())
    if cause is None:
        event = record_event(submission, EventKind.PROGRESSED, now=now, facts=facts, is_public=True)
    else:
        event = cause
        event.facts |= facts
        event.save(update_fields=["facts"])
    if event.actor is None or event.actor.is_staff:
        submission.last_word_at = now
    return event
