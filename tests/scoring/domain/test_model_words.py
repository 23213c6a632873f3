"""Each model in a line, and what can be done about each warning."""

from dataclasses import replace
from decimal import Decimal

from scoring.domain.advice import ADVICE
from scoring.domain.cost_of_delay import score_delay
from scoring.domain.gap_ranking import count_figures, score_gaps
from scoring.domain.model_words import ModelWords, tell_delay, tell_gaps, tell_rice, tell_wsjf
from scoring.domain.records import Account, Estimates, Inputs, Issue, Link, Severity
from scoring.domain.rice import score_rice
from scoring.domain.warning import WarningKind
from scoring.domain.weights import Weights
from scoring.domain.wsjf import score_wsjf
from tests.scoring.worked import TODAY, read_t1

ESTIMATED = Estimates(
    reach=Decimal(10),
    impact=Decimal("0.5"),
    confidence=Decimal(80),
    effort=Decimal(2),
    business_value=Decimal(8),
    time_criticality=Decimal(3),
    risk_reduction=Decimal(2),
    job_size=Decimal(5),
)


def read_one(estimates: Estimates, weight: int | None = None) -> Inputs:
    issue = Issue(1, weight=None if weight is None else Decimal(weight), estimates=estimates)
    account = Account("A", Decimal(1_000), seats=60, is_strategic=True)
    return Inputs.gather(
        TODAY, accounts=[account], issues=[issue], links=[Link(1, "A", severity=Severity.P0)]
    )


def test_cost_of_delay() -> None:
    words = tell_delay(score_delay(read_t1(), Weights())[0])
    assert words == ModelWords("78,000", "cost of delay 390,000 ÷ 5 weeks")


def test_a_duration_from_the_weight_says_so_and_lacks_nothing() -> None:
    (score,) = score_delay(read_one(Estimates(), weight=1), Weights())
    assert tell_delay(score) == ModelWords("1,000", "cost of delay 1,000 ÷ 1 week, from the weight")


def test_without_a_duration_there_is_no_figure() -> None:
    (score,) = score_delay(read_one(Estimates()), Weights())
    assert tell_delay(score) == ModelWords("", "cost of delay 1,000", ("a duration",))


def test_rice_tells_a_confirmed_reach_from_a_proposed_one() -> None:
    confirmed = tell_rice(score_rice(read_one(ESTIMATED), Weights())[0])
    assert confirmed == ModelWords(
        "2", "reach 10 (confirmed) × impact 0.5 × confidence 80 % ÷ effort 2 person-months"
    )
    proposed = tell_rice(score_rice(read_one(replace(ESTIMATED, reach=None)), Weights())[0])
    assert proposed.made_of.startswith("reach 10 (proposed from seats)")
    bare = tell_rice(score_rice(read_one(Estimates()), Weights())[0])
    assert bare.figure == ""
    assert set(bare.lacks) == {"an impact", "a confidence", "an effort"}


def test_wsjf() -> None:
    assert tell_wsjf(score_wsjf(read_one(ESTIMATED))[0]) == ModelWords(
        "2.6", "cost of delay 13 ÷ job size 5"
    )
    assert tell_wsjf(score_wsjf(read_one(Estimates()))[0]).made_of == ""


def test_gap_ranking_shows_share_and_count() -> None:
    inputs = read_one(Estimates())
    (score,) = score_gaps(inputs)
    words = tell_gaps(count_figures(score.demand, inputs), "2.5")
    assert words == ModelWords(
        "mean rank 2.5", "impacted ARR 1,000, accounts 1, strategic 1, dealbreaker for 1 of 1"
    )
    assert tell_gaps(count_figures(score.demand, inputs), "").figure == ""


def test_every_warning_has_advice() -> None:
    assert set(ADVICE) == set(WarningKind)
