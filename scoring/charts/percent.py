"""Places in percent of a drawing: it grows with its column and the words in it do not."""

from collections.abc import Sequence
from fractions import Fraction


def to_percent(share: Fraction) -> str:
    """A share 0..1 as an SVG length, three places: 0.125 → 12.5%."""
    return f"{write_number(share * 100)}%"


def write_number(number: Fraction) -> str:
    """At most three places, without trailing zeros and never in a language's own spelling."""
    thousandths = round(number * 1000)
    whole, rest = divmod(abs(thousandths), 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".")


def spread(amounts: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
    """Start and width of each amount (0 or more) when all of them fill 0..1 side by side."""
    total = sum(amounts, Fraction())
    places: list[tuple[Fraction, Fraction]] = []
    start = Fraction()
    for amount in amounts:
        width = amount / total if total else Fraction()
        places.append((start, width))
        start += width
    return places
