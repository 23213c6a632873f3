"""The portal's periodic work: copying Salesforce, probing shut doors, dropping what is old."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.actions.alert import raise_alert
from portal.actions.membership import admit_contact
from portal.doors import open_salesforce
from portal.gateways import connect
from portal.gateways.errors import GatewayError, Misconfigured
from portal.models import Door, Job, Role, User
from portal.pipeline.accounts import refresh_accounts
from portal.pipeline.attempts import forget_attempts
from portal.pipeline.contacts import find_contact_accounts, find_waiting_people
from portal.pipeline.doors import DoorShut, open_door
from portal.pipeline.retention import (
    drop_audit,
    drop_cache,
    drop_invitations,
    drop_sessions,
    drop_strangers,
)
from portal.timetable import run_job

logger = logging.getLogger(__name__)

REFRESH_EVERY = timedelta(minutes=10)
REFRESH_OVERLAP = timedelta(minutes=15)
PROBE_EVERY = timedelta(seconds=50)
CONTACTS_EVERY = timedelta(minutes=10)
CONTACTS_BATCH = 200
TIDY_EVERY = timedelta(minutes=50)


@shared_task
def refresh_salesforce() -> None:
    """Copy the accounts and opportunities that changed since the last good run."""
    run_job("refresh_salesforce", _refresh, every=REFRESH_EVERY, lease=timedelta(minutes=10))


def _refresh() -> None:
    last = Job.objects.get(pk="refresh_salesforce").finished_at
    since = last - REFRESH_OVERLAP if last else None
    refresh_accounts(open_salesforce(), since=since, now=timezone.now())


@shared_task
def find_contact(pk: int) -> None:
    """Somebody proved an address: are they a contact of one of our accounts? Whoever cannot be
    looked up now is looked up by the clock."""
    try:
        _admit(list(User.objects.filter(pk=pk, role=Role.CUSTOMER, is_active=True)))
    except DoorShut:
        return
    except Misconfigured as error:
        raise_alert(error, now=timezone.now())
    except GatewayError as error:
        logger.warning("A contact could not be looked up: %s", error)


@shared_task
def find_contacts() -> None:
    """The same for everybody who belongs nowhere yet: contacts are entered later, too."""
    run_job("find_contacts", _find_contacts, every=CONTACTS_EVERY, lease=timedelta(minutes=5))


def _find_contacts() -> None:
    _admit(list(find_waiting_people(now=timezone.now())[:CONTACTS_BATCH]))


def _admit(people: Sequence[User]) -> None:
    now = timezone.now()
    for person, accounts in find_contact_accounts(people, salesforce=open_salesforce, now=now):
        admit_contact(person, accounts, now=now)


@shared_task
def probe_doors() -> None:
    """Knock at each shut door once a minute."""
    run_job("probe_doors", _probe, every=PROBE_EVERY, lease=timedelta(minutes=2))


def _probe() -> None:
    knocks: dict[str, Callable[[], object]] = {
        "gitlab": lambda: connect.gitlab().token(),
        "salesforce": lambda: connect.salesforce().check(),
    }
    for service in Door.objects.filter(is_shut=True).values_list("service", flat=True):
        try:
            knocks[service]()
        except GatewayError as error:
            logger.info("%s is still shut: %s", service, error)
        else:
            open_door(service, now=timezone.now())
            logger.warning("%s lets us in again.", service)


@shared_task
def tidy_up() -> None:
    """Drop what is kept for a time only: every hour a little, so that it never is much."""
    run_job("tidy_up", _tidy_up, every=TIDY_EVERY, lease=timedelta(minutes=10))


def _tidy_up() -> None:
    now = timezone.now()
    dropped = {
        "audit entries": drop_audit(before=now - settings.RETENTION_AUDIT),
        "invitations": drop_invitations(before=now - settings.RETENTION_INVITATIONS),
        "unproven addresses": drop_strangers(before=now - settings.RETENTION_STRANGERS),
        "sessions": drop_sessions(now=now),
        "cached values": drop_cache(now=now),
        "counted attempts": forget_attempts(now=now),
    }
    if any(dropped.values()):
        logger.info("Dropped: %s.", ", ".join(f"{n} {what}" for what, n in dropped.items() if n))
