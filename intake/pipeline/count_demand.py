"""Customer links whose demand is to be counted again: after a link was found or vanished, an
opportunity opened, was won or lost, or the crosswalk has a new version.

What is to be counted stands in the rows (`counted_with`), so a run that is cut short goes on.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q

from intake.models import CustomerLink, Demand, FoundLink, NoteState, Submission
from intake.pipeline.demand import read_crosswalk, recount_links
from intake.pipeline.find_links import resolve_found
from intake.pipeline.only_opportunity import GROWING, find_choosable
from portal.models import Job, Opportunity

Clock = Callable[[], datetime]
JOB = "count_demand"
BATCH = 500
WON = Q(opportunity__is_closed=True, opportunity__is_won=True)


def count_due_demand(
    *,
    clock: Clock,
    is_over: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda done: None,
) -> bool:
    """True when every link is counted with the crosswalk in force; False when it ended before.

    A note of ours whose priority changes is due to be written again.
    """
    resolve_found(now=clock())
    _look_at_opportunities()
    done, last = 0, 0
    while links := _find_due(after=last):
        changed = recount_links(links, now=clock())
        ours = CustomerLink.objects.filter(pk__in=changed, note_state=NoteState.POSTED)
        ours.update(due_at=clock())
        done, last = done + len(links), links[-1]
        tell(done)
        if is_over():
            return False
    return True


def _find_due(*, after: int) -> list[int]:
    """By key, so that no batch looks again at what the ones before have counted."""
    due = CustomerLink.objects.filter(counted_with__lt=read_crosswalk().number, pk__gt=after)
    return list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _look_at_opportunities() -> None:
    """Only after one of them changed. The number of those that changed last is looked at too:
    one refresh gives all its rows the same time, and may not be through yet."""
    newest = Opportunity.objects.aggregate(at=Max("changed_at"))["at"]
    if newest is None:
        return
    rows = Opportunity.objects.filter(changed_at=newest).aggregate(number=Count("pk"))
    cursor = {"opportunities": f"{newest.isoformat()} {rows['number']}"}
    job, _ = Job.objects.get_or_create(pk=JOB)
    if job.cursor == cursor:
        return
    for links in _find_outdated():
        CustomerLink.objects.filter(links).update(counted_with=0)
    Job.objects.filter(pk=JOB).update(cursor=cursor)


def _find_outdated() -> list[Q]:
    """Growth of an opportunity that was won; an open or lost one without its row; and requests
    whose account has exactly one open opportunity by now."""
    growth = Demand.objects.filter(opportunity=OuterRef("opportunity"))
    asked = (
        Submission.objects.open()
        .filter(link__isnull=False, intent__in=GROWING, opportunity__isnull=False)
        .exclude(WON)
        .filter(~Exists(growth.filter(link=OuterRef("link"))))
    )
    theirs = growth.filter(link__issue=OuterRef("counts_on"), link__account=OuterRef("account"))
    found = FoundLink.objects.filter(opportunity__isnull=False).exclude(WON)
    places = found.filter(~Exists(theirs)).values("counts_on")
    return [
        Q(pk__in=Demand.objects.filter(WON).values("link")),
        Q(pk__in=asked.values("link")),
        Q(issue__in=places),
        Q(pk__in=find_choosable().values("link")),
    ]
