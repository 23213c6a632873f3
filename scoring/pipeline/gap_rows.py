"""The places at the head of the gap ranking, whatever model is active.

Each place depends on all the other issues; they are found from the figures that scores keep.
"""

from collections.abc import Sequence
from heapq import nsmallest
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.models import Issue
from scoring.domain.gap_ranking import NEXT_IN_LINE, TOP, GapRanks, rank_averaged
from scoring.domain.parts_text import write_gap
from scoring.models import IssueScore

PLACES = TOP + NEXT_IN_LINE
FIGURES = ("pk", "impacted_arr", "accounts", "strategic_accounts", "p0_accounts")
Row = tuple[Any, ...]  # FIGURES


def rank_gaps() -> int:
    """Write the places that are not what the figures say; returns how many rows changed.

    As `gap_ranking.pick_top` has it over the same issues, on money to the cent.
    """
    rows = list(IssueScore.objects.filter(accounts__gt=0).order_by().values_list(*FIGURES))
    places = {
        pk: (place, write_gap(ranks)) for place, (pk, ranks) in enumerate(_pick_top(rows), start=1)
    }
    known = IssueScore.objects.exclude(gap_place=None).values_list("pk", "gap_place", "gap")
    held = {pk: (place, gap) for pk, place, gap in known}
    changed = [pk for pk in {*held, *places} if held.get(pk) != places.get(pk)]
    with transaction.atomic():
        for pk in changed:
            place, gap = places.get(pk, (None, {}))
            IssueScore.objects.filter(pk=pk).update(gap_place=place, gap=gap)
    return len(changed)


def _pick_top(rows: Sequence[Row]) -> list[tuple[int, GapRanks]]:
    """The best by mean rank, then ARR, then accounts; only among equals are ages asked for."""
    ranked = [
        ((ranks.mean, -row[1], -row[2]), row[0], ranks)
        for row, ranks in zip(rows, _rank(rows), strict=True)
    ]
    first = nsmallest(PLACES, ranked, key=lambda entry: entry[0])
    if not first:
        return []
    best = [entry for entry in ranked if entry[0] <= first[-1][0]]
    issues = Issue.objects.filter(pk__in=[pk for _, pk, _ in best])
    born = {
        pk: timezone.localtime(created_at).date()
        for pk, created_at in issues.values_list("pk", "created_at")
    }
    best.sort(key=lambda entry: (entry[0], born[entry[1]], entry[1]))
    return [(pk, ranks) for _, pk, ranks in best[:PLACES]]


def _rank(rows: Sequence[Row]) -> list[GapRanks]:
    """Equal shares make equal floats, different ones different floats: the counts are small."""
    columns = (
        rank_averaged([row[1] for row in rows]),
        rank_averaged([row[2] for row in rows]),
        rank_averaged([row[3] for row in rows]),
        rank_averaged([(row[4] / row[2], row[4]) for row in rows]),
    )
    return [GapRanks(*ranks) for ranks in zip(*columns, strict=True)]
