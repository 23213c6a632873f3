"""How fresh the scores are, and what they were computed with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scoring.domain.weights import Model
from scoring.models import ScoreRun

FRESH_FOR = timedelta(hours=26)  # everything is computed once a day, and that takes a while


@dataclass(frozen=True, slots=True)
class NewestRun:
    """`weights` is the version's number, 0 while the defaults are in force."""

    finished_at: datetime
    model: Model
    weights: int

    def is_late(self, now: datetime) -> bool:
        """Whether the next one should have been there by now."""
        return now - self.finished_at > FRESH_FOR


def read_newest_run() -> NewestRun | None:
    finished = ScoreRun.objects.filter(finished_at__isnull=False)
    run = finished.select_related("weights").order_by("-pk").first()
    if run is None or run.finished_at is None:
        return None
    if run.weights is None:
        return NewestRun(run.finished_at, Model.CIPF, 0)
    model = Model(run.weights.content.get("model", Model.CIPF))
    return NewestRun(run.finished_at, model, run.weights.number)
