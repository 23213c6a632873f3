"""What if: other weights and other sizes of single issues, put in place of the real ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from scoring.domain.compare import MODELS
from scoring.domain.cost_of_delay import DelayScore, find_duration
from scoring.domain.moves import Place
from scoring.domain.priority_points import PriorityScore
from scoring.domain.ranking import Score, rank
from scoring.domain.records import Inputs, Issue, Key
from scoring.domain.rounding import to_cents, to_millionths
from scoring.domain.weights import Model, Weights

BY_DELAY = (Model.CD3, Model.CD3_PILOT_AVERAGE)


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed of one issue; None leaves it as it is."""

    weight: Decimal | None = None
    duration_weeks: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    weights: Weights
    issues: Mapping[Key, Supposed] = field(default_factory=dict)


def suppose(issue: Issue, supposed: Supposed) -> Issue:
    if supposed.weight is not None:
        issue = replace(issue, weight=supposed.weight)
    if supposed.duration_weeks is not None:
        estimates = replace(issue.estimates, duration_weeks=supposed.duration_weeks)
        issue = replace(issue, estimates=estimates)
    return issue


def rank_supposed(inputs: Inputs, question: Question) -> list[Place]:
    """Everything computed anew; only issues that have a place, in their order."""
    changed = {
        key: suppose(inputs.issues[key], supposed)
        for key, supposed in question.issues.items()
        if key in inputs.issues
    }
    supposed = replace(inputs, issues={**inputs.issues, **changed})
    scores = MODELS[question.weights.model](supposed, question.weights)
    return [_place(place, score) for place, score in rank(scores) if place is not None]


def rescore(issue: Issue, place: Place, cost: Decimal | None, weights: Weights) -> Place:
    """One issue under another size, its points and money unchanged; its rank is yet to be found.

    `cost` is its cost of delay. Only the framework looks at weights and CD3 at durations; with
    another model nothing changes.
    """
    if weights.model == Model.CIPF:
        return replace(place, score=_divide(place.priority, issue.weight), rank=None)
    if weights.model in BY_DELAY:
        duration = find_duration(issue, weights)
        return replace(place, score=_divide(cost, duration.weeks if duration else None), rank=None)
    return place


def reorder(places: Iterable[Place], changed: Mapping[Key, Place], model: Model) -> list[Place]:
    """The ranking with some issues' scores changed, for the models that sizes and tables touch.

    To the digits that are stored. Equals go by the framework's next merits, then as they stood.
    """
    if not changed:
        ranked = [(place.rank, place) for place in places if place.rank is not None]
        return [place for _, place in sorted(ranked, key=lambda pair: pair[0])]
    keyed = []
    for place in places:
        now = changed.get(place.issue, place)
        if now.score is not None:
            before = float("inf") if place.rank is None else place.rank
            merits = (now.priority or 0, now.linked_arr) if model == Model.CIPF else (0, 0)
            keyed.append(((-now.score, -merits[0], -merits[1], before), now))
    keyed.sort(key=lambda pair: pair[0])
    return [replace(place, rank=number) for number, (_, place) in enumerate(keyed, start=1)]


def _place(number: int | None, score: Score) -> Place:
    merits = score.merits
    worth = None if merits is None else to_millionths(abs(merits[0]))
    linked_arr = to_cents(score.demand.linked_arr)
    return Place(score.demand.issue.id, number, worth, _find_cost(score), linked_arr=linked_arr)


def _find_cost(score: Score) -> Decimal | None:
    """What waiting costs, where the model says so."""
    match score:
        case (
            PriorityScore(priority=Fraction() as cost)
            | DelayScore(cost_of_delay=Fraction() as cost)
        ):
            return to_cents(cost)
    return None


def _divide(amount: Decimal | None, by: Decimal | Fraction | None) -> Decimal | None:
    return None if amount is None or not by else to_millionths(Fraction(amount) / Fraction(by))
