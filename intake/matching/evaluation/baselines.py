"""The methods ours is held against: BM25F, MiniLM and their weighted sum, all exact.

MiniLM is the cosine of the sentence vectors of title and body. In the sum each counts as a
share of its best score for the query.
"""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from intake.matching.bm25f import Reference, Scores, rank
from intake.matching.evaluation.answers import DEPTH, find_rank
from intake.matching.records import Document, Query

BM25F, MINILM, SUM = "BM25F", "MiniLM", "weighted sum"
WEIGHTS = tuple(step / 20 for step in range(1, 20))  # that are tried for MiniLM
UNTUNED = 0.5

Rows = NDArray[np.float32]


class Baselines:
    """Over the documents added so far. `rows` are the unit vectors of all that will be."""

    def __init__(self, rows: Rows | None) -> None:
        self._rows = rows
        self._reference = Reference()
        self._keys: list[int] = []
        self._gains = dict.fromkeys(WEIGHTS, 0.0)  # weight → sum of reciprocal ranks

    @property
    def methods(self) -> tuple[str, ...]:
        return (BM25F,) if self._rows is None else (BM25F, MINILM, SUM)

    @property
    def weight(self) -> float | None:
        """Of MiniLM in the sum: the best MRR on the queries learned from."""
        if self._rows is None:
            return None
        return max(WEIGHTS, key=lambda weight: (self._gains[weight], -abs(weight - UNTUNED)))

    def add(self, documents: Sequence[Document]) -> None:
        self._reference.extend(documents)
        self._keys.extend(document.key for document in documents)

    def learn(self, query: Query, row: Rows, groups: dict[int, str], right: frozenset[str]) -> None:
        """Let an earlier query speak for the weights that rank its group well."""
        words, meaning = _share(self._score_words(query)), _share(self._score_meaning(row))
        for weight in WEIGHTS:
            keys = self._pick(weight * meaning + (1 - weight) * words)
            found = find_rank(keys, groups, right)
            self._gains[weight] += 1 / found if found else 0.0

    def rank(self, query: Query, row: Rows | None) -> dict[str, tuple[list[int], float]]:
        """By method the keys, best first, and the seconds; encoding the query is not in them."""
        started = perf_counter()
        words = self._score_words(query)
        ranked = {BM25F: (self._pick(words), perf_counter() - started)}
        weight = self.weight
        if row is not None and weight is not None:
            between = perf_counter()
            meaning = self._score_meaning(row)
            ranked[MINILM] = self._pick(meaning), perf_counter() - between
            total = weight * _share(meaning) + (1 - weight) * _share(words)
            ranked[SUM] = self._pick(total), perf_counter() - started
        return ranked

    def _score_words(self, query: Query) -> Scores:
        return self._reference.score(query)

    def _score_meaning(self, row: Rows) -> Scores:
        """Cosines; what points the other way counts as 0."""
        if self._rows is None:
            raise ValueError("There are no vectors to compare with.")
        cosines = self._rows[: len(self._keys)] @ row
        return np.maximum(cosines.astype(np.float64), 0.0)

    def _pick(self, scores: Scores) -> list[int]:
        return [self._keys[place] for place in rank(scores, limit=DEPTH)]


def _share(scores: Scores) -> Scores:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores
