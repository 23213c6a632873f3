"""What one account asks of one issue, in requests and by people's links: the highest points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intake.domain.vocabulary import CrosswalkRow, DemandKind, Intent, Urgency

Crosswalk = Mapping[str, CrosswalkRow]
GRAVEST = "P0"


@dataclass(frozen=True, slots=True)
class Ask:
    """One open submission or one found link: its intent, its points (1..10), the opportunity it is
    about, and what the other models need: value and pilot urgency 1..3, severity P0..P2."""

    intent: str
    points: int
    opportunity: int | None
    is_won: bool  # the opportunity was won: what was growth is revenue to keep
    value: int = 1
    pilot_urgency: int = 1
    severity: str = "P2"


@dataclass(frozen=True, slots=True)
class DemandRow:
    """Each figure is the highest among the asks of that kind. A growth row without an opportunity
    counts as demand and carries no money."""

    kind: DemandKind
    opportunity: int | None
    points: int
    value: int = 1
    pilot_urgency: int = 1
    severity: str = "P2"


def read_crosswalk_table(table: Mapping[str, Mapping[str, int | str]]) -> dict[str, CrosswalkRow]:
    """A stored version's table. Raises KeyError for a column that is not there."""
    return {
        urgency: CrosswalkRow(
            points=int(row["points"]),
            severity=str(row["severity"]),
            value=int(row["value"]),
            pilot_urgency=int(row["pilot_urgency"]),
        )
        for urgency, row in table.items()
    }


def decide_points(*, override: int | None, hand_set: int | None, answer: int) -> int:
    """A TAM's override wins, then the label set by hand in GitLab, then the customer's answer."""
    return override or hand_set or answer


def grade_severity(urgency: str, row: CrosswalkRow, *, has_workaround: bool) -> str:
    """A blocker that nobody can work around is a dealbreaker."""
    return GRAVEST if urgency == Urgency.BLOCKER and not has_workaround else row.severity


def reach_row(points: int, crosswalk: Crosswalk) -> CrosswalkRow:
    """The highest row whose points are reached; the lowest of all when none is."""
    rows = sorted(crosswalk.values(), key=lambda row: (row.points, row.value, row.pilot_urgency))
    return next((row for row in reversed(rows) if row.points <= points), rows[0])


def count_demand(asks: Iterable[Ask]) -> list[DemandRow]:
    """At most one retention row, and one growth row for each opportunity."""
    rows: dict[tuple[DemandKind, int | None], DemandRow] = {}
    for ask in asks:
        for key in _keys(ask):
            rows[key] = _raise(rows.get(key), _make(*key, ask))
    return sorted(rows.values(), key=lambda row: (row.kind, row.opportunity or 0))


def _make(kind: DemandKind, opportunity: int | None, ask: Ask) -> DemandRow:
    return DemandRow(kind, opportunity, ask.points, ask.value, ask.pilot_urgency, ask.severity)


def _raise(before: DemandRow | None, row: DemandRow) -> DemandRow:
    if before is None:
        return row
    return DemandRow(
        row.kind,
        row.opportunity,
        max(before.points, row.points),
        max(before.value, row.value),
        max(before.pilot_urgency, row.pilot_urgency),
        min(before.severity, row.severity),  # as text, the gravest comes first
    )


def _keys(ask: Ask) -> Iterable[tuple[DemandKind, int | None]]:
    if ask.intent != Intent.EXPAND or ask.is_won:
        yield DemandKind.RETENTION, None
    if ask.intent in {Intent.EXPAND, Intent.BOTH} and not ask.is_won:
        yield DemandKind.GROWTH, ask.opportunity
