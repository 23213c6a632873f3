"""The moment of a decision: taken once, under the row's lock, whoever decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.actions.doorbell import ring_for_link, ring_for_mail, ring_for_submission
from intake.actions.refusals import AlreadyDecided, TooLate
from intake.domain.vocabulary import Decider, Decision, Stage, Trouble
from intake.models import Candidate, CustomerLink, Issue, Submission
from portal.models import User


@contextmanager
def locked(submission: Submission) -> Iterator[tuple[Submission, datetime]]:
    """The row as it is now, locked until the block ends, and the time of the act.

    The caller's own object is refreshed afterwards, so that it shows what was done.
    """
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        row.issue  # noqa: B018  loaded here, used by the progress rules
        yield row, timezone.now()
    submission.refresh_from_db()


def require_open(row: Submission) -> None:
    if row.is_withdrawn:
        raise TooLate("The customer has withdrawn this request.")


def require_undecided(row: Submission) -> None:
    require_open(row)
    if row.is_decided:
        raise AlreadyDecided(_who_decided(row))


def require_joinable(issue: Issue) -> None:
    if issue.is_gone or issue.project.is_lost:
        raise TooLate("That issue is gone from GitLab, or hidden from us. Choose another one.")


def _who_decided(row: Submission) -> str:
    if row.decided_by_kind == Decider.RULE or row.decided_by is None:
        return "the portal"
    return str(row.decided_by)


def decide(row: Submission, decision: Decision, *, kind: Decider, by: User, now: datetime) -> None:
    """Put a decision on the row, unsaved; a person's decision is also the first answer."""
    row.decision = decision
    row.decided_by_kind = kind
    row.decided_by, row.decided_at = by, now
    row.asked_at = row.contested_at = None
    if kind == Decider.PERSON:
        row.answered_at = row.answered_at or now
        row.checked_at = now
    forget_trouble(row)
    wake(row, now=now)


def forget_trouble(row: Submission) -> None:
    """What went wrong with the issue before does not hold for the next one."""
    if row.trouble in {Trouble.ISSUE_GONE, Trouble.GITLAB_REFUSED}:
        row.trouble, row.trouble_detail = Trouble.NONE, ""


def wake(row: Submission, *, now: datetime) -> None:
    """The row has work for the machine; the doorbell rings when the transaction commits."""
    row.due_at = now
    row.attempts = row.failures = 0
    if row.trouble == Trouble.GAVE_UP:  # it is tried again
        row.trouble, row.trouble_detail = Trouble.NONE, ""
    ring_for_submission(row)
    transaction.on_commit(ring_for_mail)


def answer_candidate(
    row: Submission, issue: Issue, answer: Candidate.Answer, *, by: User, now: datetime
) -> None:
    """Keep what people say about a pair: it also teaches the matcher."""
    Candidate.objects.update_or_create(
        submission=row,
        issue=issue,
        defaults={"answer": answer, "answered_by": by, "answered_at": now},
        create_defaults={
            "answer": answer,
            "answered_by": by,
            "answered_at": now,
            "rank": 0,
            "score": 0.0,
            "verdict": "none",
            "matcher_version": "by hand",
        },
    )


def let_go(row: Submission, *, now: datetime) -> None:
    """Untie the row from its issue. The link's note is settled by the worker: taken back when
    no other open submission holds it."""
    link_id = row.link_id
    row.issue = row.link = None
    if row.stage != Stage.RECEIVED:  # otherwise it was decided before it was searched for
        row.stage = Stage.ACCOUNT_RESOLVED if row.account_id else Stage.MATCHED
    if link_id:
        release_link(link_id, now=now)


def release_link(link_id: int, *, now: datetime) -> None:
    CustomerLink.objects.filter(pk=link_id).update(due_at=now)
    ring_for_link(CustomerLink(pk=link_id))
