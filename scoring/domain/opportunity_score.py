"""Ulwick's opportunity score: what matters and is served badly stands out."""

from decimal import Decimal


def score_opportunity(importance: Decimal, satisfaction: Decimal) -> Decimal:
    """Importance + what satisfaction lacks of it. Both on one scale, usually 0..10."""
    return importance + max(importance - satisfaction, Decimal())
