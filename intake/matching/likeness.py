"""Features of meaning: cosines of the query's vectors with each issue's, and its neighbours."""

import numpy as np

from intake.matching.columns import Column, Matrix, fill, rank
from intake.matching.meaning import Meaning, Rows

SEMANTIC = (
    *("cosine", "cosine_rank", "cosine_gap", "cosine_second_gap", "cosine_deviation"),
    *("cosine_best", "title_cosine", "title_cosine_rank"),
    *("sentences_mean", "sentences_best", "sentences_worst", "sentences_rank"),
    *("neighbours", "nearest_neighbour", "likeness_to_best", "likeness_to_all"),
)
NEAR = 0.75  # cosine of issues on one subject
FEEDBACK = 40  # the nearest candidates, which speak for those like them


def measure_meaning(meaning: Meaning | None, rows: Rows | None, *, count: int) -> dict[str, Column]:
    """The columns SEMANTIC; NaN for an issue whose row is NaN."""
    columns = {name: fill(np.nan, count) for name in SEMANTIC}
    if meaning is None or rows is None:
        return columns
    known = np.flatnonzero(~np.isnan(rows[:, :1]).any(axis=1))
    if not len(known):
        return columns
    for name, values in _measure(meaning, rows[known]).items():
        columns[name][known] = values
    return columns


def _measure(meaning: Meaning, rows: Rows) -> dict[str, Column]:
    cosines, titles = rows @ meaning.whole, rows @ meaning.title
    best = np.sort(cosines)[::-1][:2]
    columns = {
        "cosine": cosines,
        "cosine_rank": rank(cosines),
        "cosine_gap": cosines - best[0],
        "cosine_second_gap": cosines - best[-1],
        "cosine_deviation": (cosines - cosines.mean()) / (cosines.std() + 1e-6),
        "cosine_best": fill(best[0], len(rows)),
        "title_cosine": titles,
        "title_cosine_rank": rank(titles),
        **_look_around(rows, cosines),
    }
    if len(meaning.sentences):
        columns |= _compare_sentences(rows @ meaning.sentences.T)
    return columns


def _compare_sentences(cosines: Matrix) -> dict[str, Column]:
    """Late interaction on the query's side: each of its sentences against the whole issue."""
    mean = cosines.mean(axis=1)
    return {
        "sentences_mean": mean,
        "sentences_best": cosines.max(axis=1),
        "sentences_worst": cosines.min(axis=1),
        "sentences_rank": rank(mean),
    }


def _look_around(rows: Rows, cosines: Column) -> dict[str, Column]:
    """What stands near the nearest gains (pseudo-relevance feedback), and what stands near
    everything loses (a hub)."""
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, 0)
    last = np.sort(cosines)[-min(FEEDBACK, len(cosines))]
    weights = np.maximum(cosines - last, 0)
    return {
        "neighbours": (likeness > NEAR).sum(axis=1).astype(np.float32),
        "nearest_neighbour": likeness.max(axis=1),
        "likeness_to_best": likeness @ (weights / max(float(weights.sum()), 1e-9)),
        "likeness_to_all": likeness.mean(axis=1),
    }
