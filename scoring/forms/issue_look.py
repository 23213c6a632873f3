"""A list's address, read: what to show, in which order, how much of it."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.http import QueryDict

from portal.models import Health
from scoring.selectors.issue_filter import IssueFilter
from scoring.selectors.issue_order import Order, read_order

SIZES = (25, 50)
LONGEST = 300
DAYS = {"since": "Asked since", "until": "Asked until"}
KNOWN = {"only": ("ranked", "unranked"), "health": tuple(Health.values)}
FILTERS = tuple(field.name for field in fields(IssueFilter))


@dataclass(frozen=True, slots=True)
class Look:
    """`faults` say in words what of the address was not understood, and therefore left out."""

    chosen: IssueFilter
    order: Order
    number: int
    size: int
    faults: tuple[str, ...]


def read_look(address: QueryDict) -> Look:
    faults: list[str] = []
    values: dict[str, Any] = {name: _read_text(address.get(name, "")) for name in FILTERS}
    values |= {name: _read_day(name, values[name], faults) for name in DAYS}
    for name, known in KNOWN.items():
        if values[name] and values[name] not in known:
            faults.append(f"“{values[name]}” is not a {name} there is; it was left out.")
            values[name] = ""
    size = address.get("rows", "")
    return Look(
        chosen=IssueFilter(**values),
        order=read_order(address.get("sort", "")),
        number=_read_number(address.get("page", "")),
        size=int(size) if size in {str(one) for one in SIZES} else SIZES[0],
        faults=tuple(faults),
    )


def _read_text(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST]


def _read_day(name: str, text: str, faults: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 9000:
        faults.append(f"{DAYS[name]}: “{text}” is not a day like 2026-11-30; it was left out.")
        return None
    return day


def _read_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
