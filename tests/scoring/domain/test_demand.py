"""Which links count, and who stands behind an issue."""

from decimal import Decimal

import pytest

from scoring.domain.demand import gather_demand, merge_links
from scoring.domain.records import Account, Inputs, Issue, Link, Opportunity, Severity, order_key
from tests.scoring.worked import TODAY, growth


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_highest_of_each_answer_counts(is_turned: bool) -> None:
    links = [
        Link(1, "A", points=7, value=1, urgency_points=3, severity=Severity.P1),
        Link(1, "A", points=4, value=2, urgency_points=1, severity=Severity.P0),
    ]
    merged = merge_links(reversed(links) if is_turned else links)
    assert merged == [Link(1, "A", points=7, value=2, urgency_points=3, severity=Severity.P0)]


def test_retention_and_each_opportunity_are_wishes_of_their_own() -> None:
    links = [Link(1, "A"), growth(1, "A", "O"), growth(1, "A", "P"), growth(1, "A", None)]
    assert len(merge_links([*links, *links])) == 4


@pytest.mark.parametrize(
    ("opportunity", "is_open"),
    [
        (Opportunity("O", "A"), True),
        (Opportunity("O", "A", is_closed=True), False),
        (Opportunity("O", "A", is_lost=True), False),
    ],
)
def test_a_link_ends_with_its_opportunity(opportunity: Opportunity, is_open: bool) -> None:
    link = growth(1, "A", "O")
    (demand,) = gather_demand(
        Inputs.gather(
            TODAY,
            accounts=[Account("A", Decimal(100), seats=7)],
            opportunities=[opportunity],
            issues=[Issue(1)],
            links=[link],
        )
    )
    found = (demand.links, demand.ended_links, demand.linked_arr, demand.seats)
    assert found == (((link,), (), 100, 7) if is_open else ((), (link,), 0, 0))


def test_ids_are_ordered_numbers_first() -> None:
    assert sorted(["b", 10, "a", 9, "10"], key=order_key) == [9, 10, "10", "a", "b"]
