"""The default score: worked numbers, defaults, warnings, and what explains it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.domain.explanation import explain_account, explain_issue
from scoring.domain.manual_value import Level, ManualValue, Reason
from scoring.domain.priority_points import PriorityScore, score_priority
from scoring.domain.ranking import rank
from scoring.domain.records import Account, Estimates, Inputs, Issue, Key, Link, Opportunity
from scoring.domain.weights import Weights
from tests.scoring.worked import TODAY, by_issue, growth, read_t3


def score(inputs: Inputs) -> dict[Key, PriorityScore]:
    return by_issue(score_priority(inputs, Weights()))


PLAIN = Issue(1, weight=Decimal(2))


def score_one(account: Account, *, issue: Issue = PLAIN) -> PriorityScore:
    links = [Link(issue.id, account.id)]
    return score(Inputs.gather(TODAY, accounts=[account], issues=[issue], links=links))[issue.id]


def test_t3() -> None:
    scores = score(read_t3())
    assert [scores[key].retention for key in (101, 102, 103)] == [106_000, 20_000, 24_000]
    assert [scores[key].growth for key in (101, 102, 103)] == [0, 0, 50_000]
    assert [scores[key].combined for key in (101, 102, 103)] == [106_000, 20_000, 74_000]
    assert [scores[key].priority for key in (101, 102, 103)] == [256_000, 50_000, 99_000]
    assert [scores[key].weighted for key in (101, 102, 103)] == [32_000, 25_000, 33_000]
    linked = [scores[key].demand.linked_arr for key in (101, 102, 103)]
    assert linked == [150_000, 120_000, 150_000]
    ranked = rank(scores.values())
    assert [(place, one.demand.issue.id) for place, one in ranked] == [(1, 103), (2, 101), (3, 102)]


def test_t5_two_opportunities_of_one_account_are_two_pools() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(1))],
        opportunities=[
            Opportunity("big", "A", Decimal(60_000)),
            Opportunity("small", "A", Decimal(20_000)),
        ],
        issues=[Issue(1), Issue(2)],
        links=[growth(1, "A", "big", points=2), growth(2, "A", "small", points=2)],
    )
    assert [one.growth for one in score(inputs).values()] == [60_000, 20_000]


def test_a_link_explains_its_part() -> None:
    inputs = read_t3()
    first, second = explain_issue(score(inputs)[101])
    assert (first.points, first.pool_points, first.pool_money) == (10, 12, Decimal("120000.00"))
    assert (first.share, first.multiplier) == (Decimal("100000.00"), Decimal("2.5"))
    assert first.reason == "health yellow, renewal in 12 months"
    assert first.priority == Decimal("250000.00")
    assert (second.points, second.pool_points, second.share) == (1, 5, Decimal("6000.00"))
    growing = explain_issue(score(inputs)[103])[0]
    assert growing.multiplier == Decimal("1.5")
    assert growing.reason == "win probability 50 %, close in 5 months"


def test_an_issues_parts_are_listed_to_the_cent() -> None:
    """Three thirds of 100, twice."""
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account(name, Decimal(100)) for name in "ABC"],
        issues=[Issue(1), Issue(2)],
        links=[Link(issue, name, points=issue) for issue in (1, 2) for name in "ABC"],
    )
    for issue, cents in ((1, ["33.34", "33.33", "33.33"]), (2, ["66.67", "66.67", "66.66"])):
        rows = explain_issue(score(inputs)[issue])
        assert [str(row.share) for row in rows] == cents
        assert [str(row.priority) for row in rows] == cents


def test_an_accounts_money_is_listed_to_the_cent() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100))],
        opportunities=[Opportunity("O", "A", Decimal("0.05"))],
        issues=[Issue(1), Issue(2), Issue(3)],
        links=[
            *(Link(issue, "A") for issue in (1, 2, 3)),
            growth(1, "A", "O"),
            growth(2, "A", "O"),
        ],
    )
    rows = explain_account(score_priority(inputs, Weights()), "A")
    listed = [(row.link.issue, str(row.link.kind), str(row.share)) for row in rows]
    assert listed == [
        (1, "retention", "33.34"),
        (1, "growth", "0.03"),
        (2, "retention", "33.33"),
        (2, "growth", "0.02"),
        (3, "retention", "33.33"),
    ]


@pytest.mark.parametrize("weight", [None, Decimal(0)])
def test_without_a_weight_there_is_no_weighted_score_and_a_prompt(weight: Decimal | None) -> None:
    one = score_one(Account("A", Decimal(100)), issue=Issue(1, weight=weight))
    assert (one.priority, one.weighted, one.merits) == (100, None, None)
    assert "add a weight" in map(str, one.warnings)


def test_a_closed_issue_and_one_nobody_asks_for_have_no_score() -> None:
    closed = Issue(1, is_open=False, weight=Decimal(1))
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100))],
        issues=[closed, Issue(2, weight=Decimal(1))],
        links=[Link(1, "A")],
    )
    for one in score(inputs).values():
        assert (one.retention, one.growth, one.combined, one.priority, one.weighted) == (None,) * 5
        assert one.warnings == ()


def test_what_has_no_score_needs_no_weight() -> None:
    inputs = Inputs.gather(TODAY, issues=[Issue(1), Issue(2, is_open=False)])
    assert [one.warnings for one in score(inputs).values()] == [(), ()]


def test_a_renewal_today_is_not_past() -> None:
    one = score_one(Account("A", Decimal(100), renewal_on=TODAY))
    assert [str(warning) for warning in one.warnings] == ["one account above 50 %: account A"]


@pytest.mark.parametrize(
    ("account", "warning"),
    [
        (Account("A"), "ARR missing, counts as 0: account A"),
        (Account("A", Decimal(-5)), "negative ARR counts as 0: account A"),
    ],
)
def test_missing_and_negative_arr_count_as_0(account: Account, warning: str) -> None:
    one = score_one(account)
    assert one.priority == one.demand.linked_arr == 0
    assert warning in map(str, one.warnings)


@pytest.mark.parametrize(
    ("renewal_on", "warning"),
    [
        (None, "renewal date missing: account A"),
        (date(2026, 3, 14), "renewal date in the past: account A"),
    ],
)
def test_a_date_that_is_missing_or_past_is_told(renewal_on: date | None, warning: str) -> None:
    one = score_one(Account("A", Decimal(100), renewal_on=renewal_on))
    assert one.priority == 100
    assert warning in map(str, one.warnings)


def test_data_older_than_seven_days_is_told() -> None:
    fresh = score_one(Account("A", Decimal(1), refreshed_on=date(2026, 3, 8)))
    old = score_one(Account("A", Decimal(1), refreshed_on=date(2026, 3, 7)))
    told = "data older than 7 days: account A"
    assert told not in map(str, fresh.warnings)
    assert told in map(str, old.warnings)


def test_one_account_above_half_is_told() -> None:
    def told(arr: int) -> bool:
        inputs = Inputs.gather(
            TODAY,
            accounts=[Account("A", Decimal(arr)), Account("B", Decimal(100))],
            issues=[Issue(1)],
            links=[Link(1, "A"), Link(1, "B")],
        )
        return "one account above 50 %: account A" in map(str, score(inputs)[1].warnings)

    assert not told(100)
    assert told(101)


def test_growth_without_an_opportunity_is_demand_without_money() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100))],
        issues=[Issue(1, weight=Decimal(1)), Issue(2)],
        links=[growth(1, "A", None, points=10), Link(2, "A")],
    )
    scores = score(inputs)
    assert (scores[1].priority, scores[1].demand.linked_arr) == (0, 100)
    assert scores[2].retention == 100
    assert "no open opportunity: account A" in map(str, scores[1].warnings)
    assert explain_issue(scores[1])[0].reason == "no open opportunity"


def test_a_link_on_a_closed_opportunity_scores_nothing() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100))],
        opportunities=[Opportunity("O", "A", Decimal(50), is_closed=True)],
        issues=[Issue(1, weight=Decimal(1))],
        links=[growth(1, "A", "O")],
    )
    one = score(inputs)[1]
    assert (one.priority, one.demand.linked_arr) == (None, 0)
    assert "opportunity closed, its link scores nothing: opportunity O" in map(str, one.warnings)
    shipped = replace(inputs, issues={1: Issue(1, is_open=False)})
    assert score(shipped)[1].warnings == ()


def test_several_asks_of_one_account_are_one_link_with_the_highest_points() -> None:
    links = [Link(1, "A", points=4), Link(1, "A", points=7), Link(2, "A", points=3)]
    inputs = Inputs.gather(
        TODAY, accounts=[Account("A", Decimal(100))], issues=[Issue(1), Issue(2)], links=links
    )
    assert [one.retention for one in score(inputs).values()] == [70, 30]


@pytest.mark.parametrize(("points", "counted"), [(0, 1), (-3, 1), (11, 10), (500, 10)])
def test_points_are_clamped(points: int, counted: int) -> None:
    inputs = Inputs.gather(
        TODAY, accounts=[Account("A")], issues=[Issue(1)], links=[Link(1, "A", points=points)]
    )
    assert score(inputs)[1].parts[0].share.points == counted


def manual(worth: Decimal | Level, *, is_open: bool = True) -> Issue:
    value = ManualValue(worth, Reason.SECURITY)
    estimates = Estimates(manual=value)
    return Issue(1, is_open=is_open, weight=Decimal(2), estimates=estimates)


def test_a_manual_value_stands_in_while_customers_ask_for_less() -> None:
    alone = score(Inputs.gather(TODAY, issues=[manual(Decimal(500))]))[1]
    assert (alone.priority, alone.weighted, alone.retention) == (500, 250, None)
    assert alone.manual == ManualValue(Decimal(500), Reason.SECURITY)
    less = score_one(Account("A", Decimal(100)), issue=manual(Decimal(500)))
    assert (less.priority, less.retention) == (500, 100)
    equal = score_one(Account("A", Decimal(500)), issue=manual(Decimal(500)))
    assert (equal.priority, equal.manual) == (500, None)
    more = score_one(Account("A", Decimal(900)), issue=manual(Decimal(500)))
    assert (more.priority, more.manual) == (900, None)


@pytest.mark.parametrize("issue", [manual(Level.HIGH), manual(Decimal(500), is_open=False)])
def test_a_level_and_a_closed_issue_make_no_score(issue: Issue) -> None:
    one = score(Inputs.gather(TODAY, issues=[issue]))[1]
    assert (one.priority, one.manual) == (None, None)


def test_equal_weighted_scores_go_by_priority_then_linked_arr_then_age_then_id() -> None:
    two = Decimal(2)
    old, new = date(2024, 1, 1), date(2025, 1, 1)
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account(name, Decimal(100)) for name in "ABCDEF"]
        + [Account("double", Decimal(200)), Account("poor")],
        issues=[
            Issue("f", weight=Decimal(1)),
            Issue("e", weight=Decimal(1)),
            Issue("d", weight=Decimal(1), created_on=new),
            Issue("c", weight=Decimal(1), created_on=old),
            Issue("b", weight=Decimal(1), created_on=new),
            Issue("a", weight=two, created_on=new),
            Issue("z", weight=Decimal(1), is_open=False),
            Issue("y"),
        ],
        links=[
            Link("a", "double"),
            Link("b", "A"),
            growth("b", "double", None),
            Link("c", "B"),
            Link("d", "C"),
            Link("e", "D"),
            Link("f", "E"),
        ],
    )
    ranked = rank(score(inputs).values())
    assert [one.demand.issue.id for _, one in ranked] == list("abcdefyz")
    assert [place for place, _ in ranked] == [1, 2, 3, 4, 5, 6, None, None]


def test_the_tables_are_the_weights() -> None:
    weights = Weights()
    harsh = replace(weights, retention=replace(weights.retention, yellow=weights.retention.red))
    calm, urgent = (score_priority(read_t3(), one) for one in (weights, harsh))
    assert by_issue(calm)[102].priority == Fraction(50_000)
    assert by_issue(urgent)[102].priority == Fraction(80_000)
