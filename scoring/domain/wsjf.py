"""WSJF of the Scaled Agile Framework: (business value + time criticality + risk reduction) /
job size, on whatever relative scale the people who estimate agree on.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.domain.demand import IssueDemand, gather_demand
from scoring.domain.records import Inputs
from scoring.domain.warning import ScoreWarning, WarningKind, tidy


@dataclass(frozen=True, slots=True)
class WsjfScore:
    """`cost_of_delay` is the sum of the three; None, like `score`, while a part is missing."""

    demand: IssueDemand
    cost_of_delay: Fraction | None
    job_size: Fraction | None
    score: Fraction | None
    warnings: tuple[ScoreWarning, ...]

    @property
    def merits(self) -> tuple[Fraction, ...] | None:
        if self.score is None or self.cost_of_delay is None:
            return None
        return self.score, self.cost_of_delay, self.demand.linked_arr


def score_wsjf(inputs: Inputs) -> list[WsjfScore]:
    """In the order of ids. An issue that nobody asked for has a score if all parts are given."""
    return [_score_issue(demand) for demand in gather_demand(inputs)]


def _score_issue(demand: IssueDemand) -> WsjfScore:
    if not demand.issue.is_open:
        return WsjfScore(demand, None, None, None, ())
    estimates = demand.issue.estimates
    summands: dict[WarningKind, Decimal | None] = {
        WarningKind.BUSINESS_VALUE_MISSING: estimates.business_value,
        WarningKind.TIME_CRITICALITY_MISSING: estimates.time_criticality,
        WarningKind.RISK_REDUCTION_MISSING: estimates.risk_reduction,
    }
    missing = [kind for kind, value in summands.items() if value is None]
    given = [Fraction(value) for value in summands.values() if value is not None]
    cost = None if missing else sum(given, Fraction())
    job_size = Fraction(estimates.job_size) if estimates.job_size else None  # 0 counts as none
    if job_size is None:
        missing.append(WarningKind.JOB_SIZE_MISSING)
    score = None if cost is None or job_size is None else cost / job_size
    return WsjfScore(demand, cost, job_size, score, tidy(ScoreWarning(kind) for kind in missing))
