from pathlib import Path

import numpy as np
import pytest

from intake.matching.candidates import gather
from intake.matching.features import NAMES, measure
from intake.matching.index import IndexReader
from intake.matching.likeness import SEMANTIC
from intake.matching.meaning import Meaning, split_sentences
from intake.matching.question import prepare
from intake.matching.records import Query
from tests.intake.matching.conftest import REQUESTS

WIDTH = 4


def measure_all(
    directory: Path, query: Query, rows: np.ndarray | None = None, meaning: Meaning | None = None
) -> dict[int, dict[str, float]]:
    """Key → feature → value."""
    snapshot = IndexReader(directory).snapshot()
    question = prepare(query, snapshot)
    vectors = None if rows is None else Listed(rows)
    found = gather(question, snapshot, public_only=False, meaning=meaning, vectors=vectors)
    matrix = measure(question, found, snapshot, meaning)
    assert matrix.dtype == np.float32
    assert matrix.shape == (len(found.hits), len(NAMES))
    return {
        hit.key: dict(zip(NAMES, row.tolist(), strict=True))
        for hit, row in zip(found.hits, matrix, strict=True)
    }


class Listed:
    """Vectors of keys 0, 1, 2 …; a row of NaN is of an issue without one."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows

    def search(
        self, vector: np.ndarray, *, limit: int, public_only: bool = False
    ) -> list[tuple[int, float]]:
        cosines = np.nan_to_num(self._rows @ vector, nan=-1.0)
        best = np.argsort(-cosines)[:limit]
        return [(int(key), float(cosines[key])) for key in best if cosines[key] > 0]

    def get(self, keys: list[int]) -> np.ndarray:
        return self._rows[list(keys)].astype(np.float32)


@pytest.mark.parametrize("key", REQUESTS)
def test_an_issue_that_says_the_same_scores_what_the_question_scores(
    directory: Path, key: int
) -> None:
    own = measure_all(directory, Query(*REQUESTS[key]))[key]
    for name in ("text_share", "titles_share", "title_covered", "answered", "title_jaccard"):
        assert own[name] == pytest.approx(1.0, abs=1e-5), name
    assert (own["token_sort"], own["text_rank"], own["lead_rank"]) == (100.0, 0.0, 0.0)
    assert own["foreign_to_title"] == own["missed_in_title"] == 0.0


def test_words_of_the_body_are_found_in_titles(directory: Path) -> None:
    title, body = REQUESTS[4]
    crosswise = measure_all(directory, Query("It does not work", f"{title}. {body}"))[4]
    assert crosswise["body_in_titles_top"] == 1.0
    assert crosswise["titles_share"] < crosswise["body_in_titles_share"]


def test_without_meaning_only_its_columns_are_missing(directory: Path) -> None:
    for row in measure_all(directory, Query(*REQUESTS[2])).values():
        assert {name for name, value in row.items() if np.isnan(value)} == set(SEMANTIC)


def make_meaning() -> tuple[np.ndarray, Meaning]:
    """Issue 3 says it in other words, issue 2 has no vector yet."""
    rows = np.zeros((10, WIDTH), np.float32)
    rows[:, 0] = 1.0
    rows[3] = [0.0, 0.8, 0.6, 0.0]
    rows[2] = np.nan
    whole = np.array([0.0, 1.0, 0.0, 0.0], np.float32)
    return rows, Meaning(whole, whole, np.stack([whole, rows[3]]))


def test_meaning_finds_what_no_word_finds(directory: Path) -> None:
    rows, meaning = make_meaning()
    query = Query("zzyzx", "zzyzx")
    assert measure_all(directory, query) == {}
    found = measure_all(directory, query, rows, meaning)
    assert set(found) == {3}
    assert found[3]["cosine"] == pytest.approx(0.8)
    assert found[3]["sentences_best"] == pytest.approx(1.0)
    assert found[3]["sentences_mean"] == pytest.approx(0.9)


def test_an_issue_without_a_vector_is_measured_by_its_words(directory: Path) -> None:
    rows, meaning = make_meaning()
    found = measure_all(directory, Query(*REQUESTS[2]), rows, meaning)
    assert np.isnan(found[2]["cosine"])
    assert found[2]["text_share"] == pytest.approx(1.0, abs=1e-5)
    assert not np.isnan(found[3]["cosine"])


def test_sentences_are_made_of_words() -> None:
    body = (
        "We need it every day. Why?\n```\n0x1 0x2 0x3 0x4 0x5\n```\nNobody here can do it by hand!"
    )
    assert split_sentences(body) == ["We need it every day.", "Nobody here can do it by hand!"]
    assert len(split_sentences("One more sentence of words. " * 500)) < 120
    assert split_sentences("") == []
