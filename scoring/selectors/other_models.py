"""What the models beside the framework say of one issue, from the same links and estimates."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from django.db.models import Sum

from intake.domain.vocabulary import DemandKind
from intake.models import Demand
from portal.models import Account
from scoring.domain.cost_of_delay import score_delay, score_pilot_average
from scoring.domain.demand import gather_demand
from scoring.domain.gap_ranking import count_figures
from scoring.domain.model_words import ModelWords, tell_delay, tell_gaps, tell_rice, tell_wsjf
from scoring.domain.ranking import Score
from scoring.domain.records import Inputs, Issue, Link
from scoring.domain.rice import score_rice
from scoring.domain.weights import Model, Weights
from scoring.domain.wsjf import score_wsjf
from scoring.models import IssueScore
from scoring.selectors.inputs import ON_OPEN_ISSUE, read_inputs_of
from scoring.selectors.weights import read_weights_in_force

REST = "all the other issues"
S = TypeVar("S", bound=Score)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """`is_active`: ranks go by it."""

    model: Model
    words: ModelWords
    is_active: bool


def read_other_models(issue_pk: int, *, today: date) -> list[ModelRow]:
    """Every model but the framework, as of now; empty for an issue that is closed or unknown.

    Nine queries at most: the points of the accounts' other issues come as sums.
    """
    inputs = read_inputs_of([issue_pk], today)
    if issue_pk not in inputs.issues:
        return []
    weights = read_weights_in_force().weights
    told = {
        **_tell_estimated(inputs, issue_pk, weights),
        **_tell_delays(_add_rest(inputs, issue_pk), issue_pk, weights),
        Model.GAP_RANKING: _tell_gaps(inputs, issue_pk),
    }
    order = [model for model in Model if model in told]
    return [ModelRow(model, told[model], model == weights.model) for model in order]


def _tell_estimated(inputs: Inputs, issue_pk: int, weights: Weights) -> dict[Model, ModelWords]:
    seats = Account.objects.aggregate(seats=Sum("seats"))["seats"] or 0
    counted = replace(weights, total_seats=weights.total_seats or seats)
    return {
        Model.RICE: tell_rice(_pick(score_rice(inputs, counted), issue_pk)),
        Model.WSJF: tell_wsjf(_pick(score_wsjf(inputs), issue_pk)),
    }


def _tell_delays(inputs: Inputs, issue_pk: int, weights: Weights) -> dict[Model, ModelWords]:
    return {
        Model.CD3: tell_delay(_pick(score_delay(inputs, weights), issue_pk)),
        Model.CD3_PILOT_AVERAGE: tell_delay(_pick(score_pilot_average(inputs, weights), issue_pk)),
    }


def _tell_gaps(inputs: Inputs, issue_pk: int) -> ModelWords:
    """The ranks need all issues: they are as the last run kept them."""
    demand = next(one for one in gather_demand(inputs) if one.issue.id == issue_pk)
    kept = IssueScore.objects.filter(issue=issue_pk).values_list("gap", "figures").first()
    ranks = (kept[0] or kept[1]) if kept else {}
    return tell_gaps(count_figures(demand, inputs), str(ranks.get("mean", "")))


def _pick(scores: Iterable[S], issue_pk: int) -> S:
    return next(score for score in scores if score.demand.issue.id == issue_pk)


def _add_rest(inputs: Inputs, issue_pk: int) -> Inputs:
    """One made-up issue holds the value points of all the others of these accounts.

    It draws on the pools as they do together, so that this issue's shares are exact.
    """
    rows = (
        Demand.objects.filter(ON_OPEN_ISSUE, link__account__in=list(inputs.accounts))
        .exclude(link__issue=issue_pk)
        .values_list("link__account", "kind", "opportunity")
        .annotate(value=Sum("value"))
        .order_by()
    )
    rest = tuple(
        Link(REST, account, DemandKind(kind), opportunity, value=value)
        for account, kind, opportunity, value in rows
        if opportunity is None or opportunity in inputs.opportunities
    )
    issues = {**inputs.issues, REST: Issue(REST)}
    return replace(inputs, issues=issues, links=(*inputs.links, *rest))
