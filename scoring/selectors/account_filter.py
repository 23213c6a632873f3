"""Which accounts a filter is about, and what they ask for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from intake.models import CustomerLink, Demand
from portal.domain.salesforce_id import to_18
from portal.models import User

WITHOUT = "-"  # in place of a name: those that have none
MINE = "me"


def describe_accounts(
    *, health: str, segment: str, tam: str, account: str, reader: User, at: str = ""
) -> Q:
    """False when nothing was chosen. `at` leads from the rows asked for to their account."""
    wanted = _describe_tam(tam, reader, at) & _describe_name(account, at)
    if health:
        wanted &= Q(**{f"{at}health": health})
    if segment:
        wanted &= Q(**{f"{at}segment": "" if segment == WITHOUT else segment})
    return wanted


def find_open_links(since: date | None, until: date | None) -> QuerySet[CustomerLink]:
    """Made between two days, both included. One whose requests were all taken back demands
    nothing, and is left out."""
    days: dict[str, Any] = {}
    if since:
        days["created_at__gte"] = _begin(since)
    if until:
        days["created_at__lt"] = _begin(until + timedelta(days=1))
    return CustomerLink.objects.filter(Exists(Demand.objects.filter(link=OuterRef("pk"))), **days)


def _describe_tam(tam: str, reader: User, at: str) -> Q:
    """A person's key, "me", "-", or a name that only Salesforce knows."""
    if not tam:
        return Q()
    if tam == MINE:
        return Q(**{f"{at}tam": reader})
    if tam.isascii() and tam.isdigit() and len(tam) < 10:
        return Q(**{f"{at}tam": int(tam)})
    return Q(**{f"{at}tam": None, f"{at}tam_name": "" if tam == WITHOUT else tam})


def _describe_name(account: str, at: str) -> Q:
    if not account:
        return Q()
    try:
        return Q(**{f"{at}salesforce_id": to_18(account)})
    except ValueError:
        return Q(**{f"{at}name__icontains": account})


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())
