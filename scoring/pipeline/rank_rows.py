"""Ranks and buckets of the issues that a change did not touch, moved to make room.

A change of one issue may shift thousands of ranks by one: they are moved where they lie, in
one statement, and only those that differ.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.db.models import Max

from scoring.domain.standing import LAST
from scoring.models import IssueScore

AT_A_TIME = 200  # scalar subqueries in one statement
TABLE = IssueScore._meta.db_table


@dataclass(frozen=True, slots=True)
class Shift:
    """All ranks from `first` to `last` move by `by`."""

    first: int
    last: int
    by: int


def make_room(
    before: Mapping[int, int | None], standings: Mapping[int, str]
) -> dict[int, int | None]:
    """Move the ranks of all other issues; returns those that the touched ones take.

    `before` has the ranks of all issues whose rows will be written or dropped, `standings` those
    of the issues that have a rank from now on. Call it before either, inside their transaction.
    """
    left = sorted(rank for rank in before.values() if rank is not None)
    total = IssueScore.objects.aggregate(last=Max("rank"))["last"] or 0
    IssueScore.objects.filter(issue__in=before).update(rank=None)
    order = sorted(standings, key=standings.__getitem__)
    behind = _find_ranks_behind([standings[issue] for issue in order])
    taken = [total + 1 if rank is None else rank for rank in behind]
    _move(list(_list_shifts(left, taken, total)))
    ranks: dict[int, int | None] = dict.fromkeys(before)
    for place, (issue, rank) in enumerate(zip(order, taken, strict=True)):
        ranks[issue] = rank - bisect_left(left, rank) + place
    return ranks


def _find_ranks_behind(standings: Sequence[str]) -> list[int | None]:
    """For each, the rank of the next issue behind it; None for the last."""
    subquery = (
        f"(SELECT rank FROM {TABLE} WHERE standing > %s AND standing < %s"  # noqa: S608  # nosec B608
        " AND rank IS NOT NULL ORDER BY standing LIMIT 1)"
    )
    found: list[int | None] = []
    with connection.cursor() as cursor:
        for start in range(0, len(standings), AT_A_TIME):
            part = standings[start : start + AT_A_TIME]
            values = [value for standing in part for value in (standing, LAST)]
            cursor.execute("SELECT " + ", ".join([subquery] * len(part)), values)
            found += cursor.fetchone()
    return found


def _list_shifts(left: Sequence[int], taken: Sequence[int], total: int) -> Iterator[Shift]:
    """A rank moves down by each issue that comes in before it, up by each that has left.

    Both are sorted; the ranks that are taken are those of the issues that make room.
    """
    starts = sorted({*taken, *(rank + 1 for rank in left)})
    for first, behind in pairwise([*starts, total + 1]):
        by = bisect_right(taken, first) - bisect_left(left, first)
        if by and first < behind:
            yield Shift(first, behind - 1, by)


def _move(shifts: Sequence[Shift]) -> None:
    """In SQL of our own: Django takes longer to write this statement than the database to do it."""
    if not shifts:
        return
    spans = " OR ".join(f"rank BETWEEN {first} AND {last}" for first, last in _join_spans(shifts))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET rank = rank + {_choose(shifts)} WHERE {spans}")  # noqa: S608  # nosec B608


def _join_spans(shifts: Sequence[Shift]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for shift in shifts:
        if spans and spans[-1][1] + 1 == shift.first:
            spans[-1] = (spans[-1][0], shift.last)
        else:
            spans.append((shift.first, shift.last))
    return spans


def _choose(shifts: Sequence[Shift]) -> str:
    """By halves: a row asks seven questions among a hundred shifts, not fifty."""
    if len(shifts) == 1:
        return f"({shifts[0].by})"
    middle = len(shifts) // 2
    first, rest = _choose(shifts[:middle]), _choose(shifts[middle:])
    return f"CASE WHEN rank < {shifts[middle].first} THEN {first} ELSE {rest} END"
