"""Months between two days, counted at the boundaries of calendar months."""

from datetime import date


def count_months(start: date, end: date) -> int:
    """From 31 January to 1 February is one month; negative when `end` lies in an earlier month."""
    return (end.year - start.year) * 12 + end.month - start.month
