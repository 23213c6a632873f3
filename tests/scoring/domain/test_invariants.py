"""What holds for every world of accounts, issues and links."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.domain.vocabulary import DemandKind
from scoring.domain.cost_of_delay import score_delay, score_pilot_average
from scoring.domain.explanation import explain_account, explain_issue
from scoring.domain.gap_ranking import score_gaps
from scoring.domain.pools import PoolKey, fill_pools, find_pool
from scoring.domain.priority_points import count_points, score_in_pools, score_priority
from scoring.domain.ranking import rank
from scoring.domain.records import Account, Inputs, Issue, Key, Link
from scoring.domain.rice import score_rice
from scoring.domain.rounding import count_money, to_cents
from scoring.domain.weights import Weights
from scoring.domain.wsjf import score_wsjf
from tests.scoring.made_up import NEW, accounts, links, opportunities, worlds
from tests.scoring.worked import TODAY, by_issue, sum_up

WEIGHTS = Weights()
EVERY_MODEL = (
    lambda inputs: score_priority(inputs, WEIGHTS),
    lambda inputs: score_delay(inputs, WEIGHTS),
    lambda inputs: score_pilot_average(inputs, WEIGHTS),
    lambda inputs: score_rice(inputs, WEIGHTS),
    score_wsjf,
    score_gaps,
)


def money_of(key: PoolKey, inputs: Inputs) -> Fraction:
    if key.kind == DemandKind.RETENTION:
        return count_money(inputs.accounts[key.owner].arr)
    return count_money(inputs.opportunities[key.owner].net_arr)


def is_open(link: Link, inputs: Inputs) -> bool:
    is_asked = inputs.issues[link.issue].is_open
    return is_asked and (link.opportunity is None or inputs.opportunities[link.opportunity].is_open)


@given(worlds())
def test_shares_sum_to_each_pools_money(inputs: Inputs) -> None:
    priority = [part.share for one in score_priority(inputs, WEIGHTS) for part in one.parts]
    delay = [part.share for one in score_delay(inputs, WEIGHTS) for part in one.parts]
    pools = {find_pool(link) for link in inputs.links if is_open(link, inputs)} - {None}
    for shares in (priority, delay):
        for key in pools:
            drawn = [share.money for share in shares if find_pool(share.link) == key]
            assert sum_up(drawn) == money_of(key, inputs)


@given(worlds())
def test_listed_cents_sum_too(inputs: Inputs) -> None:
    scores = score_priority(inputs, WEIGHTS)
    for one in scores:
        rows = explain_issue(one)
        assert sum(row.share for row in rows) == to_cents(one.combined or Fraction())
        assert sum(row.priority for row in rows) == to_cents(one.priority or Fraction())
    for account in inputs.accounts.values():
        rows = [row for row in explain_account(scores, account.id) if row.link.kind == "retention"]
        if rows:
            assert sum(row.share for row in rows) == to_cents(count_money(account.arr))


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(inputs: Inputs, shuffler: object) -> None:
    def shuffle(rows: list[object]) -> list[object]:
        shuffler.shuffle(rows)
        return rows

    shuffled = Inputs.gather(
        inputs.today,
        accounts=shuffle(list(inputs.accounts.values())),
        opportunities=shuffle(list(inputs.opportunities.values())),
        issues=shuffle(list(inputs.issues.values())),
        links=shuffle(list(inputs.links)),
    )
    for score in EVERY_MODEL:
        assert rank(score(shuffled)) == rank(score(inputs))


@given(worlds())
def test_ranks_are_a_permutation_and_the_unscored_come_last_by_id(inputs: Inputs) -> None:
    for score in EVERY_MODEL:
        ranked = rank(score(inputs))
        places = [place for place, _ in ranked if place is not None]
        assert places == list(range(1, len(places) + 1))
        assert {one.demand.issue.id for _, one in ranked} == inputs.issues.keys()
        last = ranked[len(places) :]
        assert all(place is None and one.merits is None for place, one in last)
        assert [one.demand.issue.id for _, one in last] == sorted(
            one.demand.issue.id for _, one in last
        )


@given(worlds())
def test_no_warning_is_told_twice(inputs: Inputs) -> None:
    for score in EVERY_MODEL:
        for one in score(inputs):
            assert len(set(one.warnings)) == len(one.warnings)


def read_scores(inputs: Inputs) -> dict[tuple[int, Key], Fraction]:
    """The scores that linking never lowers; without one, less than any."""
    found = [
        *(one.priority for one in score_priority(inputs, WEIGHTS)),
        *(one.weighted for one in score_priority(inputs, WEIGHTS)),
        *(one.score for one in score_delay(inputs, WEIGHTS)),
        *(one.score for one in score_rice(inputs, WEIGHTS)),
        *(one.score for one in score_wsjf(inputs)),
    ]
    return {
        (place, place % len(inputs.issues)): Fraction(-1) if score is None else score
        for place, score in enumerate(found)
    }


@given(worlds(), accounts, opportunities, st.data())
def test_linking_an_account_without_other_links_never_lowers_a_score(
    inputs: Inputs, account: object, opportunity: object, data: st.DataObject
) -> None:
    deal = replace(opportunity, id=NEW, account=NEW)
    before = replace(
        inputs,
        accounts={**inputs.accounts, NEW: replace(account, id=NEW)},
        opportunities={**inputs.opportunities, NEW: deal},
    )
    link = replace(data.draw(links([deal])), account=NEW)
    after = replace(before, links=(*before.links, link))
    lower = read_scores(before)
    for key, score in read_scores(after).items():
        assert score >= lower[key]


def test_the_pilots_average_is_what_a_small_customer_lowers() -> None:
    """Why the sum is the default: the property above does not hold for the average."""
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(1000)), Account("B", Decimal(10))],
        issues=[Issue(1, weight=Decimal(1))],
        links=[Link(1, "A")],
    )
    linked = replace(inputs, links=(*inputs.links, Link(1, "B")))
    assert [one.score for one in score_pilot_average(inputs, WEIGHTS)] == [1000]
    assert [one.score for one in score_pilot_average(linked, WEIGHTS)] == [505]
    assert [one.score for one in score_delay(linked, WEIGHTS)] == [1010]


@given(worlds(), st.integers(0, 4))
def test_closing_an_issue_returns_its_points(inputs: Inputs, closed: int) -> None:
    issues = {**inputs.issues, closed: replace(inputs.issues[closed], is_open=False)}
    after = replace(inputs, issues=issues)
    without = replace(
        inputs,
        issues={key: issue for key, issue in inputs.issues.items() if key != closed},
        links=tuple(link for link in inputs.links if link.issue != closed),
    )
    scores, expected = (by_issue(score_priority(one, WEIGHTS)) for one in (after, without))
    assert scores.pop(closed).priority is None
    assert scores == expected


@given(worlds(), st.integers(0, 4))
def test_one_issue_in_its_pools_scores_as_in_a_full_run(inputs: Inputs, chosen: int) -> None:
    full = score_priority(inputs, WEIGHTS)
    pools = fill_pools([one.demand for one in full], inputs, count_points)
    part = replace(
        inputs,
        issues={chosen: inputs.issues[chosen]},
        links=tuple(link for link in inputs.links if link.issue == chosen),
    )
    assert score_in_pools(part, WEIGHTS, pools) == [by_issue(full)[chosen]]


@given(worlds())
@settings(max_examples=50)
def test_explanations_rebuild_each_score(inputs: Inputs) -> None:
    """points × (pool's money / pool's points) × multiplier, link by link."""
    for one in score_priority(inputs, WEIGHTS):
        rebuilt = [
            part.share.points * part.share.pool.money / part.share.pool.points * part.urgency.factor
            for part in one.parts
            if part.share.pool
        ]
        assert sum_up(rebuilt) == (one.priority or 0)
