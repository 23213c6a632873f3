"""The Customer Issues Prioritization Framework (CIPF), the default score.

Each account's ARR is divided over its open links by priority points, each opportunity's net
ARR over its own; a link's share times its urgency is its part of the issue's priority.
Derived figures: shipping an issue does not mean that ARR rises by its score.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from intake.domain.vocabulary import DemandKind
from scoring.domain.demand import IssueDemand, gather_demand
from scoring.domain.manual_value import ManualValue
from scoring.domain.pools import Pool, PoolKey, Share, divide, fill_pools, find_pool
from scoring.domain.records import Inputs, Key, Link
from scoring.domain.rounding import bring_together, count_money, sum_exactly
from scoring.domain.urgency import NOT_URGENT, Urgency, judge_growth, judge_retention
from scoring.domain.warning import ScoreWarning, WarningKind, tidy, warn_of_dates, warn_of_money
from scoring.domain.weights import Weights

FEWEST_POINTS, MOST_POINTS = 1, 10


@dataclass(frozen=True, slots=True)
class LinkScore:
    """One link's part of a score, with all that explains it; `priority` = share × urgency."""

    share: Share
    urgency: Urgency
    priority: Fraction


@dataclass(frozen=True, slots=True)
class PriorityScore:
    """`retention` and `growth` are None without an open link; `weighted` also without a weight.

    `manual` is there when a person's value stands in for the customers' priority.
    """

    demand: IssueDemand
    parts: tuple[LinkScore, ...]
    retention: Fraction | None
    growth: Fraction | None
    priority: Fraction | None
    weighted: Fraction | None
    manual: ManualValue | None
    warnings: tuple[ScoreWarning, ...]

    @property
    def combined(self) -> Fraction | None:
        if self.retention is None or self.growth is None:
            return None
        return self.retention + self.growth

    @property
    def merits(self) -> tuple[Fraction, ...] | None:
        if self.weighted is None or self.priority is None:
            return None
        return self.weighted, self.priority, self.demand.linked_arr


def count_points(link: Link) -> int:
    return min(max(link.points, FEWEST_POINTS), MOST_POINTS)


def score_priority(inputs: Inputs, weights: Weights) -> list[PriorityScore]:
    """Every issue's score, in the order of ids. The inputs hold every link of every account."""
    demands = gather_demand(inputs)
    return _score_demands(demands, fill_pools(demands, inputs, count_points), inputs, weights)


def score_in_pools(
    inputs: Inputs, weights: Weights, pools: Mapping[PoolKey, Pool]
) -> list[PriorityScore]:
    """Some issues' scores, to the same fraction as a full run's.

    The inputs hold these issues with all their links; `pools` is what those links draw on,
    with the points of all the other links of the same accounts and opportunities.
    """
    return _score_demands(gather_demand(inputs), pools, inputs, weights)


def _score_demands(
    demands: Iterable[IssueDemand],
    pools: Mapping[PoolKey, Pool],
    inputs: Inputs,
    weights: Weights,
) -> list[PriorityScore]:
    urgencies = {key: _judge(key, inputs, weights) for key in pools}
    return [_score_issue(demand, pools, urgencies, inputs) for demand in demands]


def _judge(key: PoolKey, inputs: Inputs, weights: Weights) -> Urgency:
    if key.kind == DemandKind.RETENTION:
        account = inputs.accounts[key.owner]
        return judge_retention(account, weights.retention, today=inputs.today)
    opportunity = inputs.opportunities[key.owner]
    return judge_growth(opportunity, weights.growth, today=inputs.today)


def _score_issue(
    demand: IssueDemand,
    pools: Mapping[PoolKey, Pool],
    urgencies: Mapping[PoolKey, Urgency],
    inputs: Inputs,
) -> PriorityScore:
    parts = tuple(_score_link(link, pools, urgencies) for link in demand.links)
    asked = sum_exactly(part.priority for part in parts) if parts else None
    priority, manual = _choose_priority(demand, asked)
    return PriorityScore(
        demand,
        parts,
        retention=_sum_kind(parts, DemandKind.RETENTION),
        growth=_sum_kind(parts, DemandKind.GROWTH),
        priority=priority,
        weighted=priority / Fraction(demand.issue.weight)
        if priority is not None and demand.issue.weight
        else None,
        manual=manual,
        warnings=_warn(demand, parts, priority, inputs),
    )


def _score_link(
    link: Link, pools: Mapping[PoolKey, Pool], urgencies: Mapping[PoolKey, Urgency]
) -> LinkScore:
    share = divide(link, pools, count_points)
    key = find_pool(link)
    urgency = urgencies[key] if key else NOT_URGENT
    # Most are not urgent, and fractions are slow to multiply.
    priority = share.money if urgency.factor == 1 else share.money * urgency.factor
    return LinkScore(share, urgency, priority)


def _choose_priority(
    demand: IssueDemand, asked: Fraction | None
) -> tuple[Fraction | None, ManualValue | None]:
    """A manual value gives way once customers ask for more: a first small one lowers nothing."""
    manual = demand.issue.estimates.manual
    if manual is None or manual.money is None or not demand.issue.is_open:
        return asked, None
    worth = count_money(manual.money)
    return (worth, manual) if asked is None or worth > asked else (asked, None)


def _warn(
    demand: IssueDemand,
    parts: tuple[LinkScore, ...],
    priority: Fraction | None,
    inputs: Inputs,
) -> tuple[ScoreWarning, ...]:
    warnings = [*warn_of_money(demand, inputs), *warn_of_dates(demand, inputs)]
    if priority is not None and not demand.issue.weight:
        warnings.append(ScoreWarning(WarningKind.WEIGHT_MISSING))
    if (account := find_dominant(parts)) is not None:
        warnings.append(ScoreWarning(WarningKind.ONE_ACCOUNT, account=account))
    return tidy(warnings)


def find_dominant(parts: Iterable[LinkScore]) -> Key | None:
    """The account behind more than half of the priority, if there is one."""
    parts = list(parts)
    counts, _ = bring_together([part.priority for part in parts])
    by_account: dict[Key, int] = defaultdict(int)
    for part, count in zip(parts, counts, strict=True):
        by_account[part.share.link.account] += count
    total = sum(counts)
    return next((key for key, part in by_account.items() if part * 2 > total), None)


def _sum_kind(parts: tuple[LinkScore, ...], kind: DemandKind) -> Fraction | None:
    if not parts:
        return None
    return sum_exactly(part.share.money for part in parts if part.share.link.kind == kind)
