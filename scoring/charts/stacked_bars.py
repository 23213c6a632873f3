"""Several amounts under each other on one scale, each made of the same parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.charts.percent import to_percent
from scoring.charts.share_bar import Piece, Segment, draw_segment


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar: `amounts` are 0 or more and stand for the parts of the chart, in their order."""

    label: str
    amounts: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Bar:
    """`segments` leaves out what is 0; `length` is in percent of the longest bar."""

    label: str
    segments: tuple[Segment, ...]
    amounts: tuple[Decimal, ...]
    total: Decimal
    length: str


@dataclass(frozen=True, slots=True)
class StackedBars:
    """`parts` are the names of the parts, for the legend and the table's heads."""

    parts: tuple[str, ...]
    bars: tuple[Bar, ...]


def draw_stacked_bars(parts: Sequence[str], stacks: Iterable[Stack]) -> StackedBars:
    """In the order given; the greatest total fills the whole width."""
    stacks = list(stacks)
    longest = max((sum(stack.amounts, Decimal()) for stack in stacks), default=Decimal())
    bars = tuple(_draw(parts, stack, Fraction(longest)) for stack in stacks)
    return StackedBars(tuple(parts), bars)


def _draw(parts: Sequence[str], stack: Stack, longest: Fraction) -> Bar:
    segments: list[Segment] = []
    start = Fraction()
    for number, (part, amount) in enumerate(zip(parts, stack.amounts, strict=True), start=1):
        width = Fraction(amount) / longest if longest else Fraction()
        if width:
            segments.append(draw_segment(Piece(part, amount), number, start, width))
        start += width
    total = sum(stack.amounts, Decimal())
    amounts = tuple(stack.amounts)
    return Bar(stack.label, tuple(segments), amounts, total, to_percent(start))
