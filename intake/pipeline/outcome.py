"""How one run over a submission ended, and when the next one is.

`due_at` is the claim: it was moved to `claimed` when the run began. Whoever wants another run
meanwhile moves it again, and then the end of this run must not clear it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from intake.domain.retry import wait_before_retry
from intake.domain.vocabulary import Trouble
from intake.models import Submission
from intake.pipeline.record import update_progress

PROCESS_LEASE = timedelta(minutes=6)  # beyond the hard time limit of a task
MOST_CRASHES = 5
ASK_AGAIN = timedelta(days=1)


def claim_submission(pk: int, *, now: datetime) -> datetime | None:
    """The claim's end, or None when there is nothing to do or somebody else has it.

    A row that killed its workers again and again is put before a person instead.
    """
    claimed = now + PROCESS_LEASE
    if not Submission.objects.claim(pk, now=now, until=claimed):
        return None
    crashed = Submission.objects.filter(pk=pk, attempts__gt=MOST_CRASHES)
    if crashed.update(trouble=Trouble.GAVE_UP, due_at=None):
        return None
    return claimed


def end_orderly(pk: int, claimed: datetime) -> None:
    """Done for now. A request without an account asks Salesforce again tomorrow."""
    rows = Submission.objects.filter(pk=pk)
    rows.update(attempts=0, failures=0)
    rows.filter(trouble__in=_WAITING).update(trouble=Trouble.NONE, trouble_detail="")
    mine = rows.filter(due_at=claimed)
    mine.filter(trouble=Trouble.NO_ACCOUNT).update(due_at=claimed + ASK_AGAIN)
    mine.filter(due_at=claimed).exclude(trouble=Trouble.NO_ACCOUNT).update(due_at=None)


_WAITING = (
    Trouble.SALESFORCE_AWAY,
    Trouble.GITLAB_AWAY,
    Trouble.INDEX_AWAY,
    Trouble.GAVE_UP,
)


def come_back(pk: int, claimed: datetime, *, at: datetime) -> None:
    """Another worker is writing, or may still be: look again then."""
    rows = Submission.objects.filter(pk=pk)
    rows.update(attempts=0)
    rows.filter(due_at=claimed).update(due_at=at)


def wait_for(
    pk: int,
    claimed: datetime,
    trouble: Trouble,
    *,
    now: datetime,
    retry_after: timedelta | None = None,
) -> None:
    """Something is away: the stage is kept, and the row comes back by itself, as late as the
    service asked or a little later each time."""
    rows = Submission.objects.filter(pk=pk)
    failures = rows.get().failures + 1
    rows.update(attempts=0, failures=failures, trouble=trouble, trouble_detail="")
    rows.filter(due_at=claimed).update(due_at=now + (retry_after or wait_before_retry(failures)))


def leave_to_people(pk: int, claimed: datetime, *, now: datetime) -> None:
    """There is nothing to search in: a person reviews the request, unless the index is first."""
    wait_for(pk, claimed, Trouble.INDEX_AWAY, now=now)
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
        update_progress(row, now=now)


def ask_a_person(pk: int, claimed: datetime, trouble: Trouble, detail: str) -> None:
    """This one object is refused or gone: nothing more happens until somebody looks."""
    rows = Submission.objects.filter(pk=pk)
    rows.update(attempts=0, failures=0, trouble=trouble, trouble_detail=detail[:300])
    rows.filter(due_at=claimed).update(due_at=None)


def find_due(*, now: datetime, most: int) -> list[int]:
    """The requests that have waited longest for the machine.

    Among them those withdrawn while their issue was being opened: it has to be closed.
    """
    Submission.objects.filter(
        withdrawn_at__isnull=False, issue_lease_until__lte=now, due_at=None
    ).exclude(trouble=Trouble.GAVE_UP).update(due_at=now)
    due = Submission.objects.due(now).order_by("due_at")
    return list(due.values_list("pk", flat=True)[:most])
