"""Money divided by points: an account's ARR over its retention links, an opportunity's net ARR
over its growth links. No cent is counted twice.

Which points are divided by is the model's choice; each choice is a pool of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from intake.domain.vocabulary import DemandKind
from scoring.domain.demand import IssueDemand
from scoring.domain.records import Inputs, Key, Link
from scoring.domain.rounding import count_money

Measure = Callable[[Link], int]


class PoolKey(NamedTuple):
    """`owner` is an account for retention, an opportunity for growth."""

    kind: DemandKind
    owner: Key


@dataclass(frozen=True, slots=True)
class Pool:
    """`points` is the sum over the open links that share `money`, at least 1."""

    money: Fraction
    points: int
    value_per_point: Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """One link's part of its pool. Without a pool (no open opportunity) it carries no money."""

    link: Link
    points: int
    pool: Pool | None
    money: Fraction


def find_pool(link: Link) -> PoolKey | None:
    """None for growth without an opportunity."""
    if link.kind == DemandKind.RETENTION:
        return PoolKey(DemandKind.RETENTION, link.account)
    if link.opportunity is None:
        return None
    return PoolKey(DemandKind.GROWTH, link.opportunity)


def fill_pools(
    demands: Iterable[IssueDemand], inputs: Inputs, measure: Measure
) -> dict[PoolKey, Pool]:
    """Over open links only: what is closed gives its points back to the others."""
    points: dict[PoolKey, int] = defaultdict(int)
    for demand in demands:
        for link in demand.links:
            if key := find_pool(link):
                points[key] += measure(link)
    return {key: make_pool(find_money(key, inputs), total) for key, total in points.items()}


def divide(link: Link, pools: Mapping[PoolKey, Pool], measure: Measure) -> Share:
    points = measure(link)
    key = find_pool(link)
    if key is None:
        return Share(link, points, None, Fraction())
    pool = pools[key]
    return Share(link, points, pool, points * pool.value_per_point)


def make_pool(money: Fraction, points: int) -> Pool:
    """From sums that were made elsewhere; `points` at least 1."""
    return Pool(money, points, money / points)


def find_money(key: PoolKey, inputs: Inputs) -> Fraction:
    if key.kind == DemandKind.RETENTION:
        return count_money(inputs.accounts[key.owner].arr)
    return count_money(inputs.opportunities[key.owner].net_arr)
