"""Read comments for people's Salesforce links now, with a progress bar, instead of waiting."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from intake.models import Issue
from intake.pipeline.count_demand import count_due_demand
from intake.pipeline.read_notes import JOB, find_due, read_due_notes, wait_for_quiet
from portal.gateways import connect
from portal.gateways.errors import Unavailable
from portal.models import Job
from portal.progress_bar import show_bar
from portal.timetable import run_job

LEASE = timedelta(hours=2)
LONGEST_WAIT = timedelta(minutes=15)


class Command(BaseCommand):
    help = (
        "Read the comments that came or changed and count the demand they tell of; a run that was "
        "interrupted goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--everything",
            action="store_true",
            help="the comments of every issue, not only new ones",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SALESFORCE_HOSTS:
            raise CommandError("SALESFORCE_DOMAIN is not set: no link would be known.")
        if options["everything"]:
            waiting = Issue.objects.filter(is_gone=False, notes_due_at=None)
            waiting.update(notes_due_at=timezone.now())
        mine = run_job(JOB, read_all, every=timedelta(0), lease=LEASE)
        if not mine:
            raise CommandError("Another process is reading comments just now. Try again later.")
        if trouble := Job.objects.get(pk=JOB).trouble:
            left = find_due().count()
            raise CommandError(f"{trouble} {left:,} issues are left: the next run goes on there.")
        with show_bar("Counting", "customer links") as tell:
            count_due_demand(clock=timezone.now, tell=lambda done: tell(done, None))


def read_all() -> None:
    """Waits where GitLab asks for it. Raises the gateway's errors."""
    gitlab = connect.gitlab()
    with show_bar("Reading comments", "issues") as tell:
        while True:
            time.sleep(min(wait_for_quiet(timezone.now()), LONGEST_WAIT).total_seconds())
            try:
                read_due_notes(gitlab=gitlab, clock=timezone.now, tell=tell)
            except Unavailable as error:
                if not error.retry_after:
                    raise
            else:
                return
