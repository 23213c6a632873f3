"""How well the finder finds: every known duplicate is asked for when it was created.

The protocol of Zhang et al., "Duplicate Bug Report Detection: How Far Are We?", ACM TOSEM
2023: an issue marked as a duplicate is a query against all earlier issues, open and
closed. The ranked list is collapsed to one entry per duplicate group; a hit is the
right group. Both methods see exactly the same earlier issues.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from time import perf_counter

from intake.matching.bm25f import Reference
from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Document, Query

DEPTH = 150  # how far down a list the right group may stand and still count as a candidate


@dataclass(frozen=True, slots=True)
class Issue:
    """One line of the file. `group` is the id of its earliest duplicate, or its own."""

    document: Document
    kind: str
    group: str
    is_query: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """`rank` counts groups from 1; 0 if the right one was not among the candidates."""

    kind: str
    rank: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """The answers of both methods to the same queries, in time order."""

    reference: list[Answer]
    ours: list[Answer]


def read_issues(path: Path) -> list[Issue]:
    """JSON lines, plain or gzipped, in time order.

    Each has id, created_at, kind, title, body and duplicate_of (the id of the earliest
    issue of the group, or null). Raises ValueError for a line that has not.
    """
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        return [_read_issue(number, line) for number, line in enumerate(file) if line.strip()]


def _read_issue(number: int, line: str) -> Issue:
    try:
        row = json.loads(line)
        created_at = datetime.fromisoformat(row["created_at"])
        document = Document(
            key=number,
            title=row["title"] or "",
            body=row["body"] or "",
            created_at=created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC),
            is_open=True,
            is_public=True,
        )
        group = str(row["duplicate_of"] or row["id"])
        return Issue(document, str(row["kind"]), group, row["duplicate_of"] is not None)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"Line {number + 1} is not an issue: {error!r}") from error


def evaluate(
    issues: Sequence[Issue],
    directory: Path,
    *,
    last: float = 1.0,
    advance: Callable[[int], None],
) -> Run:
    """Ask the last share of the queries; the index is made in `directory`, over what is there.

    `advance` is told how many more issues are behind us.
    """
    asked = _pick_asked(issues, last)
    groups = {issue.document.key: issue.group for issue in issues}
    run, reference = Run([], []), Reference()
    with IndexWriter(directory, holder="evaluation") as writer:
        writer.rebuild([], watermark="")
        finder = Finder(IndexReader(directory))
        for start, end in _pair_up(asked):
            documents = [issue.document for issue in issues[start:end]]
            writer.apply(documents, [], watermark=str(end))
            reference.extend(documents)
            advance(end - start)
            _ask(issues[end], groups, reference, finder, run)
    advance(len(issues) - (asked[-1] if asked else 0))
    return run


def _pick_asked(issues: Sequence[Issue], last: float) -> list[int]:
    places = [place for place, issue in enumerate(issues) if issue.is_query]
    return places[len(places) - ceil(len(places) * last) :]


def _pair_up(asked: Sequence[int]) -> Iterator[tuple[int, int]]:
    yield from zip([0, *asked], asked, strict=False)


def _ask(
    issue: Issue, groups: Mapping[int, str], reference: Reference, finder: Finder, run: Run
) -> None:
    query = Query(issue.document.title, issue.document.body)
    ways: list[tuple[list[Answer], Callable[[], list[int]]]] = [
        (run.reference, lambda: reference.rank(query, limit=DEPTH)),
        (run.ours, lambda: [match.key for match in finder.find(query, limit=DEPTH)]),
    ]
    for answers, find in ways:
        started = perf_counter()
        keys = find()
        seconds = perf_counter() - started
        ranked = list(dict.fromkeys(groups[key] for key in keys))
        rank = ranked.index(issue.group) + 1 if issue.group in ranked else 0
        answers.append(Answer(issue.kind, rank, seconds))
