import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.matching.figures import compare, measure, measure_latency

RANKS = st.lists(st.integers(0, 30), min_size=1, max_size=40)


def test_measures_worked_by_hand() -> None:
    assert measure([1, 2, 10, 11, 0]) == {
        "R@1": 0.2,
        "R@5": 0.4,
        "R@10": 0.6,
        "R@20": 0.8,
        "MRR": pytest.approx((1 + 1 / 2 + 1 / 10 + 1 / 11) / 5),
        "candidates": 0.8,
    }


@settings(max_examples=15, deadline=None)
@given(RANKS)
def test_a_method_does_not_differ_from_itself(ranks: list[int]) -> None:
    for difference in compare(ranks, ranks).values():
        assert (difference.value, difference.low, difference.high) == (0, 0, 0)


@settings(max_examples=15, deadline=None)
@given(RANKS)
def test_the_interval_surrounds_its_middle_and_changes_sign_with_the_order(
    ranks: list[int],
) -> None:
    other = ranks[::-1]
    there, back = compare(ranks, other), compare(other, ranks)
    for name, difference in there.items():
        assert difference.low <= difference.high
        assert back[name].value == pytest.approx(-difference.value)


def test_a_clear_gain_has_an_interval_above_zero() -> None:
    gain = compare([1] * 60 + [0] * 40, [1] * 30 + [0] * 70)["R@1"]
    assert gain.value == pytest.approx(0.3)
    assert 0.2 < gain.low < 0.3 < gain.high < 0.4


def test_a_gain_on_one_query_of_many_proves_nothing() -> None:
    assert compare([1, *[0] * 99], [0] * 100)["R@1"].low == 0


def test_unequal_lists_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        compare([1, 2], [1])


def test_latency() -> None:
    latency = measure_latency([n / 100 for n in range(101)])
    assert (latency.median, latency.p95) == (0.5, pytest.approx(0.95))
    assert measure_latency([0.2]).p95 == 0.2
