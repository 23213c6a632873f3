"""How far each issue moved between two days: few columns of many rows, compared here.

In SQL the same comparison takes longer: Django casts amounts at each step.
"""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import ExpressionWrapper, F, Field

from scoring.domain.weights import Model
from scoring.models import DayScore
from scoring.selectors.movement_days import Days

# Rank, score and priority of a day, as the database's driver gives them: compared, never shown.
Figures = tuple[int | None, Any, Any]
NOWHERE: Figures = (None, None, None)


class Shift(NamedTuple):
    """`direction`: up, down, new or left; `over` for an issue that others passed, and `still` for
    one of which only something moved that it is not ranked by."""

    issue: int
    direction: str
    size: Any


def measure_shifts(days: Days) -> list[Shift]:
    """What moved, the greatest change first. Two queries.

    Of two scores the model's own is compared, without any the priority. A mean of ranks is
    better when it falls.
    """
    before, after = _read_day(days.before.day), _read_day(days.after.day)
    sign = -1 if days.after.rules.model == Model.GAP_RANKING else 1
    shifts = [
        Shift(issue, "left", abs(_change(figures, NOWHERE)))
        for issue, figures in before.items()
        if issue not in after
    ]
    for issue, figures in after.items():
        known = before.get(issue)
        if known != figures:
            shifts.append(_compare(issue, known, figures, sign))
    shifts.sort(key=lambda shift: (-shift.size, shift.issue))
    return shifts


def _read_day(day: date) -> dict[int, Figures]:
    rows = DayScore.objects.filter(day=day)
    columns = rows.values_list("issue_id", "rank", _unread("score"), _unread("priority"))
    return {issue: (rank, score, priority) for issue, rank, score, priority in columns}


def _unread(name: str) -> Any:
    """A column without Django's reading of it, which costs more than the query."""
    return ExpressionWrapper(F(name), output_field=Field())


def _compare(issue: int, before: Figures | None, after: Figures, sign: int) -> Shift:
    if before is None:
        return Shift(issue, "new", abs(_change(NOWHERE, after)))
    change = _change(before, after)
    if not change:
        return Shift(issue, "still" if before[0] == after[0] else "over", 0)
    return Shift(issue, "up" if sign * change > 0 else "down", abs(change))


def _change(before: Figures, after: Figures) -> Any:
    """Of the score, or of the priority without a score on either day."""
    column = 2 if before[1] is None and after[1] is None else 1
    return (after[column] or 0) - (before[column] or 0)
