"""What administrators may tune, as one frozen record; the defaults are the framework's."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

HIGHEST_MULTIPLIER = 100
MOST_BUCKETS = 10


class Model(StrEnum):
    CIPF = "cipf"  # Customer Issues Prioritization Framework
    CD3 = "cd3"  # cost of delay divided by duration
    CD3_PILOT_AVERAGE = "cd3_pilot_average"
    RICE = "rice"
    WSJF = "wsjf"
    GAP_RANKING = "gap_ranking"


@dataclass(frozen=True, slots=True)
class UrgencyRow:
    """Multipliers by the time that is left."""

    far: Decimal
    middle: Decimal
    near: Decimal


CALM = UrgencyRow(Decimal(1), Decimal(1), Decimal(1))


@dataclass(frozen=True, slots=True)
class RetentionUrgency:
    """By health and months to renewal: near up to 12, middle up to 18, far beyond."""

    near_months: int = 12
    middle_months: int = 18
    unknown: UrgencyRow = CALM
    green: UrgencyRow = CALM
    yellow: UrgencyRow = UrgencyRow(Decimal("1.5"), Decimal(2), Decimal("2.5"))
    red: UrgencyRow = UrgencyRow(Decimal(2), Decimal(3), Decimal(4))


@dataclass(frozen=True, slots=True)
class GrowthUrgency:
    """By win probability in percent and months to close. Unknown probability is likely."""

    near_months: int = 3
    middle_months: int = 6
    unlikely_percent: Decimal = Decimal(39)
    even_percent: Decimal = Decimal(60)
    likely: UrgencyRow = CALM
    even: UrgencyRow = UrgencyRow(Decimal("1.25"), Decimal("1.5"), Decimal(2))
    unlikely: UrgencyRow = UrgencyRow(Decimal("1.5"), Decimal(2), Decimal("2.5"))


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of everything tunable.

    `total_seats` replaces the sum over the accounts; `is_reach_in_people` proposes the seats
    themselves instead of their bucket.
    """

    model: Model = Model.CIPF
    retention: RetentionUrgency = field(default_factory=RetentionUrgency)
    growth: GrowthUrgency = field(default_factory=GrowthUrgency)
    weeks_per_point: Decimal = Decimal(1)
    total_seats: int | None = None
    is_reach_in_people: bool = False
    buckets: int = 4
    minimum_group: int = 4
    minimum_accounts: int = 1
    minimum_accounts_public: int = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is dotted, as in retention.yellow.near."""

    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


class InvalidWeights(ValueError):
    """Weights that cannot be used; `faults` says which and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(str(fault) for fault in faults))
        self.faults = faults


def check_weights(weights: Weights) -> None:
    """Raises InvalidWeights, naming everything that is wrong at once."""
    rows = {
        "retention.unknown": weights.retention.unknown,
        "retention.green": weights.retention.green,
        "retention.yellow": weights.retention.yellow,
        "retention.red": weights.retention.red,
        "growth.likely": weights.growth.likely,
        "growth.even": weights.growth.even,
        "growth.unlikely": weights.growth.unlikely,
    }
    faults = [fault for name, row in rows.items() for fault in _check_row(name, row)]
    faults += _check_limits(weights)
    faults += _check_counts(weights)
    if faults:
        raise InvalidWeights(tuple(faults))


def _check_row(name: str, row: UrgencyRow) -> Iterator[Fault]:
    for column, factor in (("far", row.far), ("middle", row.middle), ("near", row.near)):
        if not (factor.is_finite() and 0 < factor <= HIGHEST_MULTIPLIER):
            yield Fault(f"{name}.{column}", "A multiplier is above 0 and at most 100.")


def _check_limits(weights: Weights) -> Iterator[Fault]:
    for name, table in (("retention", weights.retention), ("growth", weights.growth)):
        if not 0 <= table.near_months < table.middle_months:
            yield Fault(f"{name}.near_months", "Near ends before the middle does, not below 0.")
    unlikely, even = weights.growth.unlikely_percent, weights.growth.even_percent
    is_ordered = unlikely.is_finite() and even.is_finite() and 0 <= unlikely < even <= 100
    if not is_ordered:
        yield Fault("growth.unlikely_percent", "Unlikely ends before even does, within 0 to 100.")


def _check_counts(weights: Weights) -> Iterator[Fault]:
    if not 1 <= weights.buckets <= MOST_BUCKETS:
        yield Fault("buckets", "There are 1 to 10 buckets.")
    for name in ("minimum_group", "minimum_accounts", "minimum_accounts_public"):
        if getattr(weights, name) < 1:
            yield Fault(name, "At least 1.")
    if not (weights.weeks_per_point.is_finite() and weights.weeks_per_point > 0):
        yield Fault("weeks_per_point", "Above 0.")
    if weights.total_seats is not None and weights.total_seats < 1:
        yield Fault("total_seats", "At least 1, or nothing for the sum over the accounts.")
