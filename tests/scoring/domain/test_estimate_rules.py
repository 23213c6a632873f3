"""What may be entered as an estimate of each kind."""

import pytest

from scoring.domain.estimate_rules import RULES, UnfitEstimate, fit_reason, fit_value
from scoring.domain.weights import Weights
from scoring.models import EstimateKind

SHARES, HEADS = Weights(), Weights(is_reach_in_people=True)


def test_every_kind_has_a_rule() -> None:
    assert set(RULES) == set(EstimateKind.values)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("duration_weeks", " 2.50 ", "2.5"),
        ("reach", "1.5", "1.5"),
        ("impact", "0.25", "0.25"),
        ("confidence", "80", "80"),
        ("effort", "0.5", "0.5"),
        ("business_value", "0", "0"),
        ("job_size", "13", "13"),
        ("manual_value", "120,000.00", "120000"),
        ("manual_value", "1,200,000", "1200000"),
        ("manual_value", "0", "0"),
        ("manual_value", "High", "high"),
    ],
)
def test_what_fits_is_kept_plainly(kind: str, typed: str, kept: str) -> None:
    assert fit_value(kind, typed, SHARES) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("duration_weeks", "0"),
        ("duration_weeks", "521"),
        ("duration_weeks", "1.234"),
        ("duration_weeks", "-1"),
        ("duration_weeks", ""),
        ("reach", "4"),
        ("impact", "5"),
        ("confidence", "90"),
        ("effort", "0"),
        ("job_size", "0"),
        ("business_value", "1e3"),
        ("business_value", "NaN"),
        ("business_value", "high"),
        ("manual_value", "1,5"),
        ("manual_value", "12,00"),
        ("manual_value", "1000000000001"),
        ("manual_value", "9" * 400),
        ("manual_value", "enormous"),
        ("manual_value", "٣"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(kind: str, typed: str) -> None:
    with pytest.raises(UnfitEstimate, match=r"number|Choose"):
        fit_value(kind, typed, SHARES)


def test_reach_is_a_head_count_where_the_weights_say_so() -> None:
    assert fit_value("reach", "2,000", HEADS) == "2000"
    with pytest.raises(UnfitEstimate):
        fit_value("reach", "2000", SHARES)


def test_only_a_manual_value_has_a_reason() -> None:
    assert fit_reason("manual_value", "UX debt") == "UX debt"
    assert fit_reason("effort", "UX debt") == ""
    with pytest.raises(UnfitEstimate, match="reason"):
        fit_reason("manual_value", "whim")
