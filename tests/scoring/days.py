"""Days that were scored and kept, by the machine's own steps."""

from datetime import UTC, date, datetime, time, timedelta

from scoring.models import Snapshot
from scoring.pipeline.score import score_everything
from scoring.pipeline.snapshot import take_snapshot
from tests.scoring.store import TODAY

WEEK_AGO = TODAY - timedelta(days=7)


def keep_day(day: date = TODAY) -> Snapshot:
    now = datetime.combine(day, time(3), tzinfo=UTC)
    return take_snapshot(score_everything(now=now), now)
