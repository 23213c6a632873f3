"""What a model's score is made of, by name, as people read it."""

from collections.abc import Mapping
from fractions import Fraction

from scoring.domain.cost_of_delay import DelayScore
from scoring.domain.gap_ranking import GapRanks, GapScore
from scoring.domain.ranking import Score
from scoring.domain.rice import RiceScore
from scoring.domain.rounding import to_cents, to_plain
from scoring.domain.wsjf import WsjfScore


def tell_figures(score: Score) -> dict[str, str]:
    """The parts that are known; money with two places, every other figure exact to its digits.

    Nothing for the framework's own score: its parts are the links.
    """
    match score:
        case DelayScore():
            cost = None if score.cost_of_delay is None else str(to_cents(score.cost_of_delay))
            weeks = score.duration.weeks if score.duration else None
            return _keep({"cost_of_delay": cost, "duration_weeks": _plain(weeks)})
        case RiceScore():
            return _tell_rice(score)
        case WsjfScore():
            cost = _plain(score.cost_of_delay)
            return _keep({"cost_of_delay": cost, "job_size": _plain(score.job_size)})
        case GapScore():
            return tell_ranks(score.ranks) if score.ranks else {}
    return {}


def tell_ranks(ranks: GapRanks) -> dict[str, str]:
    """The four ranks, their mean and the worst of them; halves occur."""
    return {
        "mean": to_plain(ranks.mean),
        "worst": to_plain(ranks.worst),
        "impacted_arr": to_plain(ranks.impacted_arr),
        "accounts": to_plain(ranks.accounts),
        "strategic_accounts": to_plain(ranks.strategic_accounts),
        "p0_share": to_plain(ranks.p0_share),
    }


def _tell_rice(score: RiceScore) -> dict[str, str]:
    return _keep(
        {
            "reach": _plain(score.reach),
            "proposed_reach": _plain(score.proposal.reach if score.proposal else None),
            "impact": _plain(score.impact),
            "confidence": _plain(score.confidence),
            "effort": _plain(score.effort),
        }
    )


def _plain(number: Fraction | None) -> str | None:
    return None if number is None else to_plain(number)


def _keep(figures: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in figures.items() if value is not None}
