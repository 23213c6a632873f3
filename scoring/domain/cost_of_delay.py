"""CD3: cost of delay divided by duration, on the pilot's low / medium / high = 1 / 2 / 3.

Value points divide the money, in pools apart from those of the priority points. The figure is
relative, on yearly money: it orders, it does not forecast.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from scoring.domain.demand import IssueDemand, gather_demand
from scoring.domain.pools import Pool, PoolKey, Share, divide, fill_pools
from scoring.domain.records import Inputs, Issue, Link
from scoring.domain.warning import ScoreWarning, WarningKind, tidy, warn_of_money
from scoring.domain.weights import Weights


@dataclass(frozen=True, slots=True)
class LinkDelay:
    """`cost` = the share of the money × the link's urgency points."""

    share: Share
    urgency_points: int
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Duration:
    weeks: Fraction
    is_derived: bool  # from the weight


@dataclass(frozen=True, slots=True)
class DelayScore:
    """`cost_of_delay` is None without an open link, `score` also without a duration."""

    demand: IssueDemand
    parts: tuple[LinkDelay, ...]
    cost_of_delay: Fraction | None
    duration: Duration | None
    score: Fraction | None
    warnings: tuple[ScoreWarning, ...]

    @property
    def merits(self) -> tuple[Fraction, ...] | None:
        if self.score is None or self.cost_of_delay is None:
            return None
        return self.score, self.cost_of_delay, self.demand.linked_arr


def count_value(link: Link) -> int:
    return link.value


def score_delay(inputs: Inputs, weights: Weights) -> list[DelayScore]:
    """The sum over all links, in the order of ids."""
    return _score(inputs, weights, is_average=False)


def score_pilot_average(inputs: Inputs, weights: Weights) -> list[DelayScore]:
    """As the pilot had it: averaged over distinct customers, so a small one may lower a score."""
    return _score(inputs, weights, is_average=True)


def _score(inputs: Inputs, weights: Weights, *, is_average: bool) -> list[DelayScore]:
    demands = gather_demand(inputs)
    pools = fill_pools(demands, inputs, count_value)
    return [_score_issue(demand, pools, inputs, weights, is_average) for demand in demands]


def _score_issue(
    demand: IssueDemand,
    pools: Mapping[PoolKey, Pool],
    inputs: Inputs,
    weights: Weights,
    is_average: bool,
) -> DelayScore:
    parts = tuple(_score_link(link, pools) for link in demand.links)
    cost = sum((part.cost for part in parts), Fraction()) if parts else None
    if cost is not None and is_average:
        cost /= len(demand.accounts)
    duration = find_duration(demand.issue, weights)
    warnings = list(warn_of_money(demand, inputs))
    if parts and (duration is None or duration.is_derived):
        kind = WarningKind.DURATION_DERIVED if duration else WarningKind.DURATION_MISSING
        warnings.append(ScoreWarning(kind))
    score = cost / duration.weeks if cost is not None and duration else None
    return DelayScore(demand, parts, cost, duration, score, tidy(warnings))


def _score_link(link: Link, pools: Mapping[PoolKey, Pool]) -> LinkDelay:
    share = divide(link, pools, count_value)
    return LinkDelay(share, link.urgency_points, share.money * link.urgency_points)


def find_duration(issue: Issue, weights: Weights) -> Duration | None:
    """In weeks; an estimate of 0 counts as none, then the weight stands in for it."""
    if issue.estimates.duration_weeks:
        return Duration(Fraction(issue.estimates.duration_weeks), is_derived=False)
    if issue.weight:
        weeks = Fraction(issue.weight) * Fraction(weights.weeks_per_point)
        return Duration(weeks, is_derived=True)
    return None


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: what a unit of time of delay costs, and how many it takes."""

    cost_of_delay: Fraction
    duration: Fraction


J = TypeVar("J", bound=Job)


def delay_cost(order: Sequence[Job]) -> Fraction:
    """What waiting costs when the jobs are done one after the other, in this order.

    Least when the jobs stand by falling cost of delay / duration (Smith's rule, 1956).
    """
    finished_at = cost = Fraction()
    for job in order:
        finished_at += job.duration
        cost += job.cost_of_delay * finished_at
    return cost


def sort_jobs(jobs: Iterable[J]) -> list[J]:
    """The order that costs least. Durations are above 0."""
    return sorted(jobs, key=lambda job: -job.cost_of_delay / job.duration)
