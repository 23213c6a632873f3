"""The order that a what-if question leads to: from what is stored, where that is enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.domain.moves import Place
from scoring.domain.other_multipliers import are_multipliers_all
from scoring.domain.records import Key
from scoring.domain.weights import Weights
from scoring.domain.what_if import BY_DELAY, Question, rank_supposed, reorder, rescore, suppose
from scoring.models import IssueScore
from scoring.selectors.inputs import read_inputs
from scoring.selectors.other_multipliers import read_repriced
from scoring.selectors.sizes import read_sized

IN_ORDER = 10  # issues whose order of work is costed


@dataclass(frozen=True, slots=True)
class Ranking:
    """Issues with a place, in order; `costs` is what waiting costs for the first of them."""

    places: list[Place]
    costs: Mapping[Key, Decimal | None]


def rank_asked(
    before: Sequence[Place], question: Question, in_force: Weights, *, day: date
) -> Ranking:
    """Sizes and the framework's multipliers go by the stored scores. Anything else is computed
    from every link: seconds, where there are many."""
    weights = question.weights
    if weights != in_force and not are_multipliers_all(in_force, weights):
        places = rank_supposed(read_inputs(day), question)
        return Ranking(places, _find_costs(places, weights, is_computed=True))
    known = {place.issue: place for place in before}
    changed = _rescore_sized(known, question)
    if weights != in_force:
        changed |= read_repriced(known, question, in_force, today=day)
    places = reorder(before, changed, weights.model)
    return Ranking(places, _find_costs(places, weights, is_computed=weights.model not in BY_DELAY))


def _rescore_sized(places: Mapping[Key, Place], question: Question) -> dict[Key, Place]:
    """Sizes touch no other issue's score."""
    supposed = [int(key) for key in question.issues if key in places]
    costs = _read_costs(supposed, question.weights)
    changed = {
        key: rescore(
            suppose(issue, question.issues[key]), places[key], costs.get(key), question.weights
        )
        for key, issue in read_sized(supposed).items()
    }
    return {key: place for key, place in changed.items() if place != places[key]}


def _find_costs(
    places: Sequence[Place], weights: Weights, *, is_computed: bool
) -> dict[Key, Decimal | None]:
    """Of the first places, in order. What was not computed with them is as it is stored."""
    first = places[:IN_ORDER]
    stored = _read_costs([int(place.issue) for place in first], weights)
    return {
        place.issue: place.priority
        if is_computed and place.priority is not None
        else stored.get(int(place.issue))
        for place in first
    }


def _read_costs(issues: Sequence[int], weights: Weights) -> dict[int, Decimal | None]:
    """What waiting costs: CD3's own figure where it is the model, else the priority."""
    scores = IssueScore.objects.only("priority", "figures").in_bulk(issues)
    if weights.model not in BY_DELAY:
        return {key: score.priority for key, score in scores.items()}
    costs = {key: score.figures.get("cost_of_delay") for key, score in scores.items()}
    return {key: None if cost is None else Decimal(cost) for key, cost in costs.items()}
