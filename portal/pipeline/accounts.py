"""Salesforce's accounts and opportunities, copied into our tables."""

from collections.abc import Callable
from datetime import datetime

from portal.gateways.records import AccountRecord, OpportunityRecord
from portal.gateways.salesforce import SalesforceGateway
from portal.models import STAFF_ROLES, Account, Opportunity, User

BATCH = 200


def store_account(record: AccountRecord, *, now: datetime) -> Account:
    """One account as Salesforce tells it. Its TAM is a portal person of the same address."""
    tam = None
    if record.tam_email:
        staff = User.objects.filter(role__in=STAFF_ROLES, is_active=True)
        tam = staff.filter(email__iexact=record.tam_email).first()
    account, _ = Account.objects.update_or_create(
        salesforce_id=record.salesforce_id,
        defaults={
            "name": record.name[:255],
            "arr": record.arr,
            "seats": record.seats,
            "renewal_on": record.renewal_on,
            "health": record.health,
            "is_strategic": record.is_strategic,
            "segment": record.segment[:40],
            "tam": tam,
            "tam_name": record.tam_name[:120],
            "refreshed_at": now,
        },
    )
    return account


def store_opportunity(record: OpportunityRecord, account: Account, *, now: datetime) -> Opportunity:
    opportunity, _ = Opportunity.objects.update_or_create(
        salesforce_id=record.salesforce_id,
        defaults={
            "account": account,
            "name": record.name[:255],
            "net_arr": record.net_arr,
            "probability": record.probability,
            "closes_on": record.closes_on,
            "is_closed": record.is_closed,
            "is_won": record.is_won,
            "refreshed_at": now,
        },
    )
    return opportunity


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
    for record in salesforce.accounts_changed_since(since):
        store_account(record, now=now)
        count += 1
        tell(count)
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
    for record in told:
        store_opportunity(record, by_id[record.account_id], now=now)
    Opportunity.objects.filter(account__in=accounts, is_closed=False).exclude(
        salesforce_id__in=[record.salesforce_id for record in told]
    ).update(is_closed=True, is_won=False, refreshed_at=now)
