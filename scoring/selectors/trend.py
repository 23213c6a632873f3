"""How an issue fared day by day, as lines and as the rows they are drawn from."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scoring.charts.line import DayValue, LineChart, draw_line
from scoring.models import DayScore, Snapshot

LENGTH = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TrendDay:
    """`priority` and `weighted` in yearly money; None without a number."""

    day: date
    rank: int | None
    priority: Decimal | None
    weighted: Decimal | None
    accounts: int


@dataclass(frozen=True, slots=True)
class Trend:
    """`days` newest first; a line is empty with fewer than two days."""

    priority: LineChart
    rank: LineChart
    days: tuple[TrendDay, ...]


def read_trend(issue_pk: int, *, until: date) -> Trend:
    """Of the last 90 days, in two queries. A snapshot without the issue breaks the line."""
    since = until - LENGTH
    kept = {
        row.day: row
        for row in DayScore.objects.filter(issue=issue_pk, day__gt=since).defer("parts")
    }
    known = Snapshot.objects.filter(day__gt=since).values_list("day", flat=True) if kept else ()
    first = min(kept, default=until)
    days = sorted(day for day in {*kept, *known} if day >= first)
    return Trend(
        priority=draw_line(
            DayValue(day, kept[day].priority if day in kept else None) for day in days
        ),
        rank=draw_line(
            (DayValue(day, kept[day].rank if day in kept else None) for day in days), is_rank=True
        ),
        days=tuple(_describe(kept[day]) for day in reversed(days) if day in kept),
    )


def _describe(row: DayScore) -> TrendDay:
    return TrendDay(row.day, row.rank, row.priority, row.weighted, row.accounts)
