"""Figures as pages show them: whole units, grouped by thousands."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NOTHING = "–"


def write_amount(amount: Decimal | int | None) -> str:
    """1234567.50 → 1,234,568: half up, as everywhere. None: there is no number."""
    if amount is None:
        return NOTHING
    whole = amount if isinstance(amount, int) else amount.to_integral_value(ROUND_HALF_UP)
    return f"{int(whole):,}"


def write_score(score: Decimal | None) -> str:
    """A model's own figure: at most two places, without trailing zeros."""
    if score is None:
        return NOTHING
    text = f"{score.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".")


def write_share(part: Decimal, whole: Decimal) -> int:
    """In whole percent; nothing of nothing is 0."""
    return int((part * 100 / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0


def write_milestone(milestone: str, due_on: date | None) -> str:
    return f"{milestone}, due {due_on:%-d %b %Y}" if milestone and due_on else milestone
