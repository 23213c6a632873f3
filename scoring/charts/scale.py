"""Round numbers along an axis."""

from fractions import Fraction
from math import floor, log10

STEPS = (1, 2, 5, 10)


def choose_ticks(lowest: Fraction, highest: Fraction, *, most: int = 4) -> list[Fraction]:
    """Multiples of 1, 2 or 5 × a power of ten that enclose both ends, about `most` steps."""
    if highest <= lowest:
        highest = lowest + (abs(lowest) or 1)
    step = _choose_step((highest - lowest) / most)
    first, last = lowest // step, -(-highest // step)
    return [step * number for number in range(first, last + 1)]


def shorten(number: Fraction) -> str:
    """For an axis: 1.5 M, 250 k, 40. Three digits at most behind the point."""
    for size, letter in ((1_000_000_000, " bn"), (1_000_000, " M"), (1_000, " k")):
        if abs(number) >= size:
            return f"{_trim(number / size)}{letter}"
    return _trim(number)


def _choose_step(least: Fraction) -> Fraction:
    power = Fraction(10) ** floor(log10(least))
    return next(step * power for step in STEPS if step * power >= least)


def _trim(number: Fraction) -> str:
    text = f"{float(number):.3f}"
    return text.rstrip("0").rstrip(".")
