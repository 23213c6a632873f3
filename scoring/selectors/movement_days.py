"""The two days that are compared: the nearest ones that have a snapshot."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min

from scoring.domain.weights import Model
from scoring.domain.weights_text import parse_weights
from scoring.models import ScoreRun, Snapshot

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run scored with: the parts that change every score at once."""

    weights: str
    reason: str
    crosswalk: str
    formulas: str
    model: Model


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    rules: Rules


@dataclass(frozen=True, slots=True)
class Days:
    """`first` and `last` are the earliest and the newest that there are."""

    before: Day
    after: Day
    first: date
    last: date

    @property
    def changed_rules(self) -> list[str]:
        """What changed for all issues between the two days, in sentences."""
        old, new = self.before.rules, self.after.rules
        reason = f": {new.reason}" if new.reason else ""
        told = {
            f"The model changed from {old.model} to {new.model}; the scores do not compare.": (
                old.model != new.model
            ),
            f"{old.weights} gave way to {new.weights}{reason}.": old.weights != new.weights,
            f"{old.crosswalk} gave way to {new.crosswalk}: links may count other points.": (
                old.crosswalk != new.crosswalk
            ),
            "The formulas themselves changed with a new version of the portal.": (
                old.formulas != new.formulas
            ),
        }
        return [sentence for sentence, is_true in told.items() if is_true]


def choose_days(before: date | None, after: date | None) -> Days | None:
    """The newest snapshot up to each day: without a wish the newest and a week before it.

    Where there is none so early, the earliest. None while there are fewer than two. Four queries
    at most.
    """
    snapshots = Snapshot.objects.defer("inputs", "run__seen").select_related(
        "run__weights", "run__crosswalk"
    )
    span = Snapshot.objects.aggregate(first=Min("day"), last=Max("day"))
    if span["first"] is None or span["first"] == span["last"]:
        return None
    later = snapshots.exclude(day=span["first"])
    newer = later.filter(day__lte=after or span["last"]).first() or later.last()
    assert newer is not None
    earlier = snapshots.filter(day__lt=newer.day)
    start = max(before or newer.day - WEEK, span["first"])
    older = earlier.filter(day__lte=start).first()
    assert older is not None
    return Days(_describe(older), _describe(newer), span["first"], span["last"])


def _describe(snapshot: Snapshot) -> Day:
    return Day(snapshot.day, _read_rules(snapshot.run))


def _read_rules(run: ScoreRun) -> Rules:
    version = run.weights
    return Rules(
        weights=str(version) if version else "The default weights",
        reason=version.reason if version else "",
        crosswalk=str(run.crosswalk),
        formulas=run.model_version,
        model=parse_weights(version.content).model if version else Model.CIPF,
    )
