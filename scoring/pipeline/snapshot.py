"""One day's scores with all they were computed from, so that they can be computed again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import transaction

from scoring.domain.compare import compute
from scoring.domain.computed import Computed
from scoring.domain.day_parts import write_day_parts
from scoring.domain.inputs_text import parse_inputs, write_inputs
from scoring.domain.snapshot_text import hash_results, pack, unpack
from scoring.domain.weights import Weights
from scoring.domain.weights_text import parse_weights
from scoring.models import DayScore, IssueScore, RunKind, ScoreParts, ScoreRun, Snapshot
from scoring.pipeline.score import score_everything
from scoring.selectors.inputs import read_inputs
from scoring.selectors.rules import parse_crosswalk

KEPT_FOR = timedelta(days=400)
PARTS_KEPT_FOR = timedelta(days=60)
RUNS_KEPT_FOR = timedelta(days=30)
AT_A_TIME = 500  # rows in one statement
ATTEMPTS = 3
FIGURES = ("rank", "retention", "growth", "priority", "weighted", "linked_arr", "accounts")


class InputsMoved(Exception):
    """Something changed while the day was being kept, each time: try again later."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that does not come out as it was kept; None where there is no number."""

    issue: int
    figure: str
    kept: object
    found: object


@dataclass(frozen=True, slots=True)
class Replay:
    """A day computed again from what its snapshot keeps."""

    issues: int
    expected_hash: str
    found_hash: str
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """To the cent, in every figure of every issue."""
        return self.expected_hash == self.found_hash and not self.differences


def take_snapshot(run: ScoreRun, now: datetime) -> Snapshot:
    """Keep the day of a full run; one that is kept already is replaced.

    Where the rows have changed since the run, everything is scored again first, so that the
    snapshot's run, inputs and scores belong together. Raises InputsMoved.
    """
    for _ in range(ATTEMPTS):
        inputs = write_inputs(read_inputs(run.today))
        if run.kind == RunKind.FULL and sha256(inputs).hexdigest() == run.inputs_hash:
            return _keep(run, inputs, now)
        run = score_everything(now=now)
    raise InputsMoved(f"Demand changed {ATTEMPTS} times while {run.today} was being kept.")


def replay(snapshot: Snapshot) -> Replay:
    """Compute the day again from its snapshot alone. Raises ValueError when that is damaged."""
    material = unpack(bytes(snapshot.inputs))
    computed = compute(material.inputs, material.weights, material.crosswalk)
    kept = {row["issue_id"]: row for row in snapshot.scores.values("issue_id", *FIGURES)}
    found = {int(one.issue): one for one in computed if one.priority is not None}
    return Replay(
        issues=len(kept),
        expected_hash=snapshot.results_hash,
        found_hash=hash_results(computed),
        differences=tuple(_compare(kept, found)),
    )


def drop_old_days(*, today: date) -> None:
    """Days beyond their time, first what explains them, then their numbers; and runs that no
    score comes from any more."""
    old = DayScore.objects.filter(day__lt=today - PARTS_KEPT_FOR)
    old.exclude(parts=[]).update(parts=[])
    Snapshot.objects.filter(day__lt=today - KEPT_FOR).delete()
    runs = ScoreRun.objects.filter(today__lt=today - RUNS_KEPT_FOR, snapshot=None)
    runs.exclude(pk__in=IssueScore.objects.values("run")).delete()


def _keep(run: ScoreRun, inputs: bytes, now: datetime) -> Snapshot:
    weights = parse_weights(run.weights.content) if run.weights else Weights()
    crosswalk = parse_crosswalk(run.crosswalk.table)
    computed = compute(parse_inputs(inputs), weights, crosswalk)
    with transaction.atomic():
        Snapshot.objects.filter(day=run.today).delete()
        snapshot = Snapshot.objects.create(
            day=run.today,
            run=run,
            inputs=pack(inputs, weights, crosswalk),
            results_hash=hash_results(computed),
            created_at=now,
        )
        rows = _make_days(snapshot)
        while part := list(islice(rows, AT_A_TIME)):
            DayScore.objects.bulk_create(part)
    return snapshot


def _make_days(snapshot: Snapshot) -> Iterator[DayScore]:
    """From the rows as they are shown: that they come out again is what a replay proves."""
    scores = IssueScore.objects.filter(priority__isnull=False).order_by("issue")
    parts = ScoreParts.objects.order_by("issue").values_list("issue_id", "parts")
    by_issue = {issue: write_day_parts(told) for issue, told in parts.iterator(AT_A_TIME)}
    for row in scores.values("issue_id", "issue__weight", "score", *FIGURES).iterator(AT_A_TIME):
        weight = row.pop("issue__weight")
        told = by_issue.get(row["issue_id"], [])
        yield DayScore(snapshot=snapshot, day=snapshot.day, weight=weight, parts=told, **row)


def _compare(
    kept: Mapping[int, Mapping[str, Any]], found: Mapping[int, Computed]
) -> Iterator[Difference]:
    for issue in sorted({*kept, *found}):
        for figure in FIGURES:
            was = kept[issue][figure] if issue in kept else None
            now = getattr(found[issue], figure) if issue in found else None
            if was != now:
                yield Difference(issue, figure, was, now)
