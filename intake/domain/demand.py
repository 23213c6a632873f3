"""Several submissions of one account on one issue are one link, with the highest points."""

from collections.abc import Iterable
from dataclasses import dataclass

from intake.domain.vocabulary import DemandKind, Intent


@dataclass(frozen=True, slots=True)
class Ask:
    """One open submission: its intent, its points (1..10) and the opportunity it is about."""

    intent: str
    points: int
    opportunity: int | None
    is_won: bool  # the opportunity was won: what was growth is revenue to keep


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A growth row without an opportunity counts as demand and carries no money."""

    kind: DemandKind
    opportunity: int | None
    points: int


def count_demand(asks: Iterable[Ask]) -> list[DemandRow]:
    """At most one retention row, and one growth row for each opportunity."""
    highest: dict[tuple[DemandKind, int | None], int] = {}
    for ask in asks:
        for key in _keys(ask):
            highest[key] = max(highest.get(key, 0), ask.points)
    rows = [DemandRow(kind, opportunity, points) for (kind, opportunity), points in highest.items()]
    return sorted(rows, key=lambda row: (row.kind, row.opportunity or 0))


def _keys(ask: Ask) -> Iterable[tuple[DemandKind, int | None]]:
    if ask.intent != Intent.EXPAND or ask.is_won:
        yield DemandKind.RETENTION, None
    if ask.intent in {Intent.EXPAND, Intent.BOTH} and not ask.is_won:
        yield DemandKind.GROWTH, ask.opportunity
