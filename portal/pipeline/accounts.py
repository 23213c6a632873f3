"""Salesforce's accounts and opportunities, copied into our tables.

`changed_at` moves only when a copied field really differs: whoever computes from these rows looks
at what changed, not at what was read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models.functions import Lower

from portal.gateways.records import AccountRecord, OpportunityRecord
from portal.gateways.salesforce import SalesforceGateway
from portal.models import STAFF_ROLES, Account, Opportunity, User

BATCH = 200
Row = TypeVar("Row", Account, Opportunity)
Values = dict[str, Any]


def store_account(record: AccountRecord, *, now: datetime) -> Account:
    """One account as Salesforce tells it. Its TAM is a portal person of the same address."""
    store_accounts([record], now=now)
    return Account.objects.get(salesforce_id=record.salesforce_id)


def store_accounts(records: Sequence[AccountRecord], *, now: datetime) -> None:
    """Many at once, in a few queries."""
    people = _find_staff(record.tam_email for record in records)
    told = {
        record.salesforce_id: {
            "name": record.name[:255],
            "arr": record.arr,
            "seats": record.seats,
            "renewal_on": record.renewal_on,
            "health": record.health,
            "is_strategic": record.is_strategic,
            "segment": record.segment[:40],
            "tam_id": people.get(record.tam_email.lower()),
            "tam_name": record.tam_name[:120],
        }
        for record in records
    }
    _store(Account, told, now=now)


def store_opportunity(record: OpportunityRecord, account: Account, *, now: datetime) -> Opportunity:
    store_opportunities([record], {account.salesforce_id: account}, now=now)
    return Opportunity.objects.get(salesforce_id=record.salesforce_id)


def store_opportunities(
    records: Iterable[OpportunityRecord], accounts: Mapping[str, Account], *, now: datetime
) -> None:
    """`accounts` by their Salesforce id; each record's own is among them."""
    told = {
        record.salesforce_id: {
            "account_id": accounts[record.account_id].pk,
            "name": record.name[:255],
            "net_arr": record.net_arr,
            "probability": _round(record.probability),
            "closes_on": record.closes_on,
            "is_closed": record.is_closed,
            "is_won": record.is_won,
        }
        for record in records
    }
    _store(Opportunity, told, now=now)


def _round(percent: Decimal | None) -> Decimal | None:
    """As it is stored: otherwise it would differ at every look."""
    return None if percent is None else percent.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _find_staff(emails: Iterable[str]) -> dict[str, int]:
    """Keys of active staff by their address in lower case."""
    wanted = {email.lower() for email in emails if email}
    if not wanted:
        return {}
    staff = User.objects.filter(role__in=STAFF_ROLES, is_active=True)
    known = staff.annotate(address=Lower("email")).filter(address__in=wanted).order_by("-pk")
    return dict(known.values_list("address", "pk"))


def _store(model: type[Row], told: Mapping[str, Values], *, now: datetime) -> None:
    """Insert or update by Salesforce id; every row says that it was read."""
    known = {row.salesforce_id: row for row in model.objects.filter(salesforce_id__in=told)}
    fresh = [
        model(salesforce_id=id18, refreshed_at=now, changed_at=now, **values)
        for id18, values in told.items()
        if id18 not in known
    ]
    differing = [row for id18, row in known.items() if _copy(row, told[id18], now)]
    copied: list[str] = list(next(iter(told.values()), {}))
    model.objects.bulk_create(fresh, ignore_conflicts=True)
    model.objects.bulk_update(differing, [*copied, "changed_at"], batch_size=100)
    model.objects.filter(salesforce_id__in=told).update(refreshed_at=now)


def _copy(row: Account | Opportunity, values: Values, now: datetime) -> bool:
    """Onto the row, unsaved; True when something differs."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now
    return True


def refresh_accounts(
    salesforce: SalesforceGateway,
    *,
    since: datetime | None,
    now: datetime,
    tell: Callable[[int], None] = lambda count: None,
) -> int:
    """Copy what changed since a moment (None: everything) and every opportunity of known accounts.

    Returns the number of accounts copied; `tell` hears the running count.
    """
    count = 0
    records = iter(salesforce.accounts_changed_since(since))
    while batch := list(islice(records, BATCH)):
        store_accounts(batch, now=now)
        count += len(batch)
        tell(count)
    if since is not None:  # what the run before knew, and this one heard nothing of, still holds
        Account.objects.filter(refreshed_at__gte=since).update(refreshed_at=now)
    accounts = list(Account.objects.order_by("pk"))
    for start in range(0, len(accounts), BATCH):
        _refresh_opportunities(salesforce, accounts[start : start + BATCH], now=now)
    return count


def _refresh_opportunities(
    salesforce: SalesforceGateway, accounts: list[Account], *, now: datetime
) -> None:
    """Salesforce tells open and closed ones: one it does not tell of any more was deleted there,
    and counts as lost."""
    by_id = {account.salesforce_id: account for account in accounts}
    told = [record for record in salesforce.opportunities(by_id) if record.account_id in by_id]
    store_opportunities(told, by_id, now=now)
    Opportunity.objects.filter(account__in=accounts, is_closed=False).exclude(
        salesforce_id__in=[record.salesforce_id for record in told]
    ).update(is_closed=True, is_won=False, refreshed_at=now, changed_at=now)
