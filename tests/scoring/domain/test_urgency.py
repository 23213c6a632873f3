"""T6: every edge of the two multiplier tables."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.months import count_months
from scoring.domain.records import Account, Health, Opportunity
from scoring.domain.urgency import judge_growth, judge_retention
from scoring.domain.weights import GrowthUrgency, RetentionUrgency

TODAY = date(2026, 1, 31)


def after(months: int) -> date:
    """The first day of the month that is so many boundaries away."""
    years, month = divmod(TODAY.month - 1 + months, 12)
    return date(TODAY.year + years, month + 1, 1)


def retention(health: Health, renewal_on: date | None) -> tuple[object, str]:
    account = Account(1, health=health, renewal_on=renewal_on)
    urgency = judge_retention(account, RetentionUrgency(), today=TODAY)
    return urgency.factor, urgency.reason


def growth(probability: str | None, closes_on: date | None) -> tuple[object, str]:
    chance = None if probability is None else Decimal(probability)
    opportunity = Opportunity(1, 1, probability=chance, closes_on=closes_on)
    urgency = judge_growth(opportunity, GrowthUrgency(), today=TODAY)
    return urgency.factor, urgency.reason


@pytest.mark.parametrize(
    ("health", "factors"),
    [
        (Health.YELLOW, ("1.5", "2", "2", "2.5")),
        (Health.RED, ("2", "3", "3", "4")),
        (Health.GREEN, ("1", "1", "1", "1")),
        (Health.UNKNOWN, ("1", "1", "1", "1")),
    ],
)
def test_renewal_in_19_18_13_and_12_months(health: Health, factors: tuple[str, ...]) -> None:
    found = [retention(health, after(months))[0] for months in (19, 18, 13, 12)]
    assert found == [Decimal(factor) for factor in factors]


@pytest.mark.parametrize(
    ("probability", "row"),
    [
        (None, ("1", "1", "1", "1")),
        ("61", ("1", "1", "1", "1")),
        ("60.01", ("1", "1", "1", "1")),
        ("60", ("1.25", "1.5", "1.5", "2")),
        ("40", ("1.25", "1.5", "1.5", "2")),
        ("39.5", ("1.25", "1.5", "1.5", "2")),
        ("39", ("1.5", "2", "2", "2.5")),
        ("0", ("1.5", "2", "2", "2.5")),
    ],
)
def test_close_in_7_6_4_and_3_months(probability: str | None, row: tuple[str, ...]) -> None:
    found = [growth(probability, after(months))[0] for months in (7, 6, 4, 3)]
    assert found == [Decimal(factor) for factor in row]


def test_no_date_is_the_mildest_column_and_a_past_one_the_most_urgent() -> None:
    assert retention(Health.RED, None) == (2, "health red, renewal date missing")
    assert retention(Health.RED, date(2026, 1, 30)) == (4, "health red, renewal date in the past")
    assert growth("10", None) == (Decimal("1.5"), "win probability 10 %, close date missing")
    assert growth(None, date(2020, 1, 1)) == (
        1,
        "win probability unknown, close date in the past",
    )


def test_the_reason_names_row_and_column() -> None:
    assert retention(Health.YELLOW, TODAY)[1] == "health yellow, renewal in 0 months"
    assert growth("39.50", after(1))[1] == "win probability 39.5 %, close in 1 month"


def test_months_are_counted_at_calendar_boundaries() -> None:
    assert count_months(date(2026, 1, 31), date(2026, 2, 1)) == 1
    assert count_months(date(2026, 2, 1), date(2026, 2, 28)) == 0
    assert count_months(date(2026, 12, 31), date(2027, 1, 1)) == 1
    assert count_months(date(2026, 3, 1), date(2025, 3, 31)) == -12


@given(st.dates(), st.dates(), st.dates())
def test_months_add_up(first: date, second: date, third: date) -> None:
    total = count_months(first, second) + count_months(second, third)
    assert total == count_months(first, third)
