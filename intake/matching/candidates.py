"""Which issues are worth a closer look: several searches, then a first rough order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intake.matching.index import Hit, Sighting, Snapshot
from intake.matching.meaning import Meaning, Rows, Vectors
from intake.matching.question import Question

IDENTICAL = 50
DAY = 86_400  # seconds
UNKNOWN_COSINE = 0.35  # of an issue without a vector; about that of the last one looked at

Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Effort:
    """How many each search names, how many of all these are looked at, and how many of the
    query's sentences are encoded."""

    text: int
    title: int
    names: int
    meaning: int
    looked_at: int
    sentences: int


# QUICK is for somebody who is still typing: with their first sentences encoded the three best are
# no better.
FULL = Effort(text=400, title=150, names=40, meaning=400, looked_at=250, sentences=6)
QUICK = Effort(text=120, title=60, names=20, meaning=120, looked_at=80, sentences=0)


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the rough order. Scores count as a share of the best, age as log(1 + days)."""

    text: float
    title: float
    names: float
    age: float


# Chosen on the earlier 60 % of the duplicates of two trackers; the optimum is flat.
ALONE = Weights(text=1.0, title=0.4, names=0.15, age=0.06)
BESIDE_MEANING = Weights(text=0.45, title=0.15, names=0.1, age=0.03)


@dataclass(frozen=True, slots=True)
class Candidates:
    """`lead` is the rough score of each hit, best first. `rows` are their unit vectors, NaN for
    an issue without one; None where nothing is known of meaning."""

    hits: Sequence[Hit]
    lead: Column
    rows: Rows | None


def gather(
    question: Question,
    snapshot: Snapshot,
    *,
    public_only: bool,
    effort: Effort = FULL,
    meaning: Meaning | None = None,
    vectors: Vectors | None = None,
) -> Candidates:
    """The best by text, title, names and meaning, each once. Raises IndexUnavailable and, with
    vectors, EmbeddingUnavailable."""
    searches = _search(question, snapshot, effort, public_only=public_only)
    seen = {one.key: one for found in searches for one in found}
    rows = None
    if meaning is not None and vectors is not None:
        near = vectors.search(meaning.whole, limit=effort.meaning, public_only=public_only)
        unseen = [key for key, _ in near if key not in seen]
        seen |= {one.key: one for one in snapshot.locate(unseen, public_only=public_only)}
        rows = vectors.get(list(seen))
    sightings = list(seen.values())
    cosines = rows @ meaning.whole if rows is not None and meaning is not None else None
    lead = _rate(sightings, searches, cosines, newest_at=snapshot.newest_at)
    best = np.lexsort((np.array(list(seen), np.int64), -lead))[: effort.looked_at]
    return Candidates(
        hits=snapshot.read([sightings[place] for place in best]),
        lead=lead[best],
        rows=None if rows is None else rows[best],
    )


def find_identical(question: Question, snapshot: Snapshot, *, public_only: bool) -> list[Hit]:
    """Issues with the same title and text after normalising, oldest first."""
    if not question.fingerprint:
        return []
    asked = {question.fingerprint: 1.0}
    found = snapshot.search("fingerprint", asked, limit=IDENTICAL, public_only=public_only)
    return snapshot.read(sorted(found, key=lambda one: (one.created_at, one.key)))


def _search(
    question: Question, snapshot: Snapshot, effort: Effort, *, public_only: bool
) -> tuple[list[Sighting], list[Sighting], list[Sighting]]:
    """By text, title and names."""
    title = dict.fromkeys(question.title, 1.0)
    names = dict.fromkeys(question.names, 1.0)
    return (
        snapshot.search("text", question.text, limit=effort.text, public_only=public_only),
        snapshot.search("title", title, limit=effort.title, public_only=public_only),
        snapshot.search("names", names, limit=effort.names, public_only=public_only),
    )


def _rate(
    sightings: Sequence[Sighting],
    searches: tuple[list[Sighting], list[Sighting], list[Sighting]],
    cosines: Column | None,
    *,
    newest_at: int,
) -> Column:
    weights = ALONE if cosines is None else BESIDE_MEANING
    text, title, names = (_share(sightings, found) for found in searches)
    created = np.array([one.created_at for one in sightings], np.float64)
    age = np.log1p(np.maximum(newest_at - created, 0) / DAY)
    lead = weights.text * text + weights.title * title + weights.names * names - weights.age * age
    if cosines is not None:
        lead = lead + np.nan_to_num(cosines, nan=UNKNOWN_COSINE)
    return np.asarray(lead, np.float32)


def _share(sightings: Sequence[Sighting], found: Sequence[Sighting]) -> Column:
    """Each one's score in this search as a share of the best; 0 if the search did not find it."""
    best = max((one.score for one in found), default=0.0) or 1.0
    scores = {one.key: one.score / best for one in found}
    return np.array([scores.get(one.key, 0.0) for one in sightings], np.float32)
