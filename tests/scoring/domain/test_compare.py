"""Every issue's figures side by side, under one set of weights."""

from decimal import Decimal

import pytest

from scoring.domain.compare import compute
from scoring.domain.records import Account, Estimates, Inputs, Issue, Link
from scoring.domain.weights import Model, Weights
from tests.scoring.worked import TODAY, read_gaps, read_t1, read_t3


def test_the_framework_has_its_own_figures() -> None:
    told = [
        (one.issue, one.rank, one.priority, one.weighted, one.score, one.linked_arr)
        for one in compute(read_t3(), Weights())
    ]

    assert told == [
        (103, 1, *amounts(99_000, 33_000, 33_000, 150_000)),
        (101, 2, *amounts(256_000, 32_000, 32_000, 150_000)),
        (102, 3, *amounts(50_000, 25_000, 25_000, 120_000)),
    ]


def amounts(*money: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in money)


def test_another_model_ranks_and_the_framework_still_tells_the_money() -> None:
    first, second = compute(read_t1(), Weights(model=Model.CD3))

    assert (first.issue, first.score, first.figures) == (
        "X",
        Decimal(78_000),
        {"cost_of_delay": "390000.00", "duration_weeks": "5"},
    )
    assert (second.issue, second.score) == ("Y", Decimal(15_000))
    assert first.retention == Decimal(120_000)  # one point of A's two, all of B's


def test_the_mean_rank_is_the_score_of_gap_ranking() -> None:
    inputs = read_gaps(("G1", 500, 4, 1, 1), ("G2", 300, 9, 3, 3), ("G3", 300, 2, 0, 2))

    told = [
        (one.issue, one.score, one.figures["worst"])
        for one in compute(inputs, Weights(model=Model.GAP_RANKING))
    ]

    assert told == [
        ("G2", Decimal("1.625"), "2.5"),
        ("G1", Decimal(2), "3"),
        ("G3", Decimal("2.375"), "3"),
    ]


def test_warnings_are_the_frameworks_and_the_models_each_once() -> None:
    inputs = Inputs.gather(
        TODAY, accounts=[Account(1)], issues=[Issue(5)], links=[Link(issue=5, account=1)]
    )

    (one,) = compute(inputs, Weights(model=Model.CD3))

    told = [str(warning) for warning in one.warnings]
    assert told == [
        "ARR missing, counts as 0: account 1",
        "add a duration",
        "add a weight",
        "renewal date missing: account 1",
    ]


def test_buckets_go_by_scores_as_they_are_shown() -> None:
    """A hundredth of a cent puts nobody into another bucket."""
    worth = (Decimal("100.001"), Decimal("100.002"), Decimal(50), Decimal(20))
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account(n, arr) for n, arr in enumerate(worth)],
        issues=[Issue(n, weight=Decimal(1)) for n in range(4)],
        links=[Link(issue=n, account=n) for n in range(4)],
    )

    buckets = {one.issue: one.bucket for one in compute(inputs, Weights())}

    assert buckets == {0: 1, 1: 1, 2: 3, 3: 4}


@pytest.mark.parametrize(
    ("issue", "is_kept"),
    [
        (Issue(1), False),
        (Issue(1, is_open=False), False),
        (Issue(1, estimates=Estimates(duration_weeks=Decimal(2))), False),
    ],
)
def test_an_issue_that_nobody_asks_for_is_not_worth_a_row(issue: Issue, is_kept: bool) -> None:
    (one,) = compute(Inputs.gather(TODAY, issues=[issue]), Weights())

    assert one.is_worth_keeping is is_kept


def test_a_score_without_customers_is_worth_a_row() -> None:
    given = Estimates(
        business_value=Decimal(8),
        time_criticality=Decimal(3),
        risk_reduction=Decimal(1),
        job_size=Decimal(2),
    )
    inputs = Inputs.gather(TODAY, issues=[Issue(1, estimates=given)])

    (one,) = compute(inputs, Weights(model=Model.WSJF))

    assert (one.is_worth_keeping, one.score, one.urgency, one.bucket) == (True, 6, "", None)
