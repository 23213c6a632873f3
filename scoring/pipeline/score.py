"""Scores kept up to date: all of them once a day, and what a change touches within a minute.

The rows that changed are found by a query, whoever changed them; a run that is lost or broken off
is made good by the next one. Only one run at a time: the callers see to that.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from scoring.domain.compare import compute
from scoring.domain.computed import FORMULAS
from scoring.domain.inputs_text import write_inputs
from scoring.domain.weights import Model
from scoring.models import IssueScore, RunKind, ScoreRun
from scoring.pipeline.bucket_rows import fill_buckets
from scoring.pipeline.gap_rows import rank_gaps
from scoring.pipeline.rank_rows import make_room
from scoring.pipeline.score_rows import drop_all_but, drop_scores, split, store_scores
from scoring.selectors.changes import Changes, find_changes
from scoring.selectors.inputs import read_inputs
from scoring.selectors.rules import Rules, read_rules
from scoring.selectors.touched import Touched, read_touched

OVERLAP = timedelta(minutes=10)  # longer than any transaction that changes what is scored
AT_A_TIME = 500  # issues in one transaction
MOST_TOUCHED = 2_000  # issues; more of them cost as much as all

Tell = Callable[[int, int | None], None]


def score_everything(*, now: datetime, tell: Tell = lambda done, total: None) -> ScoreRun:
    """Score every open issue that somebody asks for or estimated, and write every row.

    `tell` hears how many rows are written, and of how many. Broken off in the middle it leaves
    a run without an end, after which everything is scored again.
    """
    rules = read_rules()
    seen = find_changes(since=now - OVERLAP).seen
    inputs = read_inputs(timezone.localdate(now))
    run = _begin(RunKind.FULL, rules, now, seen)
    run.inputs_hash = sha256(write_inputs(inputs)).hexdigest()
    computed = [one for one in compute(inputs, rules.weights, rules.table) if one.is_worth_keeping]
    for part in split(computed, AT_A_TIME):
        with transaction.atomic():
            store_scores(part, run=run, now=now)
        run.issues += len(part)
        tell(run.issues, len(computed))
    with transaction.atomic():
        drop_all_but(run)
        rank_gaps()
        _end(run, now)
    return run


def score_changes(*, now: datetime) -> ScoreRun | None:
    """Score what changed since the last run, and what shares a pool with it; None: nothing did.

    Everything is scored on a new day (months go by), with new weights, a new crosswalk or new
    formulas, after a run that broke off, where a change touches a great many issues, and with any
    model but the framework's, whose scores may all depend on each other.
    """
    rules, last = read_rules(), ScoreRun.objects.order_by("-pk").first()
    is_current = last and last.finished_at and last.today == timezone.localdate(now)
    if last is None or not is_current or not rules.are_those_of(last):
        return score_everything(now=now)
    changes = find_changes(since=last.started_at - OVERLAP, but=last.seen)
    if not changes:
        return None
    if rules.weights.model != Model.CIPF:
        return score_everything(now=now)
    touched = read_touched(changes, rules, last.today, most=MOST_TOUCHED)
    if touched is None:
        return score_everything(now=now)
    return _store_changes(touched, changes, rules, now)


@transaction.atomic
def _store_changes(touched: Touched, changes: Changes, rules: Rules, now: datetime) -> ScoreRun:
    run = _begin(RunKind.CHANGES, rules, now, changes.seen)
    rows = IssueScore.objects.filter(issue__in=touched.issues)
    before = {row[0]: row for row in rows.values_list("pk", "rank", "group", "type")}
    known = {pk: rank for pk, rank, *_ in before.values()}
    ranks = make_room(dict.fromkeys(touched.issues) | known, touched.standings)
    store_scores(touched.computed, run=run, now=now, ranks=ranks)
    drop_scores(before.keys() - {one.issue for one in touched.computed})
    groups = {(group, kind) for _, _, group, kind in before.values()}
    fill_buckets(groups | {(one.group, one.type) for one in touched.computed}, rules.weights)
    run.issues = len(touched.computed)
    _end(run, now)
    return run


def _begin(kind: RunKind, rules: Rules, now: datetime, seen: list[list[object]]) -> ScoreRun:
    return ScoreRun.objects.create(
        kind=kind,
        today=timezone.localdate(now),
        model_version=FORMULAS,
        weights=rules.version,
        crosswalk=rules.crosswalk,
        seen=seen,
        started_at=now,
    )


def _end(run: ScoreRun, now: datetime) -> None:
    run.finished_at = now
    run.save(update_fields=["issues", "inputs_hash", "finished_at"])
