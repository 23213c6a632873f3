"""Scores as JSON values: money as text with two places, null where there is no number.

Ranks that are averaged on ties are numbers; every other figure is text, exact to its digits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Generic, TypeVar

from scoring.domain.cost_of_delay import DelayScore, score_delay, score_pilot_average
from scoring.domain.gap_ranking import GapScore, score_gaps
from scoring.domain.priority_points import PriorityScore, score_priority
from scoring.domain.ranking import Score, rank
from scoring.domain.records import Inputs
from scoring.domain.rice import RiceScore, score_rice
from scoring.domain.rounding import to_cents, to_plain
from scoring.domain.themes import sum_themes
from scoring.domain.weights import Model, Weights
from scoring.domain.wsjf import WsjfScore, score_wsjf

Values = dict[str, Any]
S = TypeVar("S", bound=Score)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[S]):
    """How one model is computed and told; `total` is what a theme sums, `write` how that reads."""

    score: Callable[[Inputs, Weights], Sequence[S]]
    tell: Callable[[S], Values]
    theme_key: str
    total: Callable[[S], Fraction | None]
    write: Callable[[Fraction | None], str | None]

    def fill(self, inputs: Inputs, weights: Weights) -> Values:
        ranked = rank(self.score(inputs, weights))
        themes = sum_themes((one.demand.issue.themes, self.total(one)) for _, one in ranked)
        return {
            "issues": [tell_issue(place, one, self.tell(one)) for place, one in ranked],
            "themes": [
                {"theme": one.theme, self.theme_key: self.write(one.total)} for one in themes
            ],
        }


def write_scores(model: Model, inputs: Inputs, weights: Weights) -> Values:
    """One object, its issues in rank order."""
    return {"model": str(model)} | SHEETS[model].fill(inputs, weights)


def tell_issue(place: int | None, score: Score, figures: Values) -> Values:
    demand = score.demand
    return (
        {"id": demand.issue.id}
        | figures
        | {
            "rank": place,
            "linked_arr": write_money(demand.linked_arr),
            "accounts": len(demand.accounts),
            "warnings": [str(warning) for warning in score.warnings],
        }
    )


def tell_priority(score: PriorityScore) -> Values:
    return {
        "retention": write_money(score.retention),
        "growth": write_money(score.growth),
        "combined": write_money(score.combined),
        "priority": write_money(score.priority),
        "weighted": write_money(score.weighted),
    }


def tell_delay(score: DelayScore) -> Values:
    return {
        "score": write_money(score.score),
        "cost_of_delay": write_money(score.cost_of_delay),
        "duration_weeks": write_plain(score.duration.weeks if score.duration else None),
    }


def tell_rice(score: RiceScore) -> Values:
    proposed = score.proposal.reach if score.proposal else None
    return {
        "score": write_plain(score.score),
        "reach": write_plain(score.reach),
        "proposed_reach": write_plain(proposed),
        "impact": write_plain(score.impact),
        "confidence": write_plain(score.confidence),
        "effort": write_plain(score.effort),
    }


def tell_wsjf(score: WsjfScore) -> Values:
    return {
        "score": write_plain(score.score),
        "cost_of_delay": write_plain(score.cost_of_delay),
        "job_size": write_plain(score.job_size),
    }


def tell_gap(score: GapScore) -> Values:
    ranks, figures = score.ranks, score.figures
    return {
        "score": write_plain(ranks.mean if ranks else None),
        "ranks": {
            "impacted_arr": write_half(ranks.impacted_arr),
            "accounts": write_half(ranks.accounts),
            "strategic_accounts": write_half(ranks.strategic_accounts),
            "p0_share": write_half(ranks.p0_share),
        }
        if ranks
        else None,
        "worst_rank": write_half(ranks.worst) if ranks else None,
        "impacted_arr": write_money(figures.impacted_arr),
        "strategic_accounts": figures.strategic_accounts,
        "p0_accounts": figures.p0_accounts,
        "lost_arr": write_money(figures.lost_arr),
    }


def write_money(amount: Fraction | None) -> str | None:
    return None if amount is None else str(to_cents(amount))


def write_plain(number: Fraction | None) -> str | None:
    return None if number is None else to_plain(number)


def write_half(number: Fraction) -> int | float:
    """Averaged ranks end in .0 or .5, which a float holds exactly."""
    return int(number) if number.denominator == 1 else float(number)


SHEETS: dict[Model, Sheet[Any]] = {
    Model.CIPF: Sheet(
        score_priority, tell_priority, "priority", lambda one: one.priority, write_money
    ),
    Model.CD3: Sheet(score_delay, tell_delay, "score", lambda one: one.score, write_money),
    Model.CD3_PILOT_AVERAGE: Sheet(
        score_pilot_average, tell_delay, "score", lambda one: one.score, write_money
    ),
    Model.RICE: Sheet(score_rice, tell_rice, "score", lambda one: one.score, write_plain),
    Model.WSJF: Sheet(
        lambda inputs, _: score_wsjf(inputs),
        tell_wsjf,
        "score",
        lambda one: one.score,
        write_plain,
    ),
    # Mean ranks do not add up to anything.
    Model.GAP_RANKING: Sheet(
        lambda inputs, _: score_gaps(inputs), tell_gap, "score", lambda _: None, write_plain
    ),
}
