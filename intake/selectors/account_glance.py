"""An account in one line, for staff only: money, renewal, health, and how much it asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from intake.domain.salesforce_link import account_url
from intake.models import CustomerLink, Submission
from portal.models import Account


@dataclass(frozen=True, slots=True)
class AccountGlance:
    """`arr` is yearly, in the corporate currency; `url` leads to Salesforce, empty when unset."""

    id: int
    name: str
    url: str
    arr: Decimal | None
    seats: int | None
    renewal_on: date | None
    health: str
    health_label: str
    is_strategic: bool
    segment: str
    tam: str
    open_requests: int
    links: int


def glance_at_accounts(accounts: Iterable[Account]) -> dict[int, AccountGlance]:
    """By account id, in two queries however many there are; expects `tam` to be loaded."""
    known = {account.pk: account for account in accounts}
    asked = _count(Submission.objects.open(), known)
    links = _count(CustomerLink.objects.filter(demands__isnull=False), known)
    return {
        pk: _describe(account, asked.get(pk, 0), links.get(pk, 0)) for pk, account in known.items()
    }


def _count(rows: QuerySet[Any], known: dict[int, Account]) -> dict[int, int]:
    counted = rows.filter(account__in=known).order_by().values_list("account")
    return dict(counted.annotate(how_many=Count("pk", distinct=True)))


def _describe(account: Account, requests: int, links: int) -> AccountGlance:
    hosts = settings.SALESFORCE_HOSTS
    return AccountGlance(
        id=account.pk,
        name=account.name,
        url=account_url(account.salesforce_id, host=hosts[-1]) if hosts else "",
        arr=account.arr,
        seats=account.seats,
        renewal_on=account.renewal_on,
        health=account.health,
        health_label=account.get_health_display(),
        is_strategic=account.is_strategic,
        segment=account.segment,
        tam=str(account.tam or account.tam_name),
        open_requests=requests,
        links=links,
    )
