"""Which labels of ours an issue should carry in GitLab: buckets, never a name, never money."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from intake.domain.vocabulary import DEFAULT_CROSSWALK, CrosswalkRow, DemandKind
from scoring.domain.demand import IssueDemand
from scoring.domain.records import Key
from scoring.domain.weights import Weights

SCORE, URGENCY, INTENT = "customer-priority-score", "customer-urgency", "customer-intent"


@dataclass(frozen=True, slots=True)
class Standing:
    """What labels are chosen from. `weighted` is the issue's weighted priority score."""

    demand: IssueDemand
    weighted: Fraction | None
    is_public: bool


@dataclass(frozen=True, slots=True)
class Labels:
    """`bucket` counts from 1, the highest; None where no label is due."""

    bucket: int | None = None
    urgency: str | None = None
    intent: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        scoped = ((SCORE, self.bucket), (URGENCY, self.urgency), (INTENT, self.intent))
        return tuple(f"{scope}::{value}" for scope, value in scoped if value is not None)


def choose_labels(
    standings: Iterable[Standing],
    weights: Weights,
    crosswalk: Mapping[str, CrosswalkRow] = DEFAULT_CROSSWALK,
) -> dict[Key, Labels]:
    """For every issue, by its id; no label at all where too few accounts stand behind it."""
    groups: dict[tuple[str | None, str | None], list[Standing]] = defaultdict(list)
    for standing in standings:
        issue = standing.demand.issue
        groups[issue.group, issue.type].append(standing)
    return {
        standing.demand.issue.id: _label(standing, bucket, weights, crosswalk)
        for group in groups.values()
        for standing, bucket in zip(group, fill_buckets(group, weights), strict=True)
    }


def fill_buckets(group: Sequence[Standing], weights: Weights) -> list[int | None]:
    """Bucket ⌊buckets × (rank − 1) / n⌋ + 1 of each; equal scores share the better one.

    Ranks are among the n issues with a weighted score; with too few of them nobody has one.
    """
    counts = Counter(one.weighted for one in group if one.weighted is not None)
    total = counts.total()
    if total < weights.minimum_group:
        return [None] * len(group)
    buckets: dict[Fraction | None, int] = {}
    better = 0
    for score in sorted(counts, reverse=True):
        buckets[score] = weights.buckets * better // total + 1
        better += counts[score]
    return [buckets.get(one.weighted) for one in group]


def name_urgency(points: int, crosswalk: Mapping[str, CrosswalkRow] = DEFAULT_CROSSWALK) -> str:
    """The gravest word of the form whose points are reached, as a label spells it."""
    by_points = sorted((row.points, urgency) for urgency, row in crosswalk.items())
    reached = [urgency for least, urgency in by_points if least <= points]
    urgency = reached[-1] if reached else by_points[0][1]
    return str(urgency).replace("_", "-")


def name_intent(kinds: Iterable[DemandKind]) -> str | None:
    """The union over the links; None without any."""
    names = {DemandKind.RETENTION: "retain", DemandKind.GROWTH: "expand"}
    found = {names[kind] for kind in kinds}
    return "both" if len(found) > 1 else next(iter(found), None)


def _label(
    standing: Standing,
    bucket: int | None,
    weights: Weights,
    crosswalk: Mapping[str, CrosswalkRow],
) -> Labels:
    demand = standing.demand
    least = weights.minimum_accounts_public if standing.is_public else weights.minimum_accounts
    if not demand.links or len(demand.accounts) < least:
        return Labels()
    points = max(link.points for link in demand.links)
    kinds = (link.kind for link in demand.links)
    return Labels(bucket, name_urgency(points, crosswalk), name_intent(kinds))
