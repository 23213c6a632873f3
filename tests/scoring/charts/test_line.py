"""Lines over days: where points stand, where a line breaks, what the axes say."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.charts.line import MOST_DOTS, DayValue, draw_line
from scoring.charts.scale import choose_ticks, shorten

START = date(2026, 11, 1)
STEPS = {1, 2, 5}


def days(*values: int | Decimal | None) -> list[DayValue]:
    return [DayValue(START + timedelta(days=n), value) for n, value in enumerate(values)]


def test_a_rising_line_ends_at_the_top() -> None:
    line = draw_line(days(0, 50, 100))
    assert line.path == "M0 84L50 48L100 12"
    assert line.area == "M0 84L50 48L100 12L100 84L0 84Z"
    assert [tick.label for tick in line.figures] == ["0", "50", "100"]
    assert [dot.value for dot in line.ends] == [0, 100]


def test_the_first_rank_is_at_the_top_and_nothing_is_filled() -> None:
    line = draw_line(days(1, 9, 5), is_rank=True)
    assert line.dots[0].y == "12%"
    assert line.area == ""
    assert [tick.label for tick in line.figures] == ["1", "5", "10"]


def test_a_rank_that_never_moves_has_whole_numbers_on_its_axis() -> None:
    line = draw_line(days(1, 1, 1), is_rank=True)
    assert [tick.label for tick in line.figures] == ["1", "2"]


def test_a_day_without_a_number_breaks_the_line() -> None:
    line = draw_line(days(10, 20, None, 20, 10))
    assert line.path.count("M") == 2
    assert line.area.count("Z") == 2
    assert len(line.dots) == 4


def test_a_day_that_is_not_told_is_bridged_at_its_true_distance() -> None:
    values = [DayValue(START, 10), DayValue(START + timedelta(days=4), 10)]
    assert [dot.x for dot in draw_line([*values, DayValue(START + timedelta(days=5), 0)]).dots] == [
        "0%",
        "80%",
        "100%",
    ]


@pytest.mark.parametrize("values", [[], [None, None], [7], [None, 7, None]])
def test_one_number_is_no_line(values: list[int | None]) -> None:
    assert not draw_line(days(*values))


def test_many_days_have_only_their_ends_as_dots() -> None:
    line = draw_line(days(*range(MOST_DOTS + 1)))
    assert line.dots == ()
    assert [dot.value for dot in line.ends] == [0, MOST_DOTS]


def test_days_are_named_at_both_ends_and_the_middle() -> None:
    line = draw_line(days(*range(31)))
    assert [(tick.label, tick.anchor) for tick in line.days] == [
        ("1 Nov", "start"),
        ("16 Nov", "middle"),
        ("1 Dec", "end"),
    ]


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = days(3, 1, 2)
    assert draw_line(reversed(rows)) == draw_line(rows)


@given(st.lists(st.none() | st.decimals(0, 10**12, places=2), min_size=1, max_size=60))
def test_everything_stays_inside_the_drawing(values: list[Decimal | None]) -> None:
    for dot in draw_line(days(*values)).dots:
        assert 0 <= Decimal(dot.x[:-1]) <= 100
        assert 12 <= Decimal(dot.y[:-1]) <= 84


@given(st.fractions(0, 10**9), st.fractions(0, 10**9))
def test_ticks_are_round_and_enclose(one: Fraction, other: Fraction) -> None:
    lowest, highest = min(one, other), max(one, other)
    ticks = choose_ticks(lowest, highest)
    assert ticks[0] <= lowest
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 7
    step = ticks[1] - ticks[0]
    while step >= 10:
        step /= 10
    while step < 1:
        step *= 10
    assert step in STEPS


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (40, "40"), (1_500, "1.5 k"), (250_000, "250 k"), (2_000_000, "2 M")],
)
def test_figures_on_an_axis_are_short(number: int, words: str) -> None:
    assert shorten(Fraction(number)) == words
