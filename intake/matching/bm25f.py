"""The yardstick: plain BM25F in memory, growing with the documents.

Robertson, Zaragoza & Taylor, "Simple BM25 extension to multiple weighted fields", CIKM
2004: title terms count three times, compound words are split, k1 = 1.2, b = 0.75. The
query is the title twice and the body once.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from intake.matching.records import Document, Query

K1, B = 1.2, 0.75
TITLE_WEIGHT, TITLE_BOOST = 3, 2
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\WA-Za-z\d_]+")

Scores = NDArray[np.float64]


class Reference:
    """Ranks the documents added so far."""

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._lengths = array("I")
        self._places: dict[str, array[int]] = {}
        self._counts: dict[str, array[int]] = {}

    def add(self, document: Document) -> None:
        title, body = _tokenise(document.title), _tokenise(document.body)
        counts = Counter(body)
        for term in title:
            counts[term] += TITLE_WEIGHT
        for term, count in counts.items():
            self._places.setdefault(term, array("I")).append(len(self._keys))
            self._counts.setdefault(term, array("I")).append(count)
        self._keys.append(document.key)
        self._lengths.append(counts.total())

    def extend(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self.add(document)

    def rank(self, query: Query, *, limit: int) -> list[int]:
        """Keys of the best documents, best first; of equals the one added first."""
        return [self._keys[place] for place in rank(self.score(query), limit=limit)]

    def score(self, query: Query) -> Scores:
        """One score for each document in the order they were added; 0 shares no term."""
        boosts = Counter(_tokenise(query.body))
        for term in _tokenise(query.title):
            boosts[term] += TITLE_BOOST
        lengths = np.array(self._lengths, np.float64)
        norms = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0)) if len(lengths) else lengths
        scores = np.zeros(len(lengths))
        for term, boost in boosts.items():
            if term in self._places:
                places = np.array(self._places[term], np.intp)
                counts = np.array(self._counts[term], np.float64)
                weight = boost * self._weigh(len(places)) * (K1 + 1)
                scores[places] += weight * counts / (counts + norms[places])
        return scores

    def _weigh(self, holding: int) -> float:
        return log(1 + (len(self._keys) - holding + 0.5) / (holding + 0.5))


def rank(scores: Scores, *, limit: int) -> list[int]:
    """Places of the highest scores above 0, the highest first; of equals the first."""
    places = np.flatnonzero(scores > 0)
    ranked: list[int] = places[np.argsort(-scores[places], kind="stable")][:limit].tolist()
    return ranked


def _tokenise(text: str) -> list[str]:
    return [term for word in _WORD.findall(text) for term in _split(word)]


@lru_cache(maxsize=200_000)
def _split(word: str) -> tuple[str, ...]:
    pieces = _PIECE.findall(word)
    whole = [word] if len(pieces) != 1 else []
    return tuple(piece.lower() for piece in [*pieces, *whole])
