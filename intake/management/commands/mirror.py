"""Copy GitLab's issues now, with a progress bar, instead of waiting for the timetable."""

import os
import socket
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from intake.actions.doorbell import ring_for_submission
from intake.matching.errors import IndexHeld, IndexUnavailable
from intake.models import Issue, Submission
from intake.pipeline.follow_issue import follow_changes
from intake.pipeline.index import update_index
from intake.pipeline.mirror import mirror_project
from portal.gateways import connect
from portal.models import Job
from portal.progress_bar import show_bar
from portal.timetable import run_job

JOB = "mirror_issues"
LEASE = timedelta(minutes=30)
PATIENCE = 60  # seconds to wait for another process that is writing the index


class Command(BaseCommand):
    help = "Copy the issues that changed in GitLab, then bring the search index up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--everything", action="store_true", help="read every issue, not only changed ones"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.GITLAB_PROJECTS:
            raise CommandError("GITLAB_PROJECTS is not set: there is nothing to copy.")
        mine = run_job(
            JOB,
            lambda: mirror_all(everything=options["everything"]),
            every=timedelta(0),
            lease=LEASE,
        )
        if not mine:
            raise CommandError("Another process is copying issues just now. Try again later.")
        if trouble := Job.objects.get(pk=JOB).trouble:
            raise CommandError(trouble)
        try:
            index_all()
        except (IndexHeld, IndexUnavailable) as error:
            raise CommandError(f"The issues are copied. {error}") from error


def mirror_all(*, everything: bool) -> None:
    """Every project of the settings; requests follow their issues. Raises the gateway's errors."""
    gitlab = connect.gitlab()
    for reference in settings.GITLAB_PROJECTS:
        with show_bar(f"Copying issues of {reference}", "issues") as tell:
            mirror_project(
                reference, gitlab=gitlab, clock=timezone.now, everything=everything, tell=tell
            )
        rung = follow_changes(gitlab=gitlab, clock=timezone.now)
        for submission in Submission.objects.filter(pk__in=rung):
            ring_for_submission(submission)


def index_all() -> None:
    """Waits for a worker that is at it. Raises IndexHeld when it stays so, IndexUnavailable."""
    total = Issue.objects.count()
    holder = f"manage.py on {socket.gethostname()}, pid {os.getpid()}"
    deadline = time.monotonic() + PATIENCE
    with show_bar("Indexing", "issues") as tell:
        while True:
            try:
                update_index(settings.INDEX_DIR, holder=holder, tell=lambda done: tell(done, total))
            except IndexHeld:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return
