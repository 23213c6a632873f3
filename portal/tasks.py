"""The portal's periodic work: copying Salesforce, probing shut doors."""

import logging
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from portal.doors import open_salesforce
from portal.gateways import connect
from portal.gateways.errors import GatewayError
from portal.models import Door, Job
from portal.pipeline.accounts import refresh_accounts
from portal.pipeline.doors import open_door
from portal.timetable import run_job

logger = logging.getLogger(__name__)

REFRESH_EVERY = timedelta(minutes=10)
REFRESH_OVERLAP = timedelta(minutes=15)
PROBE_EVERY = timedelta(seconds=50)


@shared_task
def refresh_salesforce() -> None:
    """Copy the accounts and opportunities that changed since the last good run."""
    run_job("refresh_salesforce", _refresh, every=REFRESH_EVERY, lease=timedelta(minutes=10))


def _refresh() -> None:
    last = Job.objects.get(pk="refresh_salesforce").finished_at
    since = last - REFRESH_OVERLAP if last else None
    refresh_accounts(open_salesforce(), since=since, now=timezone.now())


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
