"""Which of the question's terms each candidate has, and BM25 over fields and crosswise."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np

from intake.matching.columns import Column, Matrix
from intake.matching.index import Hit, Snapshot
from intake.matching.index.schema import TITLE_WEIGHT
from intake.matching.question import REPEATED, TITLE_BOOST, Question

K1, B = 1.2, 0.75  # Robertson & Zaragoza 2009, and tantivy's own
TITLE_LENGTH = 9.0  # terms of an average title


@dataclass(frozen=True, slots=True)
class Overlap:
    """Counts of the question's compared terms: a column for each, a row for each candidate."""

    rarity: Column  # of each term, 1 for one that a single document has
    asked_title: Column  # how often the question's title has it
    asked_body: Column
    titles: Matrix
    bodies: Matrix
    title_lengths: Column  # in terms
    body_lengths: Column
    average_length: float  # of a document, with its title three times

    def score_text(self) -> tuple[Column, float]:
        """BM25F of each candidate, and of a document that says what the question says."""
        weights = np.minimum(self.asked_body, REPEATED) + TITLE_BOOST * self.asked_title
        counts = TITLE_WEIGHT * self.titles + self.bodies
        lengths = TITLE_WEIGHT * self.title_lengths + self.body_lengths
        own = TITLE_WEIGHT * self.asked_title + self.asked_body
        return self._score(weights, counts, lengths, own, self.average_length)

    def score_bodies(self) -> tuple[Column, float]:
        """BM25 of body against body."""
        weights = np.minimum(self.asked_body, REPEATED)
        own = self.asked_body
        return self._score(weights, self.bodies, self.body_lengths, own, self.average_length)

    def score_titles(self) -> tuple[Column, float]:
        """BM25 of title against title."""
        own = self.asked_title
        return self._score(own, self.titles, self.title_lengths, own, TITLE_LENGTH)

    def score_title_in_bodies(self) -> tuple[Column, float]:
        """BM25 of the question's title against the bodies."""
        own = self.asked_title
        return self._score(own, self.bodies, self.body_lengths, own, self.average_length)

    def score_body_in_titles(self) -> tuple[Column, float]:
        """BM25 of the question's body against the titles."""
        own = (self.asked_body > 0).astype(np.float32)
        return self._score(own, self.titles, self.title_lengths, own, TITLE_LENGTH)

    def _score(
        self, weights: Column, counts: Matrix, lengths: Column, own: Column, average: float
    ) -> tuple[Column, float]:
        gains = weights * self.rarity * (K1 + 1)
        norms = K1 * (1 - B + B * lengths / average)
        own_norm = K1 * (1 - B + B * float(own.sum()) / average)
        return (counts / (counts + norms[:, None])) @ gains, float(own / (own + own_norm) @ gains)


def compare(question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> Overlap:
    rarest = snapshot.rate(1)
    places = {term: place for place, term in enumerate(question.compared)}
    asked_title, asked_body = _count([question.title, question.body], places)
    return Overlap(
        rarity=np.array([min(question.rarity[term] / rarest, 1) for term in places], np.float32),
        asked_title=asked_title,
        asked_body=asked_body,
        titles=_count([hit.title for hit in hits], places),
        bodies=_count([hit.body for hit in hits], places),
        title_lengths=np.array([len(hit.title) for hit in hits], np.float32),
        body_lengths=np.array([hit.body_length for hit in hits], np.float32),
        average_length=snapshot.average_length,
    )


def _count(texts: Sequence[Sequence[str]], places: dict[str, int]) -> Matrix:
    """Texts × terms. All texts are counted end to end: one by one takes four times as long."""
    lengths = [len(terms) for terms in texts]
    found = map(places.get, chain.from_iterable(texts), repeat(-1))
    columns = np.fromiter(found, np.intp, sum(lengths))
    rows = np.repeat(np.arange(len(texts)), lengths)
    is_known = columns >= 0
    cells = rows[is_known] * len(places) + columns[is_known]
    counts = np.bincount(cells, minlength=len(texts) * len(places))
    return counts.reshape(len(texts), len(places)).astype(np.float32)
