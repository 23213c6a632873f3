"""Whose contact a person is, as Salesforce tells it by their address."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account, Membership, Role, User
from portal.pipeline.accounts import store_accounts
from portal.selectors.removals import removed_accounts

WAITS_AT_MOST = timedelta(days=30)  # since they last signed in


def find_waiting_people(*, now: datetime) -> "QuerySet[User]":
    """Customers with a proven address who belong nowhere yet, the last to sign in first."""
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    belongs = Membership.objects.filter(user=OuterRef("pk"), is_confirmed=True)
    return User.objects.filter(
        Exists(proven),
        ~Exists(belongs),
        role=Role.CUSTOMER,
        is_active=True,
        last_login__gt=now - WAITS_AT_MOST,
    ).order_by("-last_login")


def find_contact_accounts(
    people: Sequence[User], *, salesforce: Callable[[], SalesforceGateway], now: datetime
) -> list[tuple[User, list[Account]]]:
    """Each person with the accounts that have a contact of exactly their address, without those
    they were removed from. Raises Salesforce's errors."""
    if not people:
        return []
    gateway = salesforce()
    told: dict[str, set[str]] = defaultdict(set)
    for contact in gateway.contacts_by_emails(person.email for person in people):
        told[contact.email.casefold()].add(contact.account_id)
    store_accounts(gateway.accounts(id18 for ids in told.values() for id18 in ids), now=now)
    return [(person, _read_accounts(person, told[person.email.casefold()])) for person in people]


def _read_accounts(person: User, salesforce_ids: set[str]) -> list[Account]:
    accounts = Account.objects.filter(salesforce_id__in=salesforce_ids).order_by("name")
    return list(accounts.exclude(pk__in=removed_accounts(person, email=person.email)))
