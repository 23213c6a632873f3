"""Why an issue has its score, and what an account's money is on, in cents that still sum."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.domain.pools import PoolKey, find_pool
from scoring.domain.priority_points import LinkScore, PriorityScore
from scoring.domain.records import Key, Link, order_key
from scoring.domain.rounding import to_cents, to_cents_together, to_plain


@dataclass(frozen=True, slots=True)
class ExplainedLink:
    """`share` = `points` of `pool_points` of `pool_money`; `priority` = `share` × `multiplier`.

    Without an opportunity there is no pool: its points and money are 0.
    """

    link: Link
    points: int
    pool_points: int
    pool_money: Decimal
    share: Decimal
    multiplier: Decimal
    reason: str
    priority: Decimal


def explain_issue(score: PriorityScore) -> list[ExplainedLink]:
    """Link by link; shares sum to the combined score, priorities to what the links make of it."""
    return _round_together(score.parts)


def explain_account(scores: Iterable[PriorityScore], account: Key) -> list[ExplainedLink]:
    """Over all of an account's open links: each pool's shares sum to its money, to the cent."""
    pools: dict[PoolKey | None, list[LinkScore]] = defaultdict(list)
    for score in scores:
        for part in score.parts:
            if part.share.link.account == account:
                pools[find_pool(part.share.link)].append(part)
    rows = [row for parts in pools.values() for row in _round_together(parts)]
    return sorted(rows, key=lambda row: order_key(row.link.issue))


def _round_together(parts: Iterable[LinkScore]) -> list[ExplainedLink]:
    parts = list(parts)
    shares = to_cents_together([part.share.money for part in parts])
    priorities = to_cents_together([part.priority for part in parts])
    return [
        _explain(part, share, priority)
        for part, share, priority in zip(parts, shares, priorities, strict=True)
    ]


def _explain(part: LinkScore, share: Decimal, priority: Decimal) -> ExplainedLink:
    pool = part.share.pool
    return ExplainedLink(
        link=part.share.link,
        points=part.share.points,
        pool_points=pool.points if pool else 0,
        pool_money=to_cents(pool.money) if pool else Decimal("0.00"),
        share=share,
        multiplier=_write_factor(part.urgency.factor),
        reason=part.urgency.reason,
        priority=priority,
    )


def _write_factor(factor: Fraction) -> Decimal:
    """Most are whole, which is told at once."""
    return Decimal(factor.numerator if factor.denominator == 1 else to_plain(factor))
