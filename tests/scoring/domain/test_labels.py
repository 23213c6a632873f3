"""Which labels an issue should carry."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.vocabulary import DemandKind
from scoring.domain.demand import IssueDemand
from scoring.domain.labels import (
    Labels,
    Standing,
    choose_labels,
    fill_buckets,
    name_intent,
    name_urgency,
)
from scoring.domain.records import Account, Issue, Key, Link
from scoring.domain.weights import Weights


def stand(
    key: Key,
    weighted: int | None,
    *,
    links: tuple[Link, ...] | None = None,
    accounts: int = 1,
    is_public: bool = False,
    group: str = "plan",
    type: str = "feature",
) -> Standing:
    behind = tuple(Account(place, Decimal(1)) for place in range(accounts))
    given_links = (Link(key, 0),) if links is None else links
    demand = IssueDemand(Issue(key, group=group, type=type), given_links, (), behind)
    score = None if weighted is None else Fraction(weighted)
    return Standing(demand, score, is_public)


def buckets(*scores: int | None, weights: Weights | None = None) -> list[int | None]:
    standings = [stand(place, score) for place, score in enumerate(scores)]
    return fill_buckets(standings, weights or Weights())


def test_quartiles() -> None:
    assert buckets(80, 70, 60, 50, 40, 30, 20, 10) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert buckets(10, 50, 40, 30, 20) == [4, 1, 1, 2, 3]
    assert buckets(10, 40, 30, 20) == [4, 1, 2, 3]


def test_ties_share_the_better_bucket() -> None:
    assert buckets(9, 9, 9, 1) == [1, 1, 1, 4]
    assert buckets(9, 5, 5, 5) == [1, 2, 2, 2]
    assert buckets(7, 7, 7, 7) == [1, 1, 1, 1]


def test_issues_without_a_weighted_score_do_not_count() -> None:
    assert buckets(40, None, 30, 20, 10) == [1, None, 2, 3, 4]
    assert buckets(40, None, 30, 20) == [None, None, None, None]


def test_the_number_of_buckets_and_the_least_group_are_tunable() -> None:
    assert buckets(2, 1, weights=Weights(buckets=2, minimum_group=2)) == [1, 2]
    assert buckets(1, weights=Weights(minimum_group=2)) == [None]


@given(st.lists(st.none() | st.integers(0, 6), max_size=30), st.integers(1, 10))
def test_the_formula(scores: list[int | None], count: int) -> None:
    found = buckets(*scores, weights=Weights(buckets=count, minimum_group=1))
    known = [score for score in scores if score is not None]
    for score, bucket in zip(scores, found, strict=True):
        if score is None:
            assert bucket is None
        else:
            rank = 1 + sum(other > score for other in known)
            assert bucket == count * (rank - 1) // len(known) + 1
            assert 1 <= bucket <= count


def test_groups_and_types_are_apart() -> None:
    standings = [
        stand(f"{group}{kind}{score}", score, group=group, type=kind)
        for group in ("plan", "verify")
        for kind in ("bug", "feature")
        for score in (4, 3, 2, 1)
    ]
    labels = choose_labels(standings, Weights())
    assert [labels[f"verifybug{score}"].bucket for score in (4, 3, 2, 1)] == [1, 2, 3, 4]
    assert [one.bucket for one in labels.values()] == [1, 2, 3, 4] * 4


@pytest.mark.parametrize(
    ("is_public", "accounts", "is_labelled"),
    [(False, 1, True), (True, 1, False), (True, 2, False), (True, 3, True)],
)
def test_few_accounts_leave_no_label(is_public: bool, accounts: int, is_labelled: bool) -> None:
    few = stand("few", 9, accounts=accounts, is_public=is_public)
    others = [stand(place, place) for place in range(3)]
    labels = choose_labels([few, *others], Weights())
    expected = Labels(1, "nice-to-have", "retain") if is_labelled else Labels()
    assert labels["few"] == expected
    assert [labels[place].bucket for place in (2, 1, 0)] == [2, 3, 4]


def test_nothing_open_leaves_no_label() -> None:
    assert choose_labels([stand("x", None, links=())], Weights())["x"].names == ()


def test_names() -> None:
    links = (
        Link("x", 0, points=4),
        Link("x", 0, DemandKind.GROWTH, points=10),
    )
    labels = choose_labels([stand("x", 5, links=links)], Weights(minimum_group=1))
    assert labels["x"].names == (
        "customer-priority-score::1",
        "customer-urgency::churn-risk",
        "customer-intent::both",
    )


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (1, "nice-to-have"),
        (3, "nice-to-have"),
        (4, "important"),
        (6, "important"),
        (7, "blocker"),
        (9, "blocker"),
        (10, "churn-risk"),
    ],
)
def test_points_are_named_by_the_crosswalk(points: int, name: str) -> None:
    assert name_urgency(points) == name


def test_intents_unite() -> None:
    keep, grow = DemandKind.RETENTION, DemandKind.GROWTH
    assert [name_intent(kinds) for kinds in ([keep], [grow], [grow, keep, keep], [])] == [
        "retain",
        "expand",
        "both",
        None,
    ]
