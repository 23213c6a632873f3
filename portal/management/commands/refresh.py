"""Copy Salesforce's accounts and opportunities now, instead of waiting for the timetable."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.gateways import connect
from portal.models import Job
from portal.pipeline.accounts import refresh_accounts
from portal.progress_bar import show_bar
from portal.timetable import run_job

JOB = "refresh_salesforce"
LEASE = timedelta(minutes=10)


class Command(BaseCommand):
    help = "Copy every account and its opportunities from Salesforce."

    def handle(self, *args: Any, **options: Any) -> None:
        if not run_job(JOB, copy_all, every=timedelta(0), lease=LEASE):
            raise CommandError("Another process is copying accounts just now. Try again later.")
        if trouble := Job.objects.get(pk=JOB).trouble:
            raise CommandError(trouble)


def copy_all() -> None:
    """Raises the gateway's errors."""
    with show_bar("Copying accounts", "accounts") as tell:
        refresh_accounts(
            connect.salesforce(),
            since=None,
            now=timezone.now(),
            tell=lambda count: tell(count, None),
        )
