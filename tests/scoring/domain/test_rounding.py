"""Exact inside, cents outside."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.rounding import count_money, to_cents, to_cents_together, to_plain

fractions = st.fractions(0, 10**9)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        (Fraction(0), "0.00"),
        (Fraction(5, 1000), "0.01"),
        (Fraction(4999, 1_000_000), "0.00"),
        (Fraction(2, 3), "0.67"),
        (Fraction(-5, 1000), "-0.01"),
        (Fraction(10**40), f"{10**40}.00"),
    ],
)
def test_two_places_half_up(amount: Fraction, cents: str) -> None:
    assert str(to_cents(amount)) == cents


@given(st.decimals(-(10**9), 10**9, places=5))
def test_as_decimal_rounds(amount: Decimal) -> None:
    expected = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert to_cents(Fraction(amount)) == expected


def test_the_odd_cent_goes_to_the_largest_remainder() -> None:
    third = Fraction(100, 3)
    shown = to_cents_together([third, third, third])
    assert shown == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    uneven = [Fraction("0.001"), Fraction("0.004"), Fraction("0.003"), Fraction("0.002")]
    assert to_cents_together(uneven) == [Decimal(0), Decimal("0.01"), Decimal(0), Decimal(0)]
    assert to_cents_together([]) == []


@given(st.lists(fractions))
def test_listed_amounts_sum_to_their_rounded_total(amounts: list[Fraction]) -> None:
    shown = to_cents_together(amounts)
    assert sum(shown) == to_cents(sum(amounts, Fraction()))
    for amount, cents in zip(amounts, shown, strict=True):
        assert abs(Fraction(cents) - amount) < Fraction(1, 100)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(2), "2"),
        (Fraction(800), "800"),
        (Fraction(0), "0"),
        (Fraction(13, 8), "1.625"),
        (Fraction(1, 10**9), "0.000000001"),
        (Fraction(2, 3), "0." + "6" * 27 + "7"),
        (Fraction(10**20), "1" + "0" * 20),
    ],
)
def test_plain_numbers(number: Fraction, text: str) -> None:
    assert to_plain(number) == text


@pytest.mark.parametrize(
    ("amount", "counted"), [(None, 0), (Decimal(-3), 0), (Decimal("0.5"), Fraction(1, 2))]
)
def test_missing_and_negative_money_counts_as_0(amount: Decimal | None, counted: Fraction) -> None:
    assert count_money(amount) == counted
