"""Features of the words: how much of each side's terms, names and letters the other has."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from intake.matching.columns import Column, Matrix, best_of_rows, rank, share, share_of_best
from intake.matching.index import Hit, Snapshot
from intake.matching.overlap import Overlap
from intake.matching.question import Question

RAREST = 5
_SPELLING = {
    "token_set": fuzz.token_set_ratio,
    "token_sort": fuzz.token_sort_ratio,
    "letters": fuzz.ratio,
    "part_of_letters": fuzz.partial_ratio,
}
_SCORES = ("text", "bodies", "titles", "title_in_bodies", "body_in_titles")
WORDING = (
    *(f"{score}_{kind}" for score in _SCORES for kind in ("top", "share", "rank")),
    *("title_covered", "title_found", "answered", "answered_in_title", "title_jaccard"),
    *("foreign_to_title", "foreign_to_text", "missed_in_title"),
    *("rarest", "second_rarest", "third_rarest", "rarest_five", "rarest_in_titles"),
    *("rarest_in_bodies", "terms_shared", "mass_shared"),
    *("names_shared", "names_share", "rarest_name", "names_jaccard"),
    *(f"{name}{kind}" for name in _SPELLING for kind in ("", "_rank")),
)


def measure_wording(
    question: Question, hits: Sequence[Hit], overlap: Overlap, snapshot: Snapshot
) -> dict[str, Column]:
    """The columns WORDING. Terms and names are weighed by rarity: inverse document frequency as a
    share of that of a term which a single document has, so that an index of any size is alike."""
    return {
        **_score(overlap),
        **_cover(question, hits, overlap, snapshot),
        **_find_rare(overlap),
        **_compare_names(question, hits, snapshot.rate(1)),
        **_compare_spelling(question, hits),
    }


def _score(overlap: Overlap) -> dict[str, Column]:
    """BM25 over the whole, by field and crosswise."""
    scores = (
        overlap.score_text(),
        overlap.score_bodies(),
        overlap.score_titles(),
        overlap.score_title_in_bodies(),
        overlap.score_body_in_titles(),
    )
    columns: dict[str, Column] = {}
    for name, (score, own) in zip(_SCORES, scores, strict=True):
        columns[f"{name}_top"] = share_of_best(score)
        columns[f"{name}_share"] = share(score, own)
        columns[f"{name}_rank"] = rank(score)
    return columns


def _cover(
    question: Question, hits: Sequence[Hit], overlap: Overlap, snapshot: Snapshot
) -> dict[str, Column]:
    """How much of either title the other side has, and the most telling word it has not."""
    asked, text = frozenset(question.title), frozenset(question.title + question.body)
    rarities = _Rarities(snapshot)
    titles = [{term: rarities[term] for term in hit.title} for hit in hits]
    mass = np.array([sum(terms.values()) for terms in titles], np.float32)
    weights = overlap.rarity * (overlap.asked_title > 0)
    in_title, found = overlap.titles > 0, (overlap.titles > 0) | (overlap.bodies > 0)
    shared, own = in_title @ weights, float(weights.sum())
    return {
        "title_covered": share(shared, own),
        "title_found": share(found @ weights, own),
        "answered": share(in_title @ overlap.rarity, mass),
        "answered_in_title": share(shared, mass),
        "title_jaccard": share(shared, mass + own - shared),
        "foreign_to_title": _find_foreign(titles, asked),
        "foreign_to_text": _find_foreign(titles, text),
        "missed_in_title": best_of_rows(np.where(in_title, 0, weights)),
    }


class _Rarities(dict[str, float]):
    """Of terms, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._rarest = snapshot.rate(1)

    def __missing__(self, term: str) -> float:
        self[term] = rarity = self._snapshot.weigh("text", term) / self._rarest
        return rarity


def _find_foreign(titles: Sequence[dict[str, float]], known: frozenset[str]) -> Column:
    """The rarity of each title's rarest term that the question does not know."""
    return np.array(
        [
            max((terms[term] for term in terms if term not in known), default=0.0)
            for terms in titles
        ],
        np.float32,
    )


def _find_rare(overlap: Overlap) -> dict[str, Column]:
    """How rare the rarest shared terms are."""
    in_title, in_body = overlap.titles > 0, overlap.bodies > 0
    found = in_title | in_body
    rarest = _sort_rarities(found, overlap.rarity)
    both_bodies = _sort_rarities(in_body & (overlap.asked_body > 0), overlap.rarity)
    return {
        "rarest": rarest[:, 0],
        "second_rarest": rarest[:, 1],
        "third_rarest": rarest[:, 2],
        "rarest_five": rarest.sum(axis=1),
        "rarest_in_bodies": both_bodies[:, :3].sum(axis=1),
        "rarest_in_titles": best_of_rows(
            np.where(in_title, overlap.rarity * (overlap.asked_title > 0), 0)
        ),
        "terms_shared": found.sum(axis=1).astype(np.float32),
        "mass_shared": share(found @ overlap.rarity, float(overlap.rarity.sum())),
    }


def _sort_rarities(found: NDArray[np.bool_], rarity: Column) -> Matrix:
    """The five greatest rarities in each row; 0 where there are fewer."""
    rarities = np.zeros((len(found), max(found.shape[1], RAREST)), np.float32)
    rarities[:, : found.shape[1]] = np.where(found, rarity, 0)
    rarities.partition(rarities.shape[1] - RAREST, axis=1)
    return np.sort(rarities[:, -RAREST:], axis=1)[:, ::-1]


def _compare_names(question: Question, hits: Sequence[Hit], rarest: float) -> dict[str, Column]:
    rarity = {name: min(value / rarest, 1) for name, value in question.name_rarity.items()}
    shared = [[rarity[name] for name in hit.names if name in rarity] for hit in hits]
    counts = np.array([len(names) for names in shared], np.float32)
    lengths = np.array([len(hit.names) for hit in hits], np.float32)
    mass = np.array([sum(names) for names in shared], np.float32)
    return {
        "names_shared": mass,
        "names_share": share(mass, sum(rarity.values())),
        "rarest_name": np.array([max(names, default=0.0) for names in shared], np.float32),
        "names_jaccard": share(counts, lengths + len(rarity) - counts),
    }


def _compare_spelling(question: Question, hits: Sequence[Hit]) -> dict[str, Column]:
    """Of the titles, 0..100: see the ratios of rapidfuzz."""
    asked, titles = " ".join(question.title), [" ".join(hit.title) for hit in hits]
    columns: dict[str, Column] = {}
    for name, scorer in _SPELLING.items():
        columns[name] = process.cdist([asked], titles, scorer=scorer, dtype=np.float32)[0]
        columns[f"{name}_rank"] = rank(columns[name])
    return columns
