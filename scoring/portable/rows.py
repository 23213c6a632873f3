"""Rows of a score file against what each kind of row may hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from scoring.domain.records import Health, Key, Severity
from scoring.portable.fields import (
    Parser,
    Unfit,
    choose,
    describe,
    parse_amount,
    parse_count,
    parse_day,
    parse_flag,
    parse_key,
    parse_number,
    parse_percent,
    parse_points,
    parse_step,
    parse_text,
    parse_texts,
)

Row = dict[str, Any]  # what was given and is fit, by key

ACCOUNT: dict[str, Parser] = {
    "id": parse_key,
    "arr": parse_amount,
    "health": choose(list(Health), Health),
    "renewal_on": parse_day,
    "seats": parse_count,
    "strategic": parse_flag,
}
OPPORTUNITY: dict[str, Parser] = {
    "id": parse_key,
    "account": parse_key,
    "net_arr": parse_amount,
    "probability": parse_percent,
    "closes_on": parse_day,
    "is_closed": parse_flag,
    "is_lost": parse_flag,
}
ESTIMATES: dict[str, Parser] = {
    "duration_weeks": parse_number,
    "reach": parse_number,
    "impact": parse_number,
    "confidence": parse_percent,
    "effort": parse_number,
    "business_value": parse_number,
    "time_criticality": parse_number,
    "risk_reduction": parse_number,
    "job_size": parse_number,
}
ISSUE: dict[str, Parser] = {
    "id": parse_key,
    "state": choose(("opened", "closed"), str),
    "type": parse_text,
    "group": parse_text,
    "created_on": parse_day,
    "weight": parse_number,
    "themes": parse_texts,
    **ESTIMATES,
}
LINK: dict[str, Parser] = {
    "issue": parse_key,
    "account": parse_key,
    "opportunity": parse_key,
    "points": parse_points,
    "value": parse_step,
    "urgency_points": parse_step,
    "severity": choose(list(Severity), Severity),
}
NEEDED = {
    "accounts": {"id"},
    "opportunities": {"id", "account"},
    "issues": {"id"},
    "links": {"issue", "account"},
}
SECTIONS = {
    "accounts": ACCOUNT,
    "opportunities": OPPORTUNITY,
    "issues": ISSUE,
    "links": LINK,
}


def read_section(name: str, value: Any, faults: list[str]) -> list[Row] | None:
    """A row for each entry, with its fit values; None where there is no list to read."""
    if value is None:
        return []
    if not isinstance(value, list):
        faults.append(f"{name}: a list is expected, not {describe(value)}.")
        return None
    return [
        read_row(f"{name}[{place}]", entry, SECTIONS[name], NEEDED[name], faults)
        for place, entry in enumerate(value)
    ]


def read_row(
    path: str, entry: Any, parsers: Mapping[str, Parser], needed: Collection[str], faults: list[str]
) -> Row:
    """Null counts as absent."""
    if not isinstance(entry, dict):
        faults.append(f"{path}: an object is expected, not {describe(entry)}.")
        return {}
    row: Row = {}
    for key, value in entry.items():
        if key not in parsers:
            faults.append(f"{path}: the key {describe(key)} is unknown.")
        elif (fit := read_value(f"{path}.{key}", value, parsers[key], faults)) is not None:
            row[key] = fit
    faults += [f"{path}.{key} is missing." for key in sorted(needed) if entry.get(key) is None]
    return row


def read_value(path: str, value: Any, parse: Parser, faults: list[str]) -> Any:
    """None for null, and for what is not fit, which is told."""
    if value is None:
        return None
    try:
        return parse(value)
    except Unfit as unfit:
        faults.append(f"{path}: {unfit} is expected, not {describe(value)}.")
        return None


def find_repeated(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """A sentence for each id that an earlier row has."""
    seen: set[Key] = set()
    for place, row in enumerate(rows):
        if "id" not in row:
            continue
        if row["id"] in seen:
            yield f"{name}[{place}].id: {describe(row['id'])} stands twice."
        seen.add(row["id"])


def find_unknown(
    name: str, key: str, rows: Sequence[Row], target: str, known: Collection[Key]
) -> Iterator[str]:
    """A sentence for each row whose `key` names no row of the section `target`."""
    singular = {"accounts": "account", "opportunities": "opportunity", "issues": "issue"}[target]
    for place, row in enumerate(rows):
        if key in row and row[key] not in known:
            told = describe(row[key])
            yield f"{name}[{place}].{key}: no {singular} has the id {told}."
