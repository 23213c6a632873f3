"""What makes an issue resemble a question: each feature a share between 0 and 1."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from intake.matching.index import Hit, Snapshot
from intake.matching.index.schema import TITLE_WEIGHT
from intake.matching.question import Question

K1, B = 1.2, 0.75  # Robertson & Zaragoza 2009, and tantivy's own
HALF_LIFE = 180 * 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Features:
    """All are weighed by rarity (inverse document frequency), but spelling and recency."""

    text: float  # BM25F, as a share of the question's score against itself
    body: float  # BM25 of the bodies, likewise
    asked: float  # of the question's title: the share found anywhere in the issue
    answered: float  # of the title: the share found anywhere in the question
    names: float  # of the question's names: the share the issue has too
    spelling: float  # letter trigrams of the titles (Dice)
    recency: float  # 1 for the newest issue, halved every half-life


class Gauge:
    """Measures hits against one question; what is the same for all is computed once."""

    def __init__(self, question: Question, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._question = question
        self._title = frozenset(question.title)
        self._terms = self._title.union(question.body)
        self._trigrams = find_trigrams(question.title)
        self._title_mass = self._weigh(self._title)
        self._names_mass = fsum(question.name_rarity.values())
        body = Counter(question.body)
        rarity = question.rarity
        boosts = question.text | question.missing
        self._text = {term: boost * rarity[term] for term, boost in boosts.items()}
        self._body = {term: min(count, 3) * rarity[term] for term, count in body.items()}
        self._full_text = self._score_text(question.title, body)
        self._full_body = self._score(self._body, body)

    def measure(self, hit: Hit) -> Features:
        title, body = frozenset(hit.title), Counter(hit.body)
        asked = self._title & title.union(body)
        return Features(
            text=_share(self._score_text(hit.title, body), self._full_text),
            body=_share(self._score(self._body, body), self._full_body),
            asked=_share(self._weigh(asked), self._title_mass),
            answered=_share(self._weigh(title & self._terms), self._weigh(title)),
            names=_share(self._weigh_names(hit), self._names_mass),
            spelling=_compare(self._trigrams, find_trigrams(hit.title)),
            recency=0.5 ** (max(self._snapshot.newest_at - hit.created_at, 0) / HALF_LIFE),
        )

    def measure_best(self) -> Features:
        """What a new issue that says the same would measure: 0 where the question is silent."""
        return Features(
            text=float(self._full_text > 0),
            body=float(self._full_body > 0),
            asked=float(self._title_mass > 0),
            answered=float(self._title_mass > 0),
            names=float(self._names_mass > 0),
            spelling=float(bool(self._trigrams)),
            recency=1.0,
        )

    def _weigh(self, terms: Iterable[str]) -> float:
        return fsum(self._snapshot.weigh("text", term) for term in terms)

    def _weigh_names(self, hit: Hit) -> float:
        rarity = self._question.name_rarity
        return fsum(rarity[name] for name in rarity.keys() & hit.names)

    def _score_text(self, title: Sequence[str], body: Counter[str]) -> float:
        counts = body.copy()
        for term in title:
            counts[term] += TITLE_WEIGHT
        return self._score(self._text, counts)

    def _score(self, weights: dict[str, float], counts: Counter[str]) -> float:
        """BM25. `fsum`, so that the order of a set changes nothing, not even the last bit."""
        norm = K1 * (1 - B + B * counts.total() / self._snapshot.average_length)
        return fsum(
            weights[term] * (K1 + 1) * counts[term] / (counts[term] + norm)
            for term in weights.keys() & counts.keys()
        )


def find_trigrams(terms: Sequence[str]) -> frozenset[str]:
    padded = f"  {' '.join(terms)} " if terms else ""
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole > 0 else 0.0


def _compare(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
