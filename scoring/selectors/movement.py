"""What moved between two days, and why: from the scores that each day's snapshot kept."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from intake.models import Issue
from portal.models import User
from scoring.domain.day_parts import DayPart, read_differing
from scoring.domain.movement import DaySide, explain_change
from scoring.models import DayScore
from scoring.selectors.movement_causes import Change, ToldCause, tell_causes
from scoring.selectors.movement_days import Days
from scoring.selectors.movement_sizes import measure_shifts

ROWS = 25
GREATEST, MOST_CAUSES = 4, 30  # told at once, and at all
DIRECTIONS = {
    "": "All changes",
    "up": "Rising",
    "down": "Falling",
    "new": "New",
    "left": "Gone",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One issue on both days; None where it had no number.

    `causes` are the greatest, `lesser` those after them, and `more_causes` are left out.
    `is_untold`: the details of one of the days are not kept any more.
    """

    id: int
    number: str
    title: str
    url: str
    closed_at: datetime | None
    came: bool
    left: bool
    rank_before: int | None
    rank_after: int | None
    score_before: Decimal | None
    score_after: Decimal | None
    priority_before: Decimal | None
    priority_after: Decimal | None
    causes: tuple[ToldCause, ...]
    lesser: tuple[ToldCause, ...]
    more_causes: int
    is_untold: bool

    @property
    def places(self) -> int:
        """Up is above 0; 0 also where there is no rank on either day."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after

    @property
    def drop(self) -> int:
        return -self.places


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Movement:
    """`shifted`: ranked on both days with the same score, but at another place."""

    tabs: tuple[Tab, ...]
    shifted: int
    rows: tuple[Moved, ...]
    has_more: bool


def read_movement(days: Days, *, reader: User, direction: str = "", number: int = 1) -> Movement:
    """The greatest change of the score first. Eight queries at most, nine for a TAM, whatever the
    size."""
    shifts = measure_shifts(days)
    counts = Counter(shift.direction for shift in shifts)
    moves = {direction} if direction else DIRECTIONS.keys()
    chosen = [shift.issue for shift in shifts if shift.direction in moves]
    counts[""] = sum(counts[name] for name in DIRECTIONS)
    first = (number - 1) * ROWS
    return Movement(
        tabs=tuple(Tab(name, label, counts[name]) for name, label in DIRECTIONS.items()),
        shifted=counts["over"],
        rows=tuple(_describe_all(chosen[first : first + ROWS], days, reader)),
        has_more=len(chosen) > first + ROWS,
    )


def _describe_all(keys: list[int], days: Days, reader: User) -> list[Moved]:
    """In the order of the keys."""
    issues = Issue.objects.defer("description").in_bulk(keys)
    pair = (days.before.day, days.after.day)
    kept = {
        (row.issue_id, row.day): row
        for row in DayScore.objects.filter(issue__in=keys, day__in=pair)
    }
    sides = [(kept.get((key, pair[0])), kept.get((key, pair[1]))) for key in keys]
    changes = [_find_causes(*both) for both in sides]
    told = tell_causes(changes, days, reader=reader, most=MOST_CAUSES)
    return [
        _describe(issues[key], both, change, causes)
        for key, both, change, causes in zip(keys, sides, changes, told, strict=True)
    ]


def _find_causes(before: DayScore | None, after: DayScore | None) -> Change:
    """What is gone needs no causes link by link: one thing ended them all."""
    is_untold = any(row and row.accounts and not row.parts for row in (before, after))
    then, now = read_differing(before.parts if before else (), after.parts if after else ())
    old, new = _read_side(before, then), _read_side(after, now)
    causes = [] if is_untold or after is None else explain_change(old, new)
    return Change(old, new, tuple(causes), is_untold)


def _read_side(row: DayScore | None, parts: tuple[DayPart, ...]) -> DaySide:
    return DaySide(row.priority, row.weight, parts) if row else DaySide()


def _describe(
    issue: Issue,
    sides: tuple[DayScore | None, DayScore | None],
    change: Change,
    causes: list[ToldCause],
) -> Moved:
    before, after = sides
    return Moved(
        id=issue.pk,
        number=f"#{issue.iid}",
        title=issue.title,
        url=issue.web_url,
        closed_at=issue.closed_at if issue.is_closed else None,
        came=before is None,
        left=after is None,
        rank_before=before.rank if before else None,
        rank_after=after.rank if after else None,
        score_before=before.score if before else None,
        score_after=after.score if after else None,
        priority_before=before.priority if before else None,
        priority_after=after.priority if after else None,
        causes=tuple(causes[:GREATEST]),
        lesser=tuple(causes[GREATEST:MOST_CAUSES]),
        more_causes=max(0, len(change.causes) - MOST_CAUSES),
        is_untold=change.is_untold,
    )
