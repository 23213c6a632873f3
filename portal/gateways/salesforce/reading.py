"""Salesforce's rows → our records.

Numbers arrive as int or Decimal; everything else in a numeric field (text, true, NaN) counts as
not there. Ways of failing: LookupError, TypeError or ValueError for a row without a proper id.
"""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.domain.salesforce_id import to_18
from portal.gateways.records import AccountRecord, ContactRecord, OpportunityRecord
from portal.gateways.salesforce.fields import Columns

_CENT = Decimal("0.01")
_MOST_MONEY = Decimal(10) ** 13
_MOST_SEATS = Decimal(10) ** 9
_COLOUR = re.compile(r"\W*(green|yellow|amber|red)\b", re.IGNORECASE)
_YES = {"true", "yes", "y", "1", "strategic"}


def read_account(row: Any, columns: Columns) -> AccountRecord:
    return AccountRecord(
        salesforce_id=to_18(row["Id"]),
        name=read_text(row["Name"]),
        arr=read_money(pick(row, columns.arr)),
        seats=_read_count(pick(row, columns.seats)),
        renewal_on=read_day(pick(row, columns.renewal)),
        health=read_health(pick(row, columns.health)),
        is_strategic=_read_flag(pick(row, columns.strategic)),
        tam_email=read_text(pick(row, columns.tam_email)),
        tam_name=read_text(pick(row, columns.tam_name)),
        segment=read_text(pick(row, columns.segment)),
    )


def read_opportunity(row: Any, columns: Columns) -> OpportunityRecord:
    return OpportunityRecord(
        salesforce_id=to_18(row["Id"]),
        account_id=to_18(row["AccountId"]),
        name=read_text(row["Name"]),
        net_arr=read_money(pick(row, columns.net_arr)),
        probability=read_number(row.get("Probability"), limit=Decimal(100)),
        closes_on=read_day(row.get("CloseDate")),
        is_closed=row["IsClosed"] is True,
        is_won=row["IsWon"] is True,
    )


def read_contact(row: Any) -> ContactRecord:
    return ContactRecord(
        salesforce_id=to_18(row["Id"]),
        account_id=to_18(row["AccountId"]),
        name=read_text(row["Name"]),
        email=read_text(row["Email"]),
    )


def pick(row: Any, column: str) -> Any:
    """A column, or one of a related object ("TAM__r.Email"); None where there is none."""
    value = row
    for part in column.split(".") if column else ():
        value = value.get(part) if isinstance(value, dict) else None
    return value if column else None


def read_text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def read_number(value: Any, *, limit: Decimal) -> Decimal | None:
    """A finite number between -limit and limit, else None."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() and abs(number) <= limit else None


def read_money(value: Any) -> Decimal | None:
    """In the organisation's corporate currency, to the cent, half up."""
    number = read_number(value, limit=_MOST_MONEY)
    return None if number is None else number.quantize(_CENT, ROUND_HALF_UP)


def _read_count(value: Any) -> int | None:
    number = read_number(value, limit=_MOST_SEATS)
    return None if number is None or number < 0 else int(number)


def read_day(value: Any) -> date | None:
    """`2027-01-31`, also out of a date with a time."""
    try:
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        return None


def read_health(value: Any) -> str:
    found = _COLOUR.match(value) if isinstance(value, str) else None
    colour = found[1].lower() if found else "unknown"
    return "yellow" if colour == "amber" else colour


def _read_flag(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in _YES)
