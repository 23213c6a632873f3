"""What a reader must know before trusting a score. None of it removes anything from a sum."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from intake.domain.vocabulary import DemandKind
from scoring.domain.demand import IssueDemand
from scoring.domain.records import Account, Inputs, Key, Link, Opportunity

FRESH_FOR = timedelta(days=7)


class WarningKind(StrEnum):
    WEIGHT_MISSING = "add a weight"
    ARR_MISSING = "ARR missing, counts as 0"
    ARR_NEGATIVE = "negative ARR counts as 0"
    NET_ARR_MISSING = "net ARR missing, counts as 0"
    NET_ARR_NEGATIVE = "negative net ARR counts as 0"
    RENEWAL_MISSING = "renewal date missing"
    RENEWAL_PAST = "renewal date in the past"
    CLOSE_MISSING = "close date missing"
    CLOSE_PAST = "close date in the past"
    NO_OPPORTUNITY = "no open opportunity"
    OPPORTUNITY_CLOSED = "opportunity closed, its link scores nothing"
    ONE_ACCOUNT = "one account above 50 %"
    DATA_OLD = "data older than 7 days"
    DURATION_MISSING = "add a duration"
    DURATION_DERIVED = "duration derived from the weight"
    REACH_MISSING = "add a reach"
    REACH_PROPOSED = "reach proposed from seats, not confirmed"
    SEATS_MISSING = "seats missing"
    IMPACT_MISSING = "add an impact"
    CONFIDENCE_MISSING = "add a confidence"
    EFFORT_MISSING = "add an effort"
    BUSINESS_VALUE_MISSING = "add a business value"
    TIME_CRITICALITY_MISSING = "add a time criticality"
    RISK_REDUCTION_MISSING = "add a risk reduction"
    JOB_SIZE_MISSING = "add a job size"


@dataclass(frozen=True, slots=True)
class ScoreWarning:
    """`account` or `opportunity` say whose data it is about, neither that it is the issue's."""

    kind: WarningKind
    account: Key | None = None
    opportunity: Key | None = None

    def __str__(self) -> str:
        if self.opportunity is not None:
            return f"{self.kind}: opportunity {self.opportunity}"
        if self.account is not None:
            return f"{self.kind}: account {self.account}"
        return str(self.kind)


def tidy(warnings: Iterable[ScoreWarning]) -> tuple[ScoreWarning, ...]:
    """Always in the same order."""
    return tuple(sorted(warnings, key=lambda warning: (str(warning), repr(warning))))


def warn_of_money(demand: IssueDemand, inputs: Inputs) -> Iterator[ScoreWarning]:
    """Money that is missing, negative or gone, and figures that are old."""
    for account in demand.accounts:
        yield from _warn_of_account(account, inputs.today)
    for link in demand.links:
        if link.opportunity is not None:
            yield from _warn_of_opportunity(inputs.opportunities[link.opportunity], inputs.today)
        elif link.kind == DemandKind.GROWTH:
            yield ScoreWarning(WarningKind.NO_OPPORTUNITY, account=link.account)
    for link in demand.ended_links if demand.issue.is_open else ():
        yield ScoreWarning(WarningKind.OPPORTUNITY_CLOSED, opportunity=link.opportunity)


def warn_of_dates(demand: IssueDemand, inputs: Inputs) -> Iterator[ScoreWarning]:
    """Dates the urgency tables had to do without, or found to have passed."""
    for link in demand.links:
        if kind := _judge_date(link, inputs):
            account = None if link.opportunity is not None else link.account
            yield ScoreWarning(kind, account=account, opportunity=link.opportunity)


def _warn_of_account(account: Account, today: date) -> Iterator[ScoreWarning]:
    if account.arr is None:
        yield ScoreWarning(WarningKind.ARR_MISSING, account=account.id)
    elif account.arr < 0:
        yield ScoreWarning(WarningKind.ARR_NEGATIVE, account=account.id)
    if _is_old(account.refreshed_on, today):
        yield ScoreWarning(WarningKind.DATA_OLD, account=account.id)


def _warn_of_opportunity(opportunity: Opportunity, today: date) -> Iterator[ScoreWarning]:
    if opportunity.net_arr is None:
        yield ScoreWarning(WarningKind.NET_ARR_MISSING, opportunity=opportunity.id)
    elif opportunity.net_arr < Decimal():
        yield ScoreWarning(WarningKind.NET_ARR_NEGATIVE, opportunity=opportunity.id)
    if _is_old(opportunity.refreshed_on, today):
        yield ScoreWarning(WarningKind.DATA_OLD, opportunity=opportunity.id)


def _is_old(refreshed_on: date | None, today: date) -> bool:
    return refreshed_on is not None and today - refreshed_on > FRESH_FOR


def _judge_date(link: Link, inputs: Inputs) -> WarningKind | None:
    if link.opportunity is not None:
        day = inputs.opportunities[link.opportunity].closes_on
        missing, past = WarningKind.CLOSE_MISSING, WarningKind.CLOSE_PAST
    elif link.kind == DemandKind.RETENTION:
        day = inputs.accounts[link.account].renewal_on
        missing, past = WarningKind.RENEWAL_MISSING, WarningKind.RENEWAL_PAST
    else:
        return None
    if day is None:
        return missing
    return past if day < inputs.today else None
