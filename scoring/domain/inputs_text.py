"""All that a run scored, as one text: the same inputs always make the same bytes.

What is hashed is what is kept, so that a score can be computed again from it alone.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from intake.domain.vocabulary import DemandKind
from scoring.domain.manual_value import Level, ManualValue, Reason
from scoring.domain.records import (
    Account,
    Estimates,
    Health,
    Inputs,
    Issue,
    Link,
    Opportunity,
    Severity,
    order_key,
)

NUMBERS = (
    "duration_weeks",
    "reach",
    "impact",
    "confidence",
    "effort",
    "business_value",
    "time_criticality",
    "risk_reduction",
    "job_size",
)


def write_inputs(inputs: Inputs) -> bytes:
    """Canonical JSON: rows as lists in the order of the records' fields, sorted by their keys."""
    content = {
        "today": inputs.today.isoformat(),
        "accounts": [_write_account(row) for row in _sort(inputs.accounts)],
        "opportunities": [_write_opportunity(row) for row in _sort(inputs.opportunities)],
        "issues": [_write_issue(row) for row in _sort(inputs.issues)],
        "links": sorted(map(_write_link, inputs.links), key=_order_link),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def parse_inputs(content: bytes) -> Inputs:
    """What `write_inputs` wrote. Raises ValueError for anything else."""
    try:
        rows = json.loads(content)
        return Inputs.gather(
            date.fromisoformat(rows["today"]),
            accounts=map(_read_account, rows["accounts"]),
            opportunities=map(_read_opportunity, rows["opportunities"]),
            issues=map(_read_issue, rows["issues"]),
            links=map(_read_link, rows["links"]),
        )
    except (ArithmeticError, KeyError, TypeError) as error:
        raise ValueError(f"These are not the inputs of a run: {error!r}.") from error


def _sort(rows: Mapping[Any, Any]) -> Iterable[Any]:
    return (row for _, row in sorted(rows.items(), key=lambda item: order_key(item[0])))


def _order_link(row: list[Any]) -> tuple[Any, ...]:
    issue, account, kind, opportunity, *answers = row
    has_one = opportunity is not None
    return order_key(issue), order_key(account), kind, order_key(opportunity or 0), has_one, answers


def _text(value: date | Decimal | None) -> str | None:
    """Amounts that are equal read alike, however many zeros they came with."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return None if value is None else value.isoformat()


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _write_account(row: Account) -> list[Any]:
    known = (_text(row.arr), str(row.health), _text(row.renewal_on), row.seats, row.is_strategic)
    return [row.id, *known, _text(row.refreshed_on)]


def _read_account(row: list[Any]) -> Account:
    key, arr, health, renewal_on, seats, is_strategic, refreshed_on = row
    days = _day(renewal_on), _day(refreshed_on)
    return Account(key, _number(arr), Health(health), days[0], seats, is_strategic, days[1])


def _write_opportunity(row: Opportunity) -> list[Any]:
    amounts = (_text(row.net_arr), _text(row.probability), _text(row.closes_on))
    return [row.id, row.account, *amounts, row.is_closed, row.is_lost, _text(row.refreshed_on)]


def _read_opportunity(row: list[Any]) -> Opportunity:
    key, account, net_arr, probability, closes_on, is_closed, is_lost, refreshed_on = row
    amounts = _number(net_arr), _number(probability)
    days = _day(closes_on), _day(refreshed_on)
    return Opportunity(key, account, *amounts, days[0], is_closed, is_lost, days[1])


def _write_issue(row: Issue) -> list[Any]:
    facts = (row.is_open, row.type, row.group, _text(row.created_on), _text(row.weight))
    return [row.id, *facts, list(row.themes), _write_estimates(row.estimates)]


def _read_issue(row: list[Any]) -> Issue:
    key, is_open, kind, group, created_on, weight, themes, estimates = row
    given = _read_estimates(estimates)
    day = _day(created_on)
    return Issue(key, is_open, kind, group, day, _number(weight), tuple(themes), given)


def _write_estimates(row: Estimates) -> dict[str, Any]:
    """Most issues have none of them: only what is there."""
    given = {name: _text(getattr(row, name)) for name in NUMBERS if getattr(row, name) is not None}
    if row.manual is None:
        return given
    worth = row.manual.worth
    told = str(worth) if isinstance(worth, Level) else _text(worth)
    return given | {"manual": [told, str(row.manual.reason)]}


def _read_estimates(given: Mapping[str, Any]) -> Estimates:
    fields: dict[str, Any] = {name: _number(given.get(name)) for name in NUMBERS}
    if "manual" not in given:
        return Estimates(**fields)
    told, reason = given["manual"]
    worth = Level(told) if told in set(Level) else Decimal(told)
    return Estimates(**fields, manual=ManualValue(worth, Reason(reason)))


def _write_link(row: Link) -> list[Any]:
    asks = (row.points, row.value, row.urgency_points, str(row.severity))
    return [row.issue, row.account, str(row.kind), row.opportunity, *asks]


def _read_link(row: list[Any]) -> Link:
    issue, account, kind, opportunity, points, value, urgency_points, severity = row
    answers = (points, value, urgency_points)
    return Link(issue, account, DemandKind(kind), opportunity, *answers, Severity(severity))
