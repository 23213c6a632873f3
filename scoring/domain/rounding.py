"""Inside, numbers are exact fractions; here they become what people read."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from fractions import Fraction
from math import lcm

PLAIN = Context(prec=28, rounding=ROUND_HALF_UP)
WIDE = Context(prec=500, traps=[Inexact])  # sums of amounts, whatever their size: never rounded


def count_money(amount: Decimal | None) -> Fraction:
    """An amount as scores count it: missing or negative is 0."""
    return Fraction(amount) if amount is not None and amount > 0 else Fraction()


def sum_money(amounts: Iterable[Decimal | None]) -> Fraction:
    """As scores count each of them."""
    total = Decimal()
    for amount in amounts:
        if amount is not None and amount > 0:
            total = WIDE.add(total, amount)
    return Fraction(total)


def sum_exactly(amounts: Iterable[Fraction]) -> Fraction:
    """Ten times as fast as adding one fraction after the other: reduced once, at the end."""
    counts, whole = bring_together(list(amounts))
    return Fraction(sum(counts), whole)


def bring_together(amounts: Sequence[Fraction]) -> tuple[list[int], int]:
    """Their numerators over one denominator, and that."""
    whole = lcm(*(amount.denominator for amount in amounts))
    return [amount.numerator * (whole // amount.denominator) for amount in amounts], whole


def to_cents(amount: Fraction) -> Decimal:
    """Two places, half up (away from zero, as accountants round)."""
    return _round(amount, 2)


def to_millionths(number: Fraction) -> Decimal:
    """Six places, half up: what a model's score is kept to."""
    return _round(number, 6)


def to_cents_together(amounts: Sequence[Fraction]) -> list[Decimal]:
    """Amounts of 0 and more that are listed together: they sum to their rounded total.

    The odd cents go to the largest remainders, among equals to the first.
    """
    counts, whole = bring_together(amounts)
    parts = [divmod(count * 100, whole) for count in counts]
    cents = [part for part, _ in parts]
    odd = (sum(rest for _, rest in parts) * 2 + whole) // (2 * whole)
    if odd:
        for place in sorted(range(len(cents)), key=lambda place: -parts[place][1])[:odd]:
            cents[place] += 1
    return [_make_decimal(count) for count in cents]


def to_plain(number: Fraction) -> str:
    """Without exponent and without trailing zeros; 28 digits where it does not end."""
    exact = PLAIN.divide(Decimal(number.numerator), Decimal(number.denominator))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _round(number: Fraction, places: int) -> Decimal:
    """In whole numbers: twice as fast as fractions, and a run rounds hundreds of thousands."""
    scaled, whole = 10**places * 2 * abs(number.numerator), number.denominator
    count = (scaled + whole) // (2 * whole)
    return _make_decimal(-count if number < 0 else count, places)


def _make_decimal(count: int, places: int = 2) -> Decimal:
    return Decimal(f"{count}E-{places}")  # from text: no context rounds it
