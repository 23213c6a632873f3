"""Scores written into their rows, many at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from scoring.domain.computed import Computed
from scoring.domain.parts_text import write_parts, write_warnings
from scoring.domain.standing import write_standing
from scoring.models import IssueScore, ScoreParts, ScoreRun
from scoring.selectors.rules import read_areas

FROM_COMPUTED = (
    "model",
    "rank",
    "score",
    "retention",
    "growth",
    "combined",
    "priority",
    "weighted",
    "linked_arr",
    "impacted_arr",
    "lost_arr",
    "accounts",
    "strategic_accounts",
    "p0_accounts",
    "seats",
    "highest_points",
    "bucket",
    "urgency",
    "intent",
    "group",
    "type",
    "is_manual",
    "figures",
)
# Places on the gap ranking are written by themselves.
COLUMNS = ("run", "scored_at", "standing", "area", "themes", "warnings", *FROM_COMPUTED)


def store_scores(
    computed: Sequence[Computed],
    *,
    run: ScoreRun,
    now: datetime,
    ranks: Mapping[int, int | None] | None = None,
) -> None:
    """Rows that are there already are overwritten. `ranks` stand in for those of the records."""
    areas = read_areas()
    rows = [_make_row(one, run, now, areas) for one in computed]
    if ranks is not None:
        for row in rows:
            row.rank = ranks[row.issue_id]
    IssueScore.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["issue"], update_fields=COLUMNS
    )
    ScoreParts.objects.bulk_create(
        [ScoreParts(issue_id=one.issue, parts=write_parts(one.exact)) for one in computed],
        update_conflicts=True,
        unique_fields=["issue"],
        update_fields=["parts"],
    )


def drop_scores(issues: Collection[int]) -> None:
    """Nobody asks for them any more."""
    IssueScore.objects.filter(issue__in=issues).delete()
    ScoreParts.objects.filter(issue__in=issues).delete()


def drop_all_but(run: ScoreRun) -> None:
    """After a full run: what it did not write is nobody's wish any more."""
    IssueScore.objects.exclude(run=run).delete()
    ScoreParts.objects.exclude(issue__in=IssueScore.objects.values("issue")).delete()


def _make_row(one: Computed, run: ScoreRun, now: datetime, areas: Mapping[str, str]) -> IssueScore:
    values = {name: getattr(one, name) for name in FROM_COMPUTED}
    return IssueScore(
        issue_id=one.issue,
        run=run,
        scored_at=now,
        standing=write_standing(one.active),
        area=areas.get(one.group, ""),
        themes=list(one.themes),
        warnings=write_warnings(one.warnings),
        **values,
    )


def split(computed: Sequence[Computed], size: int) -> Iterable[Sequence[Computed]]:
    return (computed[start : start + size] for start in range(0, len(computed), size))
