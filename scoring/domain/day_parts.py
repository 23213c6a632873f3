"""What a day keeps of each customer link's part of a score, for a later day to be compared with.

Kept short, as a list and not as names with values: there is one for every link and every day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from intake.domain.vocabulary import DemandKind
from scoring.domain.records import Key

COLUMNS = (
    "account",
    "kind",
    "opportunity",
    "points",
    "pool_points",
    "pool_money",
    "multiplier",
    "reason",
)


class PartKey(NamedTuple):
    """Which of an issue's links it is."""

    account: Key
    kind: DemandKind
    opportunity: Key | None


@dataclass(frozen=True, slots=True)
class DayPart:
    """`points` of `pool_points` of `pool_money`, times `multiplier` for `reason`.

    `pool_money` is a yearly amount; `pool_points` is 0 for growth without an opportunity.
    """

    key: PartKey
    points: int
    pool_points: int
    pool_money: Decimal
    multiplier: Decimal
    reason: str

    @property
    def share(self) -> Fraction:
        if not self.pool_points:
            return Fraction()
        return Fraction(self.pool_money) * self.points / self.pool_points

    @property
    def priority(self) -> Fraction:
        return self.share * Fraction(self.multiplier)


def write_day_parts(parts: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """From the objects that a score keeps of its links (`IssueScore.parts`); fit for JSON."""
    return [[part[name] for name in COLUMNS] for part in parts]


def read_day_parts(rows: Iterable[Sequence[Any]]) -> tuple[DayPart, ...]:
    """What `write_day_parts` wrote."""
    return tuple(_read(dict(zip(COLUMNS, row, strict=True))) for row in rows)


def read_differing(
    before: Iterable[Sequence[Any]], after: Iterable[Sequence[Any]]
) -> tuple[tuple[DayPart, ...], tuple[DayPart, ...]]:
    """Of two days' rows those that are not the same on both."""
    then, now = [tuple(row) for row in before], [tuple(row) for row in after]
    same = {*then} & {*now}
    return (
        read_day_parts(row for row in then if row not in same),
        read_day_parts(row for row in now if row not in same),
    )


def _read(row: Mapping[str, Any]) -> DayPart:
    return DayPart(
        key=PartKey(row["account"], DemandKind(row["kind"]), row["opportunity"]),
        points=row["points"],
        pool_points=row["pool_points"],
        pool_money=Decimal(row["pool_money"]),
        multiplier=Decimal(row["multiplier"]),
        reason=row["reason"],
    )
