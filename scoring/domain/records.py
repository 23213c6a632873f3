"""What every model scores: as a score file gives it, or as the database does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from intake.domain.vocabulary import DemandKind
from scoring.domain.manual_value import ManualValue

Key = int | str  # a primary key, or an id from a score file


def order_key(key: Key) -> tuple[bool, int, str]:
    """Numbers by size, then texts by letter; both may stand in one file."""
    return (True, 0, key) if isinstance(key, str) else (False, key, "")


class Health(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """Sorted as text, the gravest comes first."""

    P0 = "P0"  # dealbreaker
    P1 = "P1"  # significant pain point
    P2 = "P2"  # nice to have


@dataclass(frozen=True, slots=True)
class Account:
    """A customer; `arr` in the corporate currency, a year. `refreshed_on`: as old as the data."""

    id: Key
    arr: Decimal | None = None
    health: Health = Health.UNKNOWN
    renewal_on: date | None = None
    seats: int | None = None
    is_strategic: bool = False
    refreshed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """`net_arr` is the net change in yearly revenue it would bring; `probability` in percent."""

    id: Key
    account: Key
    net_arr: Decimal | None = None
    probability: Decimal | None = None
    closes_on: date | None = None
    is_closed: bool = False
    is_lost: bool = False
    refreshed_on: date | None = None

    @property
    def is_open(self) -> bool:
        return not (self.is_closed or self.is_lost)


@dataclass(frozen=True, slots=True)
class Estimates:
    """What people entered about an issue. `confidence` in percent, `effort` in person-months.

    `reach` is the value a person confirmed; what the seats propose is computed.
    """

    duration_weeks: Decimal | None = None
    reach: Decimal | None = None
    impact: Decimal | None = None
    confidence: Decimal | None = None
    effort: Decimal | None = None
    business_value: Decimal | None = None
    time_criticality: Decimal | None = None
    risk_reduction: Decimal | None = None
    job_size: Decimal | None = None
    manual: ManualValue | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    id: Key
    is_open: bool = True
    type: str | None = None
    group: str | None = None
    created_on: date | None = None
    weight: Decimal | None = None
    themes: tuple[str, ...] = ()
    estimates: Estimates = field(default_factory=Estimates)


@dataclass(frozen=True, slots=True)
class Link:
    """One account's demand for one issue: `points` 1..10, `value` and `urgency_points` 1..3.

    A growth link without an opportunity counts as demand and carries no money.
    """

    issue: Key
    account: Key
    kind: DemandKind = DemandKind.RETENTION
    opportunity: Key | None = None
    points: int = 1
    value: int = 1
    urgency_points: int = 1
    severity: Severity = Severity.P2


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that one run scores. Every id in a row names a row that is here."""

    today: date
    accounts: Mapping[Key, Account]
    opportunities: Mapping[Key, Opportunity]
    issues: Mapping[Key, Issue]
    links: tuple[Link, ...]

    @classmethod
    def gather(
        cls,
        today: date,
        *,
        accounts: Iterable[Account] = (),
        opportunities: Iterable[Opportunity] = (),
        issues: Iterable[Issue] = (),
        links: Iterable[Link] = (),
    ) -> "Inputs":
        return cls(
            today,
            {account.id: account for account in accounts},
            {opportunity.id: opportunity for opportunity in opportunities},
            {issue.id: issue for issue in issues},
            tuple(links),
        )
