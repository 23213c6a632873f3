"""CD3: the pilot's numbers, the duration, and the cost of an order."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.cost_of_delay import (
    Job,
    delay_cost,
    score_delay,
    score_pilot_average,
    sort_jobs,
)
from scoring.domain.ranking import rank
from scoring.domain.records import Account, Estimates, Inputs, Issue, Link, Opportunity
from scoring.domain.weights import Weights
from tests.scoring.worked import TODAY, growth, read_t1

A, B, C = (Job(Fraction(cost), Fraction(weeks)) for cost, weeks in ((30, 6), (20, 2), (10, 1)))


def test_t1_sum() -> None:
    x, y = score_delay(read_t1(), Weights())
    assert [part.cost for part in x.parts] == [270_000, 120_000]
    assert (x.cost_of_delay, x.score) == (390_000, 78_000)
    assert (y.cost_of_delay, y.score) == (30_000, 15_000)


def test_t1_average_over_distinct_customers() -> None:
    x, y = score_pilot_average(read_t1(), Weights())
    assert (x.cost_of_delay, x.score) == (195_000, 39_000)
    assert (y.cost_of_delay, y.score) == (30_000, 15_000)


def test_the_average_counts_a_customer_once_however_it_asks() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(90)), Account("B", Decimal(10))],
        opportunities=[Opportunity("O", "A", Decimal(100))],
        issues=[Issue(1)],
        links=[Link(1, "A"), growth(1, "A", "O"), Link(1, "B")],
    )
    assert score_pilot_average(inputs, Weights())[0].cost_of_delay == 100


def test_a_link_explains_its_cost() -> None:
    first = score_delay(read_t1(), Weights())[0].parts[0]
    assert (first.share.points, first.share.pool.points, first.share.pool.money) == (3, 4, 120_000)
    assert (first.share.money, first.urgency_points) == (90_000, 3)


def test_value_points_are_a_pool_of_their_own_and_growth_is_per_opportunity() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(90))],
        opportunities=[Opportunity("O", "A", Decimal(70))],
        issues=[Issue(1), Issue(2)],
        links=[
            Link(1, "A", points=10, value=1),
            Link(2, "A", points=1, value=2),
            growth(1, "A", "O", points=10),
        ],
    )
    assert [one.cost_of_delay for one in score_delay(inputs, Weights())] == [30 + 70, 60]


def score_with(
    *, duration: Decimal | None, weight: Decimal | None, weights: Weights
) -> tuple[Fraction | None, list[str]]:
    issue = Issue(1, weight=weight, estimates=Estimates(duration_weeks=duration))
    account = Account("A", Decimal(120))
    inputs = Inputs.gather(TODAY, accounts=[account], issues=[issue], links=[Link(1, "A")])
    (score,) = score_delay(inputs, weights)
    return score.score, [str(warning) for warning in score.warnings]


@pytest.mark.parametrize("none", [None, Decimal(0)])
def test_without_a_duration_the_weight_stands_in_and_is_marked(none: Decimal | None) -> None:
    score, warnings = score_with(
        duration=none, weight=Decimal(3), weights=Weights(weeks_per_point=Decimal(2))
    )
    assert score == 20
    assert warnings == ["duration derived from the weight"]


@pytest.mark.parametrize("none", [None, Decimal(0)])
def test_without_duration_and_weight_there_is_no_score(none: Decimal | None) -> None:
    assert score_with(duration=none, weight=none, weights=Weights()) == (None, ["add a duration"])


def test_an_estimate_wins_over_the_weight() -> None:
    score, warnings = score_with(duration=Decimal(4), weight=Decimal(3), weights=Weights())
    assert (score, warnings) == (30, [])


def test_equal_scores_go_by_cost_of_delay() -> None:
    """100 in 1 week and 200 in 2."""
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100)), Account("B", Decimal(200))],
        issues=[Issue(1, weight=Decimal(1)), Issue(2, weight=Decimal(2))],
        links=[Link(1, "A"), Link(2, "B")],
    )
    ranked = rank(score_delay(inputs, Weights()))
    assert [score.demand.issue.id for _, score in ranked] == [2, 1]


def test_t8_an_order_costs_what_waits() -> None:
    assert delay_cost([A, B, C]) == 430
    assert delay_cost([B, C, A]) == 340
    assert delay_cost([]) == 0


def test_t8_the_order_by_cd3_costs_least() -> None:
    assert min(map(delay_cost, permutations([A, B, C]))) == delay_cost(sort_jobs([A, B, C])) == 340


jobs = st.builds(Job, st.fractions(0, 50, max_denominator=4), st.fractions(1, 9, max_denominator=4))


@given(st.lists(jobs, max_size=5))
def test_no_order_costs_less(some: list[Job]) -> None:
    assert delay_cost(sort_jobs(some)) == min(map(delay_cost, permutations(some)))
