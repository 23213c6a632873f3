"""Themes sum their issues; an issue with two themes counts whole in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """`total` is None while none of its issues has a score."""

    theme: str
    total: Fraction | None


def sum_themes(issues: Iterable[tuple[Iterable[str], Fraction | None]]) -> list[ThemeScore]:
    """From each issue's themes and score. The greatest first, equals by name, empty ones last."""
    totals: dict[str, Fraction | None] = {}
    for themes, score in issues:
        for theme in set(themes):
            known = totals.get(theme)
            totals[theme] = known if score is None else (known or Fraction()) + score
    scores = [ThemeScore(theme, total) for theme, total in totals.items()]
    return sorted(scores, key=lambda one: (one.total is None, -(one.total or 0), one.theme))
