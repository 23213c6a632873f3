"""Every issue's figures under one set of weights: for the store, for previews, for what-if."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from intake.domain.vocabulary import DEFAULT_CROSSWALK
from scoring.domain.computed import Computed, Crosswalk
from scoring.domain.cost_of_delay import score_delay, score_pilot_average
from scoring.domain.gap_ranking import count_figures, score_gaps
from scoring.domain.labels import Standing, fill_buckets
from scoring.domain.priority_points import PriorityScore, score_priority
from scoring.domain.ranking import Score, rank
from scoring.domain.records import Inputs, Key
from scoring.domain.rice import score_rice
from scoring.domain.rounding import to_cents
from scoring.domain.weights import Model, Weights
from scoring.domain.wsjf import score_wsjf

__all__ = ["Computed", "compute", "score_active", "sort_into_buckets"]

MODELS: dict[Model, Callable[[Inputs, Weights], Sequence[Score]]] = {
    Model.CIPF: score_priority,
    Model.CD3: score_delay,
    Model.CD3_PILOT_AVERAGE: score_pilot_average,
    Model.RICE: score_rice,
    Model.WSJF: lambda inputs, _: score_wsjf(inputs),
    Model.GAP_RANKING: lambda inputs, _: score_gaps(inputs),
}


def compute(
    inputs: Inputs, weights: Weights, crosswalk: Crosswalk = DEFAULT_CROSSWALK
) -> list[Computed]:
    """Every issue of the inputs, in rank order; those without a score last, by id."""
    exact = score_priority(inputs, weights)
    active = score_active(exact, inputs, weights)
    by_issue = {score.demand.issue.id: score for score in exact}
    buckets = sort_into_buckets(exact, weights)
    return [
        Computed(
            model=weights.model,
            exact=by_issue[score.demand.issue.id],
            active=score,
            gaps=count_figures(score.demand, inputs),
            crosswalk=crosswalk,
            rank=place,
            bucket=buckets[score.demand.issue.id],
        )
        for place, score in rank(active)
    ]


def score_active(
    exact: Sequence[PriorityScore], inputs: Inputs, weights: Weights
) -> Sequence[Score]:
    """The active model's scores; the framework's need not be made twice."""
    return exact if weights.model == Model.CIPF else MODELS[weights.model](inputs, weights)


def sort_into_buckets(scores: Iterable[PriorityScore], weights: Weights) -> dict[Key, int | None]:
    """Within each (group, type). Scores count as they are shown: to the cent."""
    groups: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for score in scores:
        issue = score.demand.issue
        shown = None if score.weighted is None else Fraction(to_cents(score.weighted))
        standing = Standing(score.demand, shown, is_public=False)
        groups[issue.group or "", issue.type or ""].append(standing)
    return {
        standing.demand.issue.id: bucket
        for group in groups.values()
        for standing, bucket in zip(group, fill_buckets(group, weights), strict=True)
    }
