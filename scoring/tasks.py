"""The worker's side of scoring: when to look, and one pipeline function for each look."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.doors import open_gitlab
from portal.timetable import run_job
from scoring.models import RunKind, ScoreRun, Snapshot
from scoring.pipeline import publish
from scoring.pipeline.gap_rows import rank_gaps
from scoring.pipeline.score import score_changes
from scoring.pipeline.snapshot import InputsMoved, drop_old_days, take_snapshot

logger = logging.getLogger(__name__)

PUBLISH_BATCH = 40  # issues a minute: at most four calls each


@shared_task
def score() -> None:
    """What changed since the last look; on a new day everything, which is kept as the day's."""
    run_job("score", _score, every=timedelta(seconds=50), lease=timedelta(minutes=15))


def _score() -> None:
    run = score_changes(now=timezone.now())
    if run is not None and run.kind == RunKind.CHANGES:
        rank_gaps()
    if not Snapshot.objects.filter(day=timezone.localdate()).exists():
        run_job("keep_day", _keep_day, every=timedelta(hours=1), lease=timedelta(minutes=15))


def _keep_day() -> None:
    try:
        take_snapshot(ScoreRun.objects.order_by("-pk")[0], timezone.now())
    except InputsMoved as moved:
        logger.warning("%s Tried again in an hour.", moved)
    drop_old_days(today=timezone.localdate())


@shared_task
def publish_labels() -> None:
    """Tell GitLab what the scores say, a few issues at a time; nothing while switched off."""
    if settings.SCORE_LABELS:
        run_job(
            "publish_labels", _publish, every=timedelta(seconds=50), lease=timedelta(minutes=10)
        )


def _publish() -> None:
    publish.publish_labels(gitlab=open_gitlab(), clock=timezone.now, most=PUBLISH_BATCH)
