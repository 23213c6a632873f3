"""The sentence that tells customers what a mark is worth beside their others."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.points_pool import PoolAsk, tell_part, tell_pool
from intake.domain.vocabulary import DEFAULT_CROSSWALK

POINTS = {urgency: row.points for urgency, row in DEFAULT_CROSSWALK.items()}


def tell(*urgencies: str, own: bool = True, **more: str) -> str:
    asks = [PoolAsk(number, urgency, own) for number, urgency in enumerate(urgencies)]
    return tell_pool(asks, POINTS, **more)


def test_the_worked_sentence() -> None:
    told = tell(*["blocker"] * 9, *["nice_to_have"] * 2)
    assert told == "You marked 9 of 11 requests as blockers: each counts about a ninth."


@pytest.mark.parametrize(
    ("urgencies", "told"),
    [
        (["blocker"] * 4, "You marked all 4 requests as blockers: each counts a quarter."),
        (
            ["nice_to_have"] * 3,
            "You marked all 3 requests as nice to have: each counts a third.",
        ),
        (
            ["blocker", "nice_to_have", "nice_to_have"],
            "You marked 1 of 3 requests as a blocker: it counts about three quarters.",
        ),
        (
            ["churn_risk", "churn_risk", "blocker"],
            (
                "You marked 2 of 3 requests as reasons to leave or shrink: "
                "each counts about two fifths."
            ),
        ),
        (
            ["churn_risk", "nice_to_have"],
            "You marked 1 of 2 requests as a reason to leave or shrink: it counts nearly all.",
        ),
        (
            ["important", "nice_to_have", "nice_to_have", "nice_to_have", "nice_to_have"],
            "You marked 1 of 5 requests as important: it counts half.",
        ),
        (
            ["blocker"] * 40,
            "You marked all 40 requests as blockers: each counts about one part in 40.",
        ),
    ],
)
def test_other_ways_of_asking(urgencies: list[str], told: str) -> None:
    assert tell(*urgencies) == told


def test_one_request_has_nothing_beside_it() -> None:
    assert tell() == tell("blocker") == ""


def test_requests_on_one_issue_are_one_wish_as_grave_as_the_gravest() -> None:
    asks = [PoolAsk(1, "nice_to_have", True), PoolAsk(1, "blocker", True)]
    assert tell_pool(asks, POINTS) == ""
    asks.append(PoolAsk(2, "blocker", True))
    assert tell_pool(asks, POINTS).startswith("You marked all 2 requests as blockers")


def test_colleagues_make_it_the_organisations() -> None:
    assert tell("blocker", "blocker", own=False).startswith("Your organisation marked all 2")


def test_a_reader_with_several_accounts_is_told_which() -> None:
    assert tell("blocker", "blocker", account="Northwind").startswith("Northwind marked all 2")


@given(st.fractions(min_value=Fraction(1, 1000), max_value=1))
def test_a_part_in_words_is_near(share: Fraction) -> None:
    words = tell_part(share)
    assert words
    assert "about" in words or words == "nearly all" or share.denominator <= 12
