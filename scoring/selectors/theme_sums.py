"""What themes are worth: each sums its issues, whole, also those that other themes have too."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Sum

from scoring.domain.rounding import to_cents
from scoring.domain.themes import sum_themes
from scoring.models import IssueScore


@dataclass(frozen=True, slots=True)
class ThemeSums:
    """`priority` is None while none of its issues has one; `unranked` lack a weight or more."""

    theme: str
    issues: int
    unranked: int
    retention: Decimal
    growth: Decimal
    priority: Decimal | None


def read_theme_sums() -> list[ThemeSums]:
    """The greatest priority first. One query: the database sums by sets of themes, of which
    there are few, and a set's sum counts whole in each of its themes."""
    sets = IssueScore.objects.order_by().values("themes").annotate(
        issues=Count("*"),
        ranked=Count("rank"),
        kept=Sum("retention"),
        won=Sum("growth"),
        worth=Sum("priority"),
    )  # fmt: skip
    found: list[dict[str, Any]] = [{**one} for one in sets if one["themes"]]
    totals = sum_themes((one["themes"], _as_fraction(one["worth"])) for one in found)
    by_theme: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        for theme in set(one["themes"]):
            by_theme[theme].append(one)
    return [_add_up(total.theme, total.total, by_theme[total.theme]) for total in totals]


def _add_up(theme: str, priority: Fraction | None, sets: list[dict[str, Any]]) -> ThemeSums:
    issues = sum(one["issues"] for one in sets)
    return ThemeSums(
        theme=theme,
        issues=issues,
        unranked=issues - sum(one["ranked"] for one in sets),
        retention=sum((one["kept"] or Decimal() for one in sets), Decimal()),
        growth=sum((one["won"] or Decimal() for one in sets), Decimal()),
        priority=None if priority is None else to_cents(priority),
    )


def _as_fraction(amount: Decimal | None) -> Fraction | None:
    return None if amount is None else Fraction(amount)
