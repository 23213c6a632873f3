"""The demand that is there already: people's links in GitLab's comments, and what they add up to.

Both go on for a while at a time, because other work waits behind them; what is left stands in the
rows, and they ring for themselves again.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from celery import shared_task
from django.utils import timezone

from intake.pipeline.count_demand import JOB as COUNT_JOB
from intake.pipeline.count_demand import count_due_demand
from intake.pipeline.read_notes import JOB as NOTES_JOB
from intake.pipeline.read_notes import read_due_notes
from portal.celery import is_stopping
from portal.doors import open_gitlab
from portal.timetable import run_job

SECONDS = 20
LEASE = timedelta(minutes=6)  # beyond the hard time limit of a task


@shared_task
def read_notes() -> None:
    """Comments that came or may have been edited; the nightly run asks for all of them."""
    if _go_on(NOTES_JOB, _read_notes, every=timedelta(seconds=4)):
        read_notes.delay()
    count_demand.delay()


def _read_notes(is_over: Callable[[], bool]) -> bool:
    return read_due_notes(gitlab=open_gitlab(), clock=timezone.now, is_over=is_over)


@shared_task
def count_demand() -> None:
    """Links whose points may have changed, all of them after a new version of the crosswalk."""
    if _go_on(COUNT_JOB, _count_demand, every=timedelta(seconds=1)):
        count_demand.delay()


def _count_demand(is_over: Callable[[], bool]) -> bool:
    return count_due_demand(clock=timezone.now, is_over=is_over)


def _go_on(name: str, work: Callable[[Callable[[], bool]], bool], *, every: timedelta) -> bool:
    """True when it ended before all was done, and is to be rung for again."""
    ends_at = monotonic() + SECONDS
    done: list[bool] = []
    run_job(
        name,
        lambda: done.append(work(lambda: monotonic() > ends_at or is_stopping.is_set())),
        every=every,
        lease=LEASE,
    )
    return done == [False] and not is_stopping.is_set()
