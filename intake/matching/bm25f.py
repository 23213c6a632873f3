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
from heapq import nlargest
from math import log

from intake.matching.records import Document, Query

K1, B = 1.2, 0.75
TITLE_WEIGHT, TITLE_BOOST = 3, 2
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\WA-Za-z\d_]+")


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
        """Keys of the best documents, best first."""
        scores = self._score(query)
        best = nlargest(limit, scores.items(), key=lambda item: (item[1], -item[0]))
        return [self._keys[place] for place, _ in best]

    def _score(self, query: Query) -> dict[int, float]:
        boosts = Counter(_tokenise(query.body))
        for term in _tokenise(query.title):
            boosts[term] += TITLE_BOOST
        average = max(sum(self._lengths) / max(len(self._keys), 1), 1.0)
        norms = [K1 * (1 - B + B * length / average) for length in self._lengths]
        scores: dict[int, float] = {}
        for term, boost in boosts.items():
            places = self._places.get(term)
            if places is None:
                continue
            weight = boost * self._weigh(len(places)) * (K1 + 1)
            for place, count in zip(places, self._counts[term], strict=True):
                gain = weight * count / (count + norms[place])
                scores[place] = scores.get(place, 0.0) + gain
        return scores

    def _weigh(self, holding: int) -> float:
        return log(1 + (len(self._keys) - holding + 0.5) / (holding + 0.5))


def _tokenise(text: str) -> list[str]:
    return [term for word in _WORD.findall(text) for term in _split(word)]


@lru_cache(maxsize=200_000)
def _split(word: str) -> tuple[str, ...]:
    pieces = _PIECE.findall(word)
    whole = [word] if len(pieces) != 1 else []
    return tuple(piece.lower() for piece in [*pieces, *whole])
