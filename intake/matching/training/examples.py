"""Queries with known answers, asked in time order; each becomes a matrix and its right rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from intake.matching.columns import Matrix
from intake.matching.evaluation.issues import Issue
from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.meaning import Encoder, Rows
from intake.matching.records import Document, Query
from intake.matching.training.listed import ListedVectors
from intake.matching.voices import Voice

HIDDEN_EVERY = 3  # of the queries so many are asked again while half the vectors are missing
HIDDEN_SHARE = 0.5


class Kind(StrEnum):
    """A marked duplicate; the same while vectors are missing; an issue nobody marked; a voice."""

    DUPLICATE = "duplicate"
    HIDDEN = "hidden"
    NEW = "new"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Example:
    """`rows` are candidates × NAMES, `right` marks the answers among them (none if the question
    is new, or if the searches missed it). `moment` in 0..1 tells when it was asked."""

    kind: Kind
    moment: float
    rows: Matrix
    right: NDArray[np.bool_]
    is_new: bool  # there is no answer to find
    query: Query
    candidates: Sequence[Document]  # as many as there are rows


@dataclass(frozen=True, slots=True)
class Source:
    """One tracker: its issues, and voices that name their ids. `rows` has a unit vector for each
    issue; without them words alone are compared."""

    issues: Sequence[Issue]
    voices: Sequence[Voice]
    rows: Rows | None


def collect(
    source: Source,
    *,
    first: float,
    new: int,
    seed: int,
    encoder: Encoder | None,
    advance: Callable[[int], None],
) -> list[Example]:
    """Ask the first share of the duplicates, as many issues that nobody marked as `new` says, and
    all voices. `advance` is told how many more issues are behind us."""
    issues = source.issues
    asked = pick_duplicates(issues, first)
    fresh = frozenset(_pick_new(issues[: asked[-1]] if asked else issues, new, seed))
    with TemporaryDirectory(prefix="training-") as place, IndexWriter(Path(place)) as writer:
        writer.rebuild([], "")
        desk = _Desk(source, Path(place), encoder, seed)
        examples: list[Example] = []
        done = 0
        for at in sorted({*asked, *fresh}):
            writer.apply([issue.document for issue in issues[done:at]], [], str(at))
            writer.settle()
            examples.extend(desk.ask_issue(at, is_new=at in fresh))
            advance(at - done)
            done = at
        writer.apply([issue.document for issue in issues[done:]], [], "")
        writer.settle()
        examples.extend(desk.ask_voices())
        advance(len(issues) - done)
    return examples


def pick_duplicates(issues: Sequence[Issue], first: float) -> list[int]:
    """Places of the first share of the marked duplicates; the others are for judging."""
    places = [place for place, issue in enumerate(issues) if issue.is_query]
    return places[: len(places) - ceil(len(places) * (1 - first))]


def _pick_new(issues: Sequence[Issue], count: int, seed: int) -> list[int]:
    marked = {issue.group for issue in issues if issue.is_query}
    later = range(len(issues) // 4, len(issues))
    alone = [place for place in later if issues[place].group not in marked]
    return Random(seed).sample(alone, min(count, len(alone)))  # noqa: S311


class _Desk:
    """Puts the questions to a finder over the issues so far."""

    def __init__(self, source: Source, directory: Path, encoder: Encoder | None, seed: int) -> None:
        self._source = source
        self._reader = IndexReader(directory)
        self._random = Random(seed)  # noqa: S311
        self._vectors = None if source.rows is None else ListedVectors(source.rows)
        self._finder = Finder(self._reader, encoder, self._vectors)
        self._groups = [issue.group for issue in source.issues]

    def ask_issue(self, at: int, *, is_new: bool) -> Iterator[Example]:
        issue = self._source.issues[at]
        query = Query(issue.document.title, issue.document.body)
        answers = frozenset() if is_new else frozenset({issue.group})
        moment = at / len(self._source.issues)
        yield self._ask(Kind.NEW if is_new else Kind.DUPLICATE, moment, query, answers, at)
        if not is_new and self._vectors is not None and self._random.randrange(HIDDEN_EVERY) == 0:
            sample = self._random.sample(range(at), int(at * HIDDEN_SHARE))
            self._vectors.hidden = frozenset(sample)
            yield self._ask(Kind.HIDDEN, moment, query, answers, at)
            self._vectors.hidden = frozenset()

    def ask_voices(self) -> Iterator[Example]:
        """Against all issues; `moment` spreads them evenly."""
        places = {issue.id: place for place, issue in enumerate(self._source.issues)}
        count = len(self._source.voices)
        for number, voice in enumerate(self._source.voices):
            answers = frozenset(self._groups[places[name]] for name in voice.answers)
            moment = number / count
            yield self._ask(Kind.VOICE, moment, voice.query, answers, len(self._groups))

    def _ask(
        self, kind: Kind, moment: float, query: Query, answers: frozenset[str], count: int
    ) -> Example:
        if self._vectors is not None:
            self._vectors.count = count
        examined = self._finder.examine(query, self._reader.snapshot())
        right = np.array([self._groups[hit.key] in answers for hit in examined.hits], np.bool_)
        candidates = [self._source.issues[hit.key].document for hit in examined.hits]
        return Example(kind, moment, examined.rows, right, not answers, query, candidates)
