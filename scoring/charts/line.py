"""One figure over days: a line that breaks where there is no number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from scoring.charts.percent import to_percent, write_number
from scoring.charts.scale import choose_ticks, shorten

TOP, BOTTOM = Fraction(12, 100), Fraction(84, 100)  # the figures stand above, the days below
MOST_DOTS = 20  # with more of them a line says it better


@dataclass(frozen=True, slots=True)
class DayValue:
    """`value` is None on a day without a number."""

    day: date
    value: Decimal | int | None


@dataclass(frozen=True, slots=True)
class Dot:
    """`x` and `y` in percent of the drawing."""

    x: str
    y: str
    day: date
    value: Decimal | int


@dataclass(frozen=True, slots=True)
class Tick:
    """`place` in percent along its axis; `anchor` keeps the outer ones inside the drawing."""

    place: str
    label: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class LineChart:
    """`path` and `area` are in a drawing of 100 × 100 that may be stretched.

    `dots` is empty where there are too many; `ends` are the first and the last one with a number.
    """

    path: str
    area: str
    dots: tuple[Dot, ...]
    ends: tuple[Dot, ...]
    figures: tuple[Tick, ...]
    days: tuple[Tick, ...]

    def __bool__(self) -> bool:
        return len(self.ends) > 1


def draw_line(values: Iterable[DayValue], *, is_rank: bool = False) -> LineChart:
    """Two days or more make a line. A rank of 1 is at the top; other figures start at 0.

    A gap of days without a row stays a gap only where a row says None: a row that is missing
    altogether is bridged.
    """
    values = sorted(values, key=lambda one: one.day)
    known = [Fraction(one.value) for one in values if one.value is not None]
    if not known:
        return LineChart("", "", (), (), (), ())
    ticks = _choose_figures(known, is_rank)
    runs = _place(values, ticks[0], ticks[-1], is_rank)
    dots = tuple(dot for run in runs for dot in run)
    return LineChart(
        path=" ".join(_trace(run) for run in runs),
        area="" if is_rank else " ".join(_fill(run) for run in runs if len(run) > 1),
        dots=dots if len(dots) <= MOST_DOTS else (),
        ends=dots[:1] + dots[-1:] if len(dots) > 1 else dots,
        figures=tuple(_label_figure(tick, ticks, is_rank) for tick in ticks),
        days=_label_days(values[0].day, values[-1].day),
    )


def _choose_figures(known: Sequence[Fraction], is_rank: bool) -> list[Fraction]:
    if not is_rank:
        return choose_ticks(min(Fraction(), *known), max(known))
    ticks = choose_ticks(Fraction(), max(*known, Fraction(2)))
    least = 1 + (ticks[1] - ticks[0]) / 2  # below it would stand on the 1
    return [Fraction(1), *(tick for tick in ticks if tick > least and tick.denominator == 1)]


def _place(
    values: Sequence[DayValue], lowest: Fraction, highest: Fraction, is_rank: bool
) -> list[list[Dot]]:
    first, length = values[0].day, (values[-1].day - values[0].day).days or 1
    runs: list[list[Dot]] = [[]]
    for one in values:
        if one.value is None:
            runs.append([])
            continue
        x = Fraction((one.day - first).days, length)
        y = _height(Fraction(one.value), lowest, highest, is_rank)
        runs[-1].append(Dot(to_percent(x), to_percent(y), one.day, one.value))
    return [run for run in runs if run]


def _height(value: Fraction, lowest: Fraction, highest: Fraction, is_rank: bool) -> Fraction:
    part = (value - lowest) / (highest - lowest)
    return TOP + (BOTTOM - TOP) * (part if is_rank else 1 - part)


def _trace(run: Sequence[Dot]) -> str:
    points = [f"{dot.x[:-1]} {dot.y[:-1]}" for dot in run]
    return f"M{points[0]}" + "".join(f"L{point}" for point in points[1:])


def _fill(run: Sequence[Dot]) -> str:
    floor = write_number(BOTTOM * 100)
    return f"{_trace(run)}L{run[-1].x[:-1]} {floor}L{run[0].x[:-1]} {floor}Z"


def _label_figure(tick: Fraction, ticks: Sequence[Fraction], is_rank: bool) -> Tick:
    label = f"{tick}" if is_rank else shorten(tick)
    return Tick(to_percent(_height(tick, ticks[0], ticks[-1], is_rank)), label)


def _label_days(first: date, last: date) -> tuple[Tick, ...]:
    length = (last - first).days
    if length < 4:
        shown = [(first, "start"), (last, "end")] if length else [(first, "start")]
    else:
        shown = [(first, "start"), (first + timedelta(days=length // 2), "middle"), (last, "end")]
    return tuple(
        Tick(to_percent(Fraction((day - first).days, length or 1)), f"{day.day} {day:%b}", anchor)
        for day, anchor in shown
    )
