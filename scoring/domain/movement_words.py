"""A cause of movement as a reader hears it; the account's name stands before the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from intake.domain.vocabulary import DemandKind
from scoring.domain.day_parts import DayPart
from scoring.domain.movement import Cause, CauseKind, DaySide
from scoring.domain.records import Key
from scoring.domain.rounding import to_plain


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the two days, by key.

    `opportunities`: names. `endings`: won or lost, of opportunities that are over. `came` and
    `left`: an account's other issues that did so in between, as in "#12 was closed".
    """

    opportunities: Mapping[Key, str] = field(default_factory=dict)
    endings: Mapping[Key, str] = field(default_factory=dict)
    came: Mapping[Key, str] = field(default_factory=dict)
    left: Mapping[Key, str] = field(default_factory=dict)


def tell_cause(cause: Cause, before: DaySide, after: DaySide, around: Surroundings) -> str:
    """Half a sentence without capital or full stop, but for amounts."""
    if cause.kind == CauseKind.WEIGHT:
        return _tell_weight(before.weight, after.weight)
    if cause.kind == CauseKind.MANUAL:
        return "a value set by a person"
    if cause.kind == CauseKind.LINK_NEW:
        assert cause.after is not None
        return f"new link, {_tell_link(cause.after, around)}"
    if cause.kind == CauseKind.LINK_GONE:
        assert cause.before is not None
        return _tell_gone(cause.before, around)
    assert cause.before is not None
    assert cause.after is not None
    return _tell_change(cause.kind, cause.before, cause.after, around)


def _tell_weight(before: int | None, after: int | None) -> str:
    if before is None:
        return f"weight added: {after}"
    return "weight taken away" if after is None else f"weight {before} → {after}"


def _tell_link(part: DayPart, around: Surroundings) -> str:
    if part.key.kind == DemandKind.RETENTION:
        return f"{part.points} of its {part.pool_points} points"
    if part.key.opportunity is None:
        return "to use more; no open opportunity, so no money"
    name = _name(part, around)
    return f"{part.points} of {part.pool_points} points of {name}"


def _tell_gone(part: DayPart, around: Surroundings) -> str:
    opportunity = part.key.opportunity
    if opportunity is None:
        return "no longer asks for this"
    if ending := around.endings.get(opportunity):
        return f"{_name(part, around)} was {ending}"
    return f"no longer asks for this with {_name(part, around)}"


def _tell_change(kind: CauseKind, old: DayPart, new: DayPart, around: Surroundings) -> str:
    if kind == CauseKind.POINTS:
        return f"points{_name_pool(old, around)} {old.points} → {new.points}"
    if kind == CauseKind.POOL:
        return _tell_pool(old, new, around)
    if kind == CauseKind.MONEY:
        is_retention = old.key.kind == DemandKind.RETENTION
        whose = "ARR" if is_retention else f"net ARR of {_name(old, around)}"
        return f"{whose} {_write_money(old.pool_money)} → {_write_money(new.pool_money)}"
    factors = f"multiplier {_write(old.multiplier)} → {_write(new.multiplier)}"
    return f"{_compare_reasons(old.reason, new.reason)}, so {factors}"


def _tell_pool(old: DayPart, new: DayPart, around: Surroundings) -> str:
    is_less = new.pool_points < old.pool_points
    others = f"{old.pool_points - old.points} → {new.pool_points - new.points}"
    which = f"{'fewer' if is_less else 'more'} points{_name_pool(old, around)}"
    moved = (around.left if is_less else around.came).get(old.key.account, "")
    because = f": {moved}" if moved and old.key.opportunity is None else ""
    return f"{which} on its other issues, {others}{because}"


def _name_pool(part: DayPart, around: Surroundings) -> str:
    return f" of {_name(part, around)}" if part.key.kind == DemandKind.GROWTH else ""


def _compare_reasons(old: str, new: str) -> str:
    """Only what differs: "health yellow → red", "renewal in 13 months → 12 months"."""
    differing = [
        f"{then} → {_drop_shared(then, now)}"
        for then, now in zip(old.split(", "), new.split(", "), strict=False)
        if then != now
    ]
    return ", ".join(differing) or "the weights were changed"


def _drop_shared(then: str, now: str) -> str:
    """The second of two phrases without the words that both begin with."""
    first, second = then.split(), now.split()
    shared = 0
    while shared < min(len(first), len(second)) - 1 and first[shared] == second[shared]:
        shared += 1
    return " ".join(second[shared:])


def _name(part: DayPart, around: Surroundings) -> str:
    name = around.opportunities.get(part.key.opportunity or 0, "")
    return f"opportunity “{name}”" if name else "an opportunity"


def _write_money(amount: Decimal) -> str:
    return f"{amount:,.0f}"


def _write(factor: Decimal) -> str:
    return to_plain(Fraction(factor))
