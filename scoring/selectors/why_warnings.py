"""A score's warnings: each said once, with whom it is about and what can be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from intake.domain.salesforce_link import account_url
from scoring.domain.advice import ADVICE, Advice, Place
from scoring.domain.warning import WarningKind
from scoring.selectors.names import Names

NAMED = 5
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is; `url` leads to the account in Salesforce, empty where it is not set."""

    account_id: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """`subjects` is empty for what is the issue's own; `more` are not named."""

    words: str
    advice: str
    place: Place
    subjects: tuple[Subject, ...]
    more: int


def list_named(warnings: Iterable[Row]) -> list[Row]:
    """The rows whose accounts and opportunities are named."""
    return [row for rows in _by_kind(warnings).values() for row in rows[:NAMED]]


def tell_warnings(warnings: Iterable[Row], names: Names) -> tuple[Trouble, ...]:
    """In the order of the first of each kind."""
    return tuple(_tell(kind, rows, names) for kind, rows in _by_kind(warnings).items())


def _by_kind(warnings: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for warning in warnings:
        found.setdefault(str(warning["kind"]), []).append(warning)
    return found


def _tell(kind: str, rows: list[Row], names: Names) -> Trouble:
    is_known = kind in WarningKind._value2member_map_
    advice = ADVICE[WarningKind(kind)] if is_known else Advice("", Place.NOWHERE)
    subjects = tuple(subject for row in rows[:NAMED] if (subject := _find_subject(row, names)))
    more = max(0, len(rows) - NAMED) if subjects else 0
    return Trouble(kind, advice.words, advice.place, subjects, more)


def _find_subject(warning: Row, names: Names) -> Subject | None:
    if warning["opportunity"] is not None:
        known = names.opportunities.get(warning["opportunity"])
        account = known.account_id if known else 0
        return _make(account, names, names.name_opportunity(warning["opportunity"]))
    if warning["account"] is not None:
        return _make(warning["account"], names, names.name_account(warning["account"]))
    return None


def _make(account_pk: int, names: Names, name: str) -> Subject:
    account = names.accounts.get(account_pk)
    hosts = settings.SALESFORCE_HOSTS
    url = account_url(account.salesforce_id, host=hosts[-1]) if account and hosts else ""
    return Subject(account_pk, name, url)
