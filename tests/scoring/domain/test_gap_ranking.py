"""T7, ties, the Top 10, and revenue already lost."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.gap_ranking import GapScore, pick_top, rank_averaged, score_gaps
from scoring.domain.ranking import rank
from scoring.domain.records import Account, Inputs, Issue, Link, Opportunity, Severity
from tests.scoring.worked import TODAY, growth, read_gaps

T7 = (("G1", 500_000, 4, 1, 1), ("G2", 300_000, 9, 3, 3), ("G3", 300_000, 2, 0, 2))


def order(scores: list[GapScore]) -> list[object]:
    return [score.demand.issue.id for place, score in rank(scores) if place]


def test_t7() -> None:
    first, second, third = scores = score_gaps(read_gaps(*T7))
    assert first.ranks.list() == (1, 2, 2, 3)
    assert second.ranks.list() == (Fraction(5, 2), 1, 1, 2)
    assert third.ranks.list() == (Fraction(5, 2), 3, 3, 1)
    assert [score.ranks.mean * 4 for score in scores] == [8, Fraction(13, 2), Fraction(19, 2)]
    assert [score.ranks.worst for score in scores] == [3, Fraction(5, 2), 3]
    assert order(scores) == ["G2", "G1", "G3"]


def test_figures_behind_the_ranks() -> None:
    second = score_gaps(read_gaps(*T7))[1].figures
    assert (second.impacted_arr, second.accounts, second.strategic_accounts) == (300_000, 9, 3)
    assert (second.p0_accounts, second.p0_share) == (3, Fraction(1, 3))


def test_equal_shares_at_p0_go_by_count() -> None:
    one, two = score_gaps(read_gaps(("one", 1, 1, 0, 1), ("two", 1, 2, 0, 2)))
    assert (one.ranks.p0_share, two.ranks.p0_share) == (2, 1)


def test_equal_means_go_by_impacted_arr_then_accounts_then_age() -> None:
    """Ranks (1, 2, …) and (2, 1, …): the same mean, so the greater ARR comes first."""
    rich, many = ("rich", 500, 1, 0, 0), ("many", 300, 2, 0, 0)
    assert order(score_gaps(read_gaps(many, rich))) == ["rich", "many"]
    inputs = read_gaps(("new", 100, 1, 0, 0), ("old", 100, 1, 0, 0))
    dated = {
        "new": replace(inputs.issues["new"], created_on=date(2025, 1, 1)),
        "old": replace(inputs.issues["old"], created_on=date(2024, 1, 1)),
    }
    assert order(score_gaps(replace(inputs, issues=dated))) == ["old", "new"]


def test_when_one_ships_the_next_moves_up() -> None:
    inputs = read_gaps(*((f"G{place:02}", 1000 - place, 1, 0, 0) for place in range(12)))
    top = [score.demand.issue.id for score in pick_top(score_gaps(inputs))]
    assert top == [f"G{place:02}" for place in range(10)]
    shipped = {**inputs.issues, "G03": replace(inputs.issues["G03"], is_open=False)}
    after = pick_top(score_gaps(replace(inputs, issues=shipped)))
    assert [score.demand.issue.id for score in after] == [*top[:3], *top[4:], "G10"]


def test_the_top_holds_only_what_somebody_asks_for() -> None:
    inputs = read_gaps(("asked", 1, 1, 0, 0))
    more = replace(inputs, issues={**inputs.issues, "alone": Issue("alone")})
    assert [score.demand.issue.id for score in pick_top(score_gaps(more))] == ["asked"]


def test_lost_opportunities_are_a_column_of_their_own() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100)), Account("B", Decimal(40))],
        opportunities=[
            Opportunity("lost", "A", Decimal(30), is_closed=True, is_lost=True),
            Opportunity("open", "B", Decimal(20)),
            Opportunity("won", "A", Decimal(10), is_closed=True),
        ],
        issues=[Issue(1)],
        links=[
            growth(1, "A", "lost"),
            replace(growth(1, "A", "lost", points=9), severity=Severity.P0),
            growth(1, "A", "won"),
            growth(1, "B", "open"),
        ],
    )
    figures = score_gaps(inputs)[0].figures
    assert (figures.lost_arr, figures.impacted_arr, figures.accounts) == (30, 40, 1)
    assert figures.p0_accounts == 0


def test_an_account_counts_once_however_it_asks() -> None:
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(100))],
        opportunities=[Opportunity("O", "A", Decimal(20))],
        issues=[Issue(1)],
        links=[growth(1, "A", "O"), Link(1, "A")],
    )
    figures = score_gaps(inputs)[0].figures
    assert (figures.impacted_arr, figures.accounts) == (100, 1)


@given(st.lists(st.integers(0, 5)))
def test_averaged_ranks_sum_as_plain_ones_do(values: list[int]) -> None:
    ranks = rank_averaged(values)
    count = len(values)
    assert sum(ranks) == Fraction(count * (count + 1), 2)
    for value, place in zip(values, ranks, strict=True):
        above = sum(other > value for other in values)
        assert place == above + Fraction(values.count(value) + 1, 2)
