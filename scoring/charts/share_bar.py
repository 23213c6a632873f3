"""One amount and what it is made of: a bar of segments, side by side, greatest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.charts.percent import spread, to_percent, write_number

TONES = 7  # colours that can be told apart; scoring_charts.css has as many
WIDE_ENOUGH = Fraction(5, 100)  # for a letter inside


@dataclass(frozen=True, slots=True)
class Piece:
    """`amount` is 0 or more. `tone` fixes the colour, for bars that are read together."""

    label: str
    amount: Decimal
    tone: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """`x` and `width` in percent of the bar; `mark` names it in the bar and in its table.

    `tone` 1..7 is a colour, 0 is the grey of all that is left. `percent` is a plain number.
    """

    label: str
    amount: Decimal
    mark: str
    tone: int
    x: str
    width: str
    middle: str
    percent: str
    has_room: bool


@dataclass(frozen=True, slots=True)
class ShareBar:
    """`total` is the sum of the amounts."""

    segments: tuple[Segment, ...]
    total: Decimal

    def __bool__(self) -> bool:
        return self.total > 0

    def assign(self, count: int) -> list[Segment | None]:
        """For so many rows, greatest first: the segment of each, the rest's for all that is left.

        None where a row's amount is 0 and there is no rest.
        """
        own = [segment for segment in self.segments if segment.tone]
        rest = next((segment for segment in self.segments if not segment.tone), None)
        return [own[place] if place < len(own) else rest for place in range(count)]


def draw_share_bar(pieces: Iterable[Piece], *, rest: str = "The others") -> ShareBar:
    """At most seven segments with a colour of their own; the smaller ones become one, `rest`.

    Equal amounts keep the order they came in. Amounts of 0 are left out.
    """
    ordered = sorted((piece for piece in pieces if piece.amount > 0), key=lambda one: -one.amount)
    kept = ordered if len(ordered) <= TONES else ordered[: TONES - 1]
    others = ordered[len(kept) :]
    if others:
        label = f"{rest} ({len(others)})"
        kept = [*kept, Piece(label, sum((one.amount for one in others), Decimal()), tone=0)]
    places = spread([Fraction(piece.amount) for piece in kept])
    segments = tuple(
        draw_segment(piece, number, *place)
        for number, (piece, place) in enumerate(zip(kept, places, strict=True), start=1)
    )
    return ShareBar(segments, sum((piece.amount for piece in kept), Decimal()))


def draw_segment(piece: Piece, number: int, start: Fraction, width: Fraction) -> Segment:
    """`number` counts from 1: it is the letter, and the colour where the piece names none."""
    return Segment(
        label=piece.label,
        amount=piece.amount,
        mark=chr(ord("A") + number - 1) if number <= 26 else str(number),
        tone=number if piece.tone is None else piece.tone,
        x=to_percent(start),
        width=to_percent(width),
        middle=to_percent(start + width / 2),
        percent=write_number(Fraction(round(width * 1000), 10)),
        has_room=width >= WIDE_ENOUGH,
    )
