"""How much sooner money must be looked after: multipliers from two tables, with their reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring.domain.months import count_months
from scoring.domain.records import Account, Health, Opportunity
from scoring.domain.weights import GrowthUrgency, RetentionUrgency, UrgencyRow


class Horizon(StrEnum):
    FAR = "far"
    MIDDLE = "middle"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Urgency:
    """A multiplier, and the sentence that says why it is this one."""

    factor: Fraction
    reason: str


NOT_URGENT = Urgency(Fraction(1), "no open opportunity")


def judge_retention(account: Account, table: RetentionUrgency, *, today: date) -> Urgency:
    """By health × months to renewal; a missing date is far, a past one near."""
    rows = {
        Health.UNKNOWN: table.unknown,
        Health.GREEN: table.green,
        Health.YELLOW: table.yellow,
        Health.RED: table.red,
    }
    horizon = _place(account.renewal_on, today, table)
    when = _tell_when("renewal", account.renewal_on, today)
    return Urgency(_pick(rows[account.health], horizon), f"health {account.health}, {when}")


def judge_growth(opportunity: Opportunity, table: GrowthUrgency, *, today: date) -> Urgency:
    """By win probability × months to close; a missing date is far, a past one near."""
    horizon = _place(opportunity.closes_on, today, table)
    when = _tell_when("close", opportunity.closes_on, today)
    chance = opportunity.probability
    told = "unknown" if chance is None else f"{chance.normalize():f} %"
    return Urgency(_pick(_find_row(chance, table), horizon), f"win probability {told}, {when}")


def _find_row(probability: Decimal | None, table: GrowthUrgency) -> UrgencyRow:
    if probability is None or probability > table.even_percent:
        return table.likely
    return table.even if probability > table.unlikely_percent else table.unlikely


def _place(day: date | None, today: date, table: RetentionUrgency | GrowthUrgency) -> Horizon:
    if day is None:
        return Horizon.FAR
    months = count_months(today, day)
    if months <= table.near_months:
        return Horizon.NEAR
    return Horizon.MIDDLE if months <= table.middle_months else Horizon.FAR


def _pick(row: UrgencyRow, horizon: Horizon) -> Fraction:
    by_horizon = {Horizon.FAR: row.far, Horizon.MIDDLE: row.middle, Horizon.NEAR: row.near}
    return Fraction(by_horizon[horizon])


def _tell_when(event: str, day: date | None, today: date) -> str:
    if day is None:
        return f"{event} date missing"
    if day < today:
        return f"{event} date in the past"
    months = count_months(today, day)
    return f"{event} in {months} month{'' if months == 1 else 's'}"
