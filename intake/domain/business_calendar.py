"""When a person answers: working days and hours, so that a promised date can be kept."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

SATURDAY = 5
CLOSING_TIME = time(17, 0)


@cache
def read_holidays(path: str) -> frozenset[date]:
    """The days in a file of one ISO date a line; text after # is a comment. Empty path: none.

    Raises OSError when it cannot be read and ValueError naming the line that is not a date.
    """
    if not path:
        return frozenset()
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    days = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, start=1))
    return frozenset(_read_day(text, number) for number, text in days if text)


def _read_day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"line {number}: {text!r} is not a date such as 2026-12-25") from error


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The first working day after `day`."""
    following = day + timedelta(days=1)
    while not is_working_day(following, holidays):
        following += timedelta(days=1)
    return following


def promise_answer(
    received_at: datetime, *, zone: ZoneInfo, holidays: Collection[date]
) -> datetime:
    """One working day after arrival: the same time of day, at the latest at closing time.

    What arrives on a day off counts as arriving at closing time of the next working day's eve.
    """
    local = received_at.astimezone(zone)
    if not is_working_day(local.date(), holidays):
        day = next_working_day(local.date(), holidays)
        return datetime.combine(day, CLOSING_TIME, tzinfo=zone)
    due = datetime.combine(next_working_day(local.date(), holidays), local.timetz())
    return min(due, datetime.combine(due.date(), CLOSING_TIME, tzinfo=zone))
