"""Why an issue's priority on one day differs from that on another, cause by cause.

Each link's change is taken apart step by step: its own points, the points of the account's other
links, the money, the multiplier. The effects sum to the whole change of the links' priority.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring.domain.day_parts import DayPart, PartKey

ROUNDING = Fraction(2, 100)  # a day keeps its priority in cents


class CauseKind(StrEnum):
    WEIGHT = "weight"
    LINK_NEW = "link new"
    LINK_GONE = "link gone"
    POINTS = "points"
    POOL = "pool"
    MONEY = "money"
    MULTIPLIER = "multiplier"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class DaySide:
    """One issue on one day. `priority` in yearly money, None without a score that day.

    `parts` may leave out the links that are the same on both days.
    """

    priority: Decimal | None = None
    weight: int | None = None
    parts: tuple[DayPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """`effect` on the priority, in yearly money; 0 for a weight, which divides it.

    `before` and `after` are the link on either day, as far as this cause goes.
    """

    kind: CauseKind
    effect: Fraction = Fraction()
    key: PartKey | None = None
    before: DayPart | None = None
    after: DayPart | None = None


def explain_change(before: DaySide, after: DaySide) -> list[Cause]:
    """The greatest effect first; a changed weight before all."""
    causes = list(_compare_links(before, after))
    whole = Fraction(after.priority or 0) - Fraction(before.priority or 0)
    by_links = sum((cause.effect for cause in causes), Fraction())
    if abs(whole - by_links) > ROUNDING:  # what no link explains, a person's value does
        causes.append(Cause(CauseKind.MANUAL, whole - by_links))
    causes.sort(key=lambda cause: -abs(cause.effect))
    return [*_compare_weights(before, after), *causes]


def _compare_weights(before: DaySide, after: DaySide) -> Iterator[Cause]:
    is_on_both = before.priority is not None and after.priority is not None
    if is_on_both and before.weight != after.weight:
        yield Cause(CauseKind.WEIGHT)


def _compare_links(before: DaySide, after: DaySide) -> Iterator[Cause]:
    then = {part.key: part for part in before.parts}
    now = {part.key: part for part in after.parts}
    for key in [*now, *(key for key in then if key not in now)]:
        old, new = then.get(key), now.get(key)
        if old == new:
            continue
        if old is None:
            assert new is not None
            yield Cause(CauseKind.LINK_NEW, new.priority, key, None, new)
        elif new is None:
            yield Cause(CauseKind.LINK_GONE, -old.priority, key, old, None)
        else:
            yield from _compare_link(old, new)


def _compare_link(old: DayPart, new: DayPart) -> Iterator[Cause]:
    """One thing after the other, each with what it does to what the one before left."""
    own = new.points - old.points
    pool = old.pool_points + own if old.pool_points else 0
    steps = (
        (CauseKind.POINTS, {"points": new.points, "pool_points": pool}),
        (CauseKind.POOL, {"pool_points": new.pool_points}),
        (CauseKind.MONEY, {"pool_money": new.pool_money}),
        (CauseKind.MULTIPLIER, {"multiplier": new.multiplier, "reason": new.reason}),
    )
    here = old
    for kind, changes in steps:
        there = replace(here, **changes)
        if is_told(kind, here, there):
            yield Cause(kind, there.priority - here.priority, old.key, here, there)
        here = there


def is_told(kind: CauseKind, here: DayPart, there: DayPart) -> bool:
    """A month that goes by without another multiplier is no cause."""
    if kind == CauseKind.MULTIPLIER:
        return here.multiplier != there.multiplier
    if kind == CauseKind.POINTS:
        return here.points != there.points
    return here != there
