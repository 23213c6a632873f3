"""Score now, with a progress bar, instead of waiting for the timetable."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.progress_bar import show_bar
from portal.timetable import run_job
from scoring.models import ScoreRun
from scoring.pipeline.gap_rows import rank_gaps
from scoring.pipeline.score import score_changes, score_everything

JOB = "score"  # the timetable's own: only one at a time
LEASE = timedelta(minutes=15)


class Command(BaseCommand):
    help = "Score every issue that somebody asks for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--changes", action="store_true", help="only what changed since the last run"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        work = self._score_changes if options["changes"] else score_all
        if not run_job(JOB, work, every=timedelta(0), lease=LEASE):
            raise CommandError("Another process is scoring just now. Try again later.")

    def _score_changes(self) -> None:
        run = score_changes(now=timezone.now())
        rank_gaps()
        self.stdout.write(tell(run) if run else "Nothing changed since the last run.")


def score_all() -> None:
    with show_bar("Scoring", "issues") as show:
        score_everything(now=timezone.now(), tell=show)


def tell(run: ScoreRun) -> str:
    return f"{run.get_kind_display()}: {run.issues:,} issues scored."
