"""The framework's scores under other multipliers, from the parts that are stored with them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from intake.domain.vocabulary import DemandKind
from scoring.domain.moves import Place
from scoring.domain.pools import PoolKey
from scoring.domain.records import Account, Issue, Opportunity
from scoring.domain.rounding import count_money, sum_exactly, to_cents, to_millionths
from scoring.domain.urgency import judge_growth, judge_retention
from scoring.domain.weights import Model, Weights

Factors = Mapping[PoolKey, Fraction]


def are_multipliers_all(before: Weights, after: Weights) -> bool:
    """Whether both are the framework's, and nothing but its tables differs."""
    same = replace(before, retention=after.retention, growth=after.growth)
    return before.model == Model.CIPF and same == after


def find_other_factors(
    accounts: Iterable[Account],
    opportunities: Iterable[Opportunity],
    before: Weights,
    after: Weights,
    *,
    today: date,
) -> dict[PoolKey, Fraction]:
    """Each pool's new multiplier, where it is another one than before."""
    factors: dict[PoolKey, Fraction] = {}
    for account in accounts:
        now = judge_retention(account, after.retention, today=today).factor
        if now != judge_retention(account, before.retention, today=today).factor:
            factors[PoolKey(DemandKind.RETENTION, account.id)] = now
    for opportunity in opportunities:
        now = judge_growth(opportunity, after.growth, today=today).factor
        if now != judge_growth(opportunity, before.growth, today=today).factor:
            factors[PoolKey(DemandKind.GROWTH, opportunity.id)] = now
    return factors


def is_touched(parts: Iterable[Mapping[str, Any]], factors: Factors) -> bool:
    return any(_find_key(part) in factors for part in parts)


def price(
    issue: Issue, place: Place, parts: Iterable[Mapping[str, Any]], factors: Factors
) -> Place:
    """An open issue's place with its priority summed anew; its rank is yet to be found.

    `parts` are those of `scoring.models.ScoreParts`. Points and money are stored to the cent they
    were given in, so that the sum is exact.
    """
    priority = sum_exactly(_price_part(part, factors) for part in parts)
    manual = issue.estimates.manual
    if manual is not None and manual.money is not None:
        priority = max(priority, count_money(manual.money))
    score = to_millionths(priority / Fraction(issue.weight)) if issue.weight else None
    return replace(place, rank=None, score=score, priority=to_cents(priority))


def _price_part(part: Mapping[str, Any], factors: Factors) -> Fraction:
    if not part["pool_points"]:
        return Fraction()
    factor = factors.get(_find_key(part)) or Fraction(part["multiplier"])
    cents = int(Decimal(part["pool_money"]) * 100) * part["points"] * factor.numerator
    return Fraction(cents, 100 * part["pool_points"] * factor.denominator)


def _find_key(part: Mapping[str, Any]) -> PoolKey:
    kind = DemandKind(part["kind"])
    owner = part["account"] if kind == DemandKind.RETENTION else part["opportunity"]
    return PoolKey(kind, owner)
