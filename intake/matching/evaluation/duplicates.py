"""Every known duplicate is asked for when it was created.

The protocol of Zhang et al., "Duplicate Bug Report Detection: How Far Are We?", ACM TOSEM
2023: an issue marked as a duplicate is a query against all earlier issues, open and
closed. The ranked list is collapsed to one entry per duplicate group; a hit is the
right group. All methods see exactly the same earlier issues.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from intake.matching.embedding.encoder import Encoder
from intake.matching.evaluation.answers import Case, Run
from intake.matching.evaluation.baselines import Baselines, Rows
from intake.matching.evaluation.growing_index import GrowingIndex
from intake.matching.evaluation.issues import Issue
from intake.matching.evaluation.trial import Trial
from intake.matching.records import Query


@dataclass(frozen=True, slots=True)
class Plan:
    """Places in the file. The weighted sum learns from `earlier`; `asked` and `unmarked`
    are put to all methods and to ours."""

    earlier: frozenset[int]
    asked: frozenset[int]
    unmarked: frozenset[int]


def ask_duplicates(
    issues: Sequence[Issue],
    directory: Path,
    *,
    encoder: Encoder | None = None,
    rows: Rows | None = None,
    last: float = 1.0,
    unmarked: int = 0,
    advance: Callable[[int], None],
) -> Run:
    """Ask the last share of the queries, and beside them so many issues of the same time that
    nobody marked. `rows` are the unit vectors of all issues, where there is an encoder.

    The index is made in `directory`, over what is there. `advance` is told how many more
    issues are behind us.
    """
    plan = make_plan(issues, last=last, unmarked=unmarked)
    baselines, before = Baselines(rows), 0
    with GrowingIndex(directory, encoder) as index:
        trial = Trial(issues, baselines, index)
        for place in sorted(plan.earlier | plan.asked | plan.unmarked):
            issue, row = issues[place], None if rows is None else rows[place]
            baselines.add([one.document for one in issues[before:place]])
            if place in plan.earlier and row is not None:
                trial.learn(_make_case(issue), row)
            elif place not in plan.earlier:
                trial.grow(place, rows)
                trial.ask(_make_case(issue), row)
            advance(place - before)
            before = place
    advance(len(issues) - before)
    return trial.run


def make_plan(issues: Sequence[Issue], *, last: float, unmarked: int) -> Plan:
    """The last share of the queries, rounded up; the unmarked ones lie evenly after its first."""
    queries = [place for place, issue in enumerate(issues) if issue.is_query]
    cut = len(queries) - ceil(len(queries) * last)
    asked = queries[cut:]
    others = [place for place in range(*_span(asked, issues)) if not issues[place].is_query]
    amount = min(unmarked, len(others))
    spread = (others[number * len(others) // amount] for number in range(amount))
    return Plan(frozenset(queries[:cut]), frozenset(asked), frozenset(spread))


def _span(asked: Sequence[int], issues: Sequence[Issue]) -> tuple[int, int]:
    return (asked[0] if asked else 0), len(issues)


def _make_case(issue: Issue) -> Case:
    right = frozenset({issue.group}) if issue.is_query else frozenset[str]()
    query = Query(issue.document.title, issue.document.body)
    return Case(issue.id, issue.kind, query, right)
