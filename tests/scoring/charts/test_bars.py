"""Share bars and stacked bars: what adds up, what is left out, what has a letter."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scoring.charts.share_bar import TONES, Piece, draw_share_bar
from scoring.charts.stacked_bars import Stack, draw_stacked_bars

amounts = st.lists(st.decimals(0, 10**9, places=2), max_size=30)


def pieces(*given_amounts: Decimal | int) -> list[Piece]:
    return [Piece(f"part {n}", Decimal(amount)) for n, amount in enumerate(given_amounts)]


def number(percent: str) -> Decimal:
    return Decimal(percent.removesuffix("%"))


def test_segments_stand_side_by_side_greatest_first() -> None:
    bar = draw_share_bar(pieces(10, 70, 20))
    assert [one.label for one in bar.segments] == ["part 1", "part 2", "part 0"]
    assert [one.mark for one in bar.segments] == ["A", "B", "C"]
    assert [one.tone for one in bar.segments] == [1, 2, 3]
    assert [(one.x, one.width, one.middle) for one in bar.segments] == [
        ("0%", "70%", "35%"),
        ("70%", "20%", "80%"),
        ("90%", "10%", "95%"),
    ]
    assert [one.percent for one in bar.segments] == ["70", "20", "10"]


def test_what_is_small_becomes_one_grey_rest() -> None:
    bar = draw_share_bar(pieces(*range(1, 11)), rest="Other links")
    assert len(bar.segments) == TONES
    assert (bar.segments[-1].label, bar.segments[-1].tone) == ("Other links (4)", 0)
    assert bar.segments[-1].amount == 1 + 2 + 3 + 4
    assert bar.total == 55


def test_rows_that_are_left_belong_to_the_rest() -> None:
    bar = draw_share_bar(pieces(*range(10, 0, -1)))
    assert [one and one.mark for one in bar.assign(9)] == [*"ABCDEF", "G", "G", "G"]
    few = draw_share_bar(pieces(5, 0))
    assert [one and one.mark for one in few.assign(2)] == ["A", None]


def test_seven_need_no_rest() -> None:
    assert [one.tone for one in draw_share_bar(pieces(*[1] * 7)).segments] == [1, 2, 3, 4, 5, 6, 7]


def test_a_sliver_has_no_room_for_its_letter() -> None:
    wide, sliver = draw_share_bar(pieces(99, 1)).segments
    assert (wide.has_room, sliver.has_room) == (True, False)


def test_nothing_is_no_bar() -> None:
    assert not draw_share_bar([])
    assert not draw_share_bar(pieces(0, 0))


@given(amounts)
def test_a_bar_is_full_and_loses_no_cent(given_amounts: list[Decimal]) -> None:
    bar = draw_share_bar(pieces(*given_amounts))
    assert bar.total == sum(given_amounts, Decimal())
    assert sum((one.amount for one in bar.segments), Decimal()) == bar.total
    if bar:
        assert abs(sum(number(one.width) for one in bar.segments) - 100) < Decimal("0.01")
        ends = [number(one.x) + number(one.width) for one in bar.segments]
        starts = [number(one.x) for one in bar.segments[1:]]
        gaps = [abs(a - b) for a, b in zip(ends, starts, strict=False)]
        assert all(gap <= Decimal("0.001") for gap in gaps)


def test_stacks_share_one_scale() -> None:
    stacks = [Stack("big", (Decimal(30), Decimal(10))), Stack("small", (Decimal(0), Decimal(20)))]
    big, small = draw_stacked_bars(("keep", "win"), stacks).bars
    assert [(one.x, one.width, one.tone) for one in big.segments] == [
        ("0%", "75%", 1),
        ("75%", "25%", 2),
    ]
    assert [(one.x, one.width, one.tone) for one in small.segments] == [("0%", "50%", 2)]
    assert (big.length, small.length) == ("100%", "50%")
    assert small.amounts == (0, 20)


def test_stacks_of_nothing_are_drawn_as_nothing() -> None:
    (empty,) = draw_stacked_bars(("keep",), [Stack("none", (Decimal(),))]).bars
    assert (empty.segments, empty.length) == ((), "0%")
    assert draw_stacked_bars(("keep",), []).bars == ()
