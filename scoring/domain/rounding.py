"""Inside, numbers are exact fractions; here they become what people read."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

PLAIN = Context(prec=28, rounding=ROUND_HALF_UP)


def count_money(amount: Decimal | None) -> Fraction:
    """An amount as scores count it: missing or negative is 0."""
    return Fraction(amount) if amount is not None and amount > 0 else Fraction()


def to_cents(amount: Fraction) -> Decimal:
    """Two places, half up (away from zero, as accountants round)."""
    cents = int(abs(amount) * 100 + Fraction(1, 2))
    return _make_decimal(-cents if amount < 0 else cents)


def to_cents_together(amounts: Sequence[Fraction]) -> list[Decimal]:
    """Amounts of 0 and more that are listed together: they sum to their rounded total.

    The odd cents go to the largest remainders, among equals to the first.
    """
    cents = [int(amount * 100) for amount in amounts]
    odd = int(sum(amounts, Fraction()) * 100 + Fraction(1, 2)) - sum(cents)
    remainders = [amount * 100 - whole for amount, whole in zip(amounts, cents, strict=True)]
    for place in sorted(range(len(cents)), key=lambda place: -remainders[place])[:odd]:
        cents[place] += 1
    return [_make_decimal(count) for count in cents]


def to_plain(number: Fraction) -> str:
    """Without exponent and without trailing zeros; 28 digits where it does not end."""
    exact = PLAIN.divide(Decimal(number.numerator), Decimal(number.denominator))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _make_decimal(cents: int) -> Decimal:
    return Decimal(f"{cents}E-2")  # from text: no context rounds it
