"""RICE: reach × impact × confidence / effort, with GitLab's buckets.

Seats behind the customer links propose a reach; a person confirms it. Both are kept apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.domain.demand import IssueDemand, gather_demand
from scoring.domain.records import Estimates, Inputs
from scoring.domain.warning import ScoreWarning, WarningKind, tidy
from scoring.domain.weights import Weights

REACH_BUCKETS = (
    (Fraction(80, 100), Fraction(10)),
    (Fraction(50, 100), Fraction(6)),
    (Fraction(25, 100), Fraction(3)),
    (Fraction(5, 100), Fraction(3, 2)),
    (Fraction(0), Fraction(1, 2)),
)
IMPACTS = tuple(Decimal(step) for step in ("3", "2", "1", "0.5", "0.25"))
CONFIDENCES = tuple(Decimal(percent) for percent in (100, 80, 50))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What seats say of the reach: those behind the links, among all."""

    seats: int
    all_seats: int
    reach: Fraction


@dataclass(frozen=True, slots=True)
class RiceScore:
    """`reach` is the confirmed one, else the proposed; `score` is None while a part is missing."""

    demand: IssueDemand
    proposal: Proposal | None
    reach: Fraction | None
    impact: Fraction | None
    confidence: Fraction | None  # percent
    effort: Fraction | None
    score: Fraction | None
    warnings: tuple[ScoreWarning, ...]

    @property
    def is_confirmed(self) -> bool:
        return self.demand.issue.estimates.reach is not None

    @property
    def merits(self) -> tuple[Fraction, ...] | None:
        return None if self.score is None else (self.score, self.demand.linked_arr)


def score_rice(inputs: Inputs, weights: Weights) -> list[RiceScore]:
    """In the order of ids. An issue that nobody asked for has a score if all parts are given."""
    all_seats = weights.total_seats
    if all_seats is None:
        all_seats = sum(account.seats or 0 for account in inputs.accounts.values())
    return [_score_issue(demand, all_seats, weights) for demand in gather_demand(inputs)]


def choose_bucket(share: Fraction) -> Fraction:
    """GitLab's reach for a share of all users, 0..1; a boundary belongs to the bucket above it."""
    return next(reach for least, reach in REACH_BUCKETS if share >= least)


def compute_rice(
    reach: Fraction | None,
    impact: Fraction | None,
    confidence: Fraction | None,
    effort: Fraction | None,
) -> Fraction | None:
    """`confidence` in percent; `effort` in person-months. None while a part is missing."""
    if reach is None or impact is None or confidence is None or effort is None:
        return None
    return reach * impact * confidence / 100 / effort


def propose_reach(demand: IssueDemand, all_seats: int, weights: Weights) -> Proposal | None:
    """None while nothing is known of the seats."""
    known = [account.seats for account in demand.accounts if account.seats is not None]
    if not known or all_seats < 1:
        return None
    seats = sum(known)
    if weights.is_reach_in_people:
        return Proposal(seats, all_seats, Fraction(seats))
    return Proposal(seats, all_seats, choose_bucket(Fraction(seats, all_seats)))


def _score_issue(demand: IssueDemand, all_seats: int, weights: Weights) -> RiceScore:
    estimates = demand.issue.estimates
    proposal = propose_reach(demand, all_seats, weights)
    proposed = proposal.reach if proposal else None
    reach = proposed if estimates.reach is None else Fraction(estimates.reach)
    impact, confidence = _exact(estimates.impact), _exact(estimates.confidence)
    effort = _exact(estimates.effort) or None  # 0 counts as none
    is_open = demand.issue.is_open
    score = compute_rice(reach, impact, confidence, effort) if is_open else None
    warnings = tidy(_warn(demand, estimates, reach)) if is_open else ()
    return RiceScore(demand, proposal, reach, impact, confidence, effort, score, warnings)


def _exact(estimate: Decimal | None) -> Fraction | None:
    return None if estimate is None else Fraction(estimate)


def _warn(
    demand: IssueDemand, estimates: Estimates, reach: Fraction | None
) -> Iterator[ScoreWarning]:
    if reach is None:
        yield ScoreWarning(WarningKind.REACH_MISSING)
    elif estimates.reach is None:
        yield ScoreWarning(WarningKind.REACH_PROPOSED)
    if estimates.reach is None:
        for account in demand.accounts:
            if account.seats is None:
                yield ScoreWarning(WarningKind.SEATS_MISSING, account=account.id)
    if estimates.impact is None:
        yield ScoreWarning(WarningKind.IMPACT_MISSING)
    if estimates.confidence is None:
        yield ScoreWarning(WarningKind.CONFIDENCE_MISSING)
    if not estimates.effort:
        yield ScoreWarning(WarningKind.EFFORT_MISSING)
