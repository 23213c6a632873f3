"""A score file as the records that are scored; everything wrong with it is named at once.

A link with an opportunity is a growth link, without one a retention link. What is null or
absent has the default of its record.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from intake.domain.vocabulary import DemandKind
from scoring.domain.records import Account, Estimates, Inputs, Issue, Key, Link, Opportunity
from scoring.portable.errors import UnfitFile
from scoring.portable.fields import describe, parse_day
from scoring.portable.json_text import parse_json
from scoring.portable.rows import (
    ESTIMATES,
    SECTIONS,
    Row,
    find_repeated,
    find_unknown,
    read_section,
    read_value,
)

TODAY = "today"
REFERENCES = (
    ("opportunities", "account", "accounts"),
    ("links", "issue", "issues"),
    ("links", "account", "accounts"),
    ("links", "opportunity", "opportunities"),
)
Tables = Mapping[str, list[Row]]


def read_file(content: bytes, *, today: date) -> Inputs:
    """`today` stands in where the file names no day. Raises UnfitFile."""
    value = parse_json(content)
    faults: list[str] = []
    if not isinstance(value, dict):
        raise UnfitFile([f"The file: an object is expected, not {describe(value)}."])
    tables = _read_tables(value, faults)
    faults += _check_ids(tables)
    day = read_value(TODAY, value.get(TODAY), parse_day, faults)
    if faults:
        raise UnfitFile(faults)
    return _make_inputs(tables, day or today)


def _read_tables(value: Mapping[str, Any], faults: list[str]) -> Tables:
    """A section that is no list is told and left out."""
    unknown = value.keys() - SECTIONS.keys() - {TODAY}
    faults += [f"The key {describe(key)} is unknown." for key in sorted(unknown)]
    sections = {name: read_section(name, value.get(name), faults) for name in SECTIONS}
    return {name: rows for name, rows in sections.items() if rows is not None}


def _check_ids(tables: Tables) -> Iterator[str]:
    for name in ("accounts", "opportunities", "issues"):
        yield from find_repeated(name, tables.get(name, []))
    known = {name: {row["id"] for row in rows if "id" in row} for name, rows in tables.items()}
    for name, key, target in REFERENCES:
        if target in known:
            yield from find_unknown(name, key, tables.get(name, []), target, known[target])
    owners = {
        row["id"]: row["account"]
        for row in tables.get("opportunities", [])
        if row.keys() >= {"id", "account"}
    }
    yield from _find_strangers(tables.get("links", []), owners)


def _find_strangers(links: list[Row], owners: Mapping[Key, Key]) -> Iterator[str]:
    for place, link in enumerate(links):
        owner = owners.get(link.get("opportunity", ""))
        if owner is not None and link.get("account", owner) != owner:
            opportunity, account = describe(link["opportunity"]), describe(owner)
            yield f"links[{place}].opportunity: {opportunity} belongs to the account {account}."


def _make_inputs(tables: Tables, today: date) -> Inputs:
    return Inputs.gather(
        today,
        accounts=[_make_account(row) for row in tables["accounts"]],
        opportunities=[Opportunity(**row) for row in tables["opportunities"]],
        issues=[_make_issue(row) for row in tables["issues"]],
        links=[_make_link(row) for row in tables["links"]],
    )


def _make_account(row: Row) -> Account:
    return Account(is_strategic=row.pop("strategic", False), **row)


def _make_issue(row: Row) -> Issue:
    estimates = Estimates(**{key: row.pop(key) for key in ESTIMATES if key in row})
    is_open = row.pop("state", "opened") == "opened"
    return Issue(is_open=is_open, estimates=estimates, **row)


def _make_link(row: Row) -> Link:
    kind = DemandKind.GROWTH if "opportunity" in row else DemandKind.RETENTION
    return Link(kind=kind, **row)
