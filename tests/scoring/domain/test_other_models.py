"""RICE, WSJF and the opportunity score."""

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.domain.opportunity_score import score_opportunity
from scoring.domain.ranking import rank
from scoring.domain.records import Account, Estimates, Inputs, Issue, Link
from scoring.domain.rice import RiceScore, choose_bucket, compute_rice, score_rice
from scoring.domain.weights import Weights
from scoring.domain.wsjf import WsjfScore, score_wsjf
from tests.scoring.worked import TODAY


def rice(
    *,
    reach: str | None,
    impact: str | None = "1",
    confidence: str | None = "100",
    effort: str | None = "1",
    seats: tuple[int | None, ...] = (),
    weights: Weights | None = None,
) -> RiceScore:
    """Of an issue that the first account asks for, if there is one."""
    given = {"reach": reach, "impact": impact, "confidence": confidence, "effort": effort}
    estimates = {key: None if value is None else Decimal(value) for key, value in given.items()}
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account(place, seats=count) for place, count in enumerate(seats)],
        issues=[Issue(1, estimates=Estimates(**estimates))],
        links=[Link(1, 0)] if seats else [],
    )
    return score_rice(inputs, weights or Weights())[0]


def test_rice() -> None:
    bucket = rice(reach="10", impact="0.5", confidence="80", effort="2")
    heads = rice(reach="2000", impact="2", confidence="80", effort="4")
    assert (bucket.score, heads.score) == (2, 800)
    assert compute_rice(*map(Fraction, (10, "0.5", 80, 2))) == 2


@pytest.mark.parametrize("missing", ["reach", "impact", "confidence", "effort"])
def test_a_missing_part_leaves_no_score_and_is_asked_for(missing: str) -> None:
    one = rice(**({"reach": "10"} | {missing: None}))
    article = "an" if missing[0] in "aeiou" else "a"
    assert one.score is None
    assert [str(warning) for warning in one.warnings] == [f"add {article} {missing}"]


def test_effort_0_counts_as_none_but_impact_0_is_a_number() -> None:
    assert rice(reach="10", effort="0").score is None
    assert rice(reach="10", impact="0").score == 0


@pytest.mark.parametrize(
    ("seats", "reach"),
    [(80, "10"), (79, "6"), (50, "6"), (49, "3"), (25, "3"), (24, "1.5"), (5, "1.5"), (4, "0.5")],
)
def test_seats_propose_the_bucket(seats: int, reach: str) -> None:
    one = rice(reach=None, seats=(seats, 100 - seats))
    assert one.reach == one.score == one.proposal.reach == Fraction(reach)
    assert not one.is_confirmed
    assert [str(warning) for warning in one.warnings] == [
        "reach proposed from seats, not confirmed"
    ]


def test_a_confirmed_reach_stands_beside_the_proposal() -> None:
    one = rice(reach="3", seats=(80, 20))
    assert (one.reach, one.proposal.reach, one.is_confirmed) == (3, 10, True)
    assert one.warnings == ()


def test_all_seats_may_be_a_setting_and_reach_a_head_count() -> None:
    known = Weights(total_seats=1000)
    assert rice(reach=None, seats=(80, 20), weights=known).reach == Fraction(3, 2)
    heads = Weights(is_reach_in_people=True)
    assert rice(reach=None, seats=(80, 20), weights=heads).reach == 80


def test_unknown_seats_propose_nothing() -> None:
    one = rice(reach=None, seats=(None, 20))
    assert (one.proposal, one.reach, one.score) == (None, None, None)
    assert "seats missing: account 0" in map(str, one.warnings)


def test_nobody_is_the_smallest_bucket() -> None:
    assert choose_bucket(Fraction(0)) == Fraction(1, 2)


def test_equal_scores_go_by_linked_arr() -> None:
    given = Estimates(reach=Decimal(1), impact=Decimal(1), confidence=Decimal(1), effort=Decimal(1))
    inputs = Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(5))],
        issues=[Issue(1, estimates=given), Issue(2, estimates=given)],
        links=[Link(2, "A")],
    )
    ranked = rank(score_rice(inputs, Weights()))
    assert [score.demand.issue.id for _, score in ranked] == [2, 1]


def wsjf(issue: Issue) -> WsjfScore:
    return score_wsjf(Inputs.gather(TODAY, issues=[issue]))[0]


FULL = {
    "business_value": Decimal(8),
    "time_criticality": Decimal(5),
    "risk_reduction": Decimal(0),
    "job_size": Decimal(2),
}


def test_wsjf() -> None:
    one = wsjf(Issue(1, estimates=Estimates(**FULL)))
    assert (one.cost_of_delay, one.score, one.warnings) == (13, Fraction(13, 2), ())


def test_equal_wsjf_scores_go_by_cost_of_delay() -> None:
    """13 / 2 and 26 / 4."""
    twice = {key: value * 2 for key, value in FULL.items()}
    small, large = (Issue(key, estimates=Estimates(**one)) for key, one in ((1, FULL), (2, twice)))
    ranked = rank(score_wsjf(Inputs.gather(TODAY, issues=[small, large])))
    assert [score.demand.issue.id for _, score in ranked] == [2, 1]


@pytest.mark.parametrize("missing", FULL)
def test_wsjf_needs_every_part(missing: str) -> None:
    one = wsjf(Issue(1, estimates=Estimates(**(FULL | {missing: None}))))
    assert one.score is None
    assert [str(warning) for warning in one.warnings] == [f"add a {missing.replace('_', ' ')}"]


def test_job_size_0_counts_as_none() -> None:
    assert wsjf(Issue(1, estimates=Estimates(**(FULL | {"job_size": Decimal(0)})))).score is None


def test_a_closed_issue_has_neither_score() -> None:
    estimates = Estimates(
        reach=Decimal(1), impact=Decimal(1), confidence=Decimal(1), effort=Decimal(1), **FULL
    )
    closed = Issue(1, is_open=False, estimates=estimates)
    assert wsjf(closed).score is None
    assert score_rice(Inputs.gather(TODAY, issues=[closed]), Weights())[0].score is None


@pytest.mark.parametrize(
    ("importance", "satisfaction", "score"), [(9, 3, 15), (9, 9, 9), (2, 8, 2)]
)
def test_opportunity_score(importance: int, satisfaction: int, score: int) -> None:
    assert score_opportunity(Decimal(importance), Decimal(satisfaction)) == score
