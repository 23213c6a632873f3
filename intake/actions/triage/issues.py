"""Tie a request to an issue: one that exists, or a new one."""

from uuid import uuid4

from django.db import transaction

from intake.actions.decide import (
    answer_candidate,
    decide,
    locked,
    require_joinable,
    require_open,
    require_undecided,
)
from intake.actions.doorbell import ring_for_mail
from intake.actions.refusals import AlreadyDecided, TooLate
from intake.actions.triage.permission import require_triage_of
from intake.domain.vocabulary import Decider, Decision
from intake.models import Candidate, EventKind, Issue, Submission
from intake.pipeline.owe_mail import owe_mail
from intake.pipeline.record import record_event, update_progress
from portal.models import User


def join(submission: Submission, *, issue: Issue, by: User) -> None:
    """This issue is the wish. Raises AlreadyDecided when somebody was faster."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_undecided(row)
        target = issue.successor or issue
        require_joinable(target)
        row.issue = target
        decide(row, Decision.JOINED, kind=Decider.PERSON, by=by, now=now)
        answer_candidate(row, target, Candidate.Answer.SAME, by=by, now=now)
        joined = record_event(
            row,
            EventKind.JOINED,
            now=now,
            by=by,
            facts={"issue": f"#{target.iid}"},
            is_public=True,
        )
        update_progress(row, now=now, cause=joined)


def reject(submission: Submission, *, issue: Issue, by: User) -> None:
    """This issue is another wish; it is not offered again for this request."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_open(row)
        if row.issue_id == issue.pk:
            raise AlreadyDecided(str(row.decided_by or "the portal"))
        answer_candidate(row, issue, Candidate.Answer.OTHER, by=by, now=now)
        record_event(row, EventKind.REJECTED, now=now, by=by, facts={"issue": f"#{issue.iid}"})


def create_issue(submission: Submission, *, by: User) -> None:
    """Nothing like it exists: the worker opens a confidential issue from the template."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_undecided(row)
        row.is_issue_wanted = True
        row.issue_marker = row.issue_marker or uuid4()
        decide(row, Decision.NEW_ISSUE, kind=Decider.PERSON, by=by, now=now)
        wanted = record_event(row, EventKind.ISSUE_WANTED, now=now, by=by, is_public=True)
        update_progress(row, now=now, cause=wanted)


def confirm_choice(submission: Submission, *, by: User) -> None:
    """The customer's own choice was right. Also settles "this is not the same thing", and then the
    customer hears of it."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_open(row)
        if row.issue is None:
            raise TooLate("There is no joined issue to confirm.")
        was_contested = row.contested_at is not None
        row.checked_at, row.contested_at = now, None
        row.answered_at = row.answered_at or now
        answer_candidate(row, row.issue, Candidate.Answer.SAME, by=by, now=now)
        checked = record_event(row, EventKind.CHECKED, now=now, by=by, is_public=was_contested)
        if was_contested:
            row.last_word_at = now
            owe_mail(checked, now=now)
            transaction.on_commit(ring_for_mail)
        update_progress(row, now=now)
