"""Score buckets by the stored scores: what `labels.fill_buckets` says, group by group."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count

from scoring.domain.weights import Weights
from scoring.models import IssueScore

TABLE = IssueScore._meta.db_table
IN_GROUP = '"group" = %s AND "type" = %s AND weighted IS NOT NULL'
BOUND = f"(SELECT weighted FROM {TABLE} WHERE {IN_GROUP} ORDER BY weighted DESC LIMIT 1 OFFSET %s)"  # noqa: S608  # nosec B608
AT_A_TIME = 100  # scalar subqueries in one statement

Group = tuple[str, str]  # group and type


def fill_buckets(groups: Collection[Group], weights: Weights) -> None:
    """Write the buckets of these groups where they differ; a handful of statements a group."""
    names = sorted(groups)
    rows = IssueScore.objects.filter(
        group__in={group for group, _ in names}, weighted__isnull=False
    )
    # Of rows, not of keys: the index has all that this needs.
    counted = rows.values_list("group", "type").annotate(size=Count("*")).order_by()
    sizes = {(group, kind): size for group, kind, size in counted}
    asked = [(name, place) for name in names for place in _list_places(sizes.get(name, 0), weights)]
    bounds: dict[Group, list[Any]] = {name: [] for name in names}
    for (name, _), bound in zip(asked, _read_bounds(asked), strict=True):
        bounds[name].append(bound)
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(*_write_update(name, bounds[name], sizes.get(name, 0), weights))


def _list_places(size: int, weights: Weights) -> Iterator[int]:
    """A score is in bucket k or a later one when at least ⌈(k − 1) × n / buckets⌉ of the n scores
    are greater, so when it is below the score at that place."""
    if size >= weights.minimum_group:
        for bucket in range(2, weights.buckets + 1):
            yield -(-(bucket - 1) * size // weights.buckets)


def _read_bounds(asked: Sequence[tuple[Group, int]]) -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for start in range(0, len(asked), AT_A_TIME):
            part = asked[start : start + AT_A_TIME]
            values = [value for name, place in part for value in (*name, place - 1)]
            cursor.execute("SELECT " + ", ".join([BOUND] * len(part)), values)
            found += cursor.fetchone()
    return found


def _write_update(
    name: Group, bounds: Sequence[Any], size: int, weights: Weights
) -> tuple[str, list[Any]]:
    if size < weights.minimum_group:
        sql = f'UPDATE {TABLE} SET bucket = NULL WHERE "group" = %s AND "type" = %s'  # noqa: S608  # nosec B608
        return f"{sql} AND bucket IS NOT NULL", [*name]
    last = len(bounds) + 1
    whens = " ".join(f"WHEN weighted < %s THEN {last - place}" for place in range(len(bounds)))
    bucket = f"CASE {whens} ELSE 1 END" if bounds else "1"
    below = list(reversed(bounds))
    differs = f"(bucket IS NULL OR bucket <> {bucket})"
    sql = f"UPDATE {TABLE} SET bucket = {bucket} WHERE {IN_GROUP} AND {differs}"  # noqa: S608  # nosec B608
    return sql, [*below, *name, *below]
