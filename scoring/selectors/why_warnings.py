"""A score's warnings: each said once, with whom it is about and what can be done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from intake.domain.salesforce_link import account_url
from portal.selectors.accounts import name_hidden_accounts
from scoring.domain.advice import ADVICE, Advice, Place
from scoring.domain.warning import WarningKind
from scoring.selectors.names import Names

NAMED = 5
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is; `url` leads to the account in Salesforce, empty where it is not set.

    `account_id` is None where there is no page of it for the reader.
    """

    account_id: int | None
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
    subjects = _list_subjects(rows[:NAMED], names)
    more = max(0, len(rows) - NAMED) if subjects else 0
    return Trouble(kind, advice.words, advice.place, subjects, more)


def _list_subjects(rows: Sequence[Row], names: Names) -> tuple[Subject, ...]:
    """Those of accounts that are not the reader's come last, as a number."""
    about = [(row, _find_account(row, names)) for row in rows]
    hidden = {account for _, account in about if account in names.hidden}
    shown = [_make(row, account, names) for row, account in about if account not in names.hidden]
    named = [subject for subject in shown if subject]
    folded = [Subject(None, name_hidden_accounts(len(hidden)), "")] if hidden else []
    return (*named, *folded)


def _find_account(warning: Row, names: Names) -> int:
    """0 for what is the issue's own, or of an opportunity that is gone."""
    if warning["opportunity"] is not None:
        known = names.opportunities.get(warning["opportunity"])
        return known.account_id if known else 0
    return warning["account"] or 0


def _make(warning: Row, account_pk: int, names: Names) -> Subject | None:
    if warning["opportunity"] is not None:
        name = names.name_opportunity(warning["opportunity"])
    elif warning["account"] is not None:
        name = names.name_account(warning["account"])
    else:
        return None
    account = names.accounts.get(account_pk)
    hosts = settings.SALESFORCE_HOSTS
    url = account_url(account.salesforce_id, host=hosts[-1]) if account and hosts else ""
    return Subject(account_pk if account else None, name, url)
