"""The finder with sentence vectors, and without them when they fail."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from intake.matching.errors import EmbeddingUnavailable
from intake.matching.finder import Finder
from intake.matching.index import IndexReader
from intake.matching.records import Query
from tests.intake.matching.conftest import REQUESTS

MEANINGS = {"spreadsheet": 3, "numbers for the directors": 3, "fingerprint": 5}
WIDTH = 384


class Stub:
    """Knows what a few texts mean; `trouble` makes it fail by name."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self._check("encode")
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[next((key for word, key in MEANINGS.items() if word in text), 0)] = 1.0
        return rows

    def search(
        self, vector: np.ndarray, *, limit: int, public_only: bool = False
    ) -> list[tuple[int, float]]:
        self._check("search")
        return [(key, float(vector[key])) for key in REQUESTS][:limit]

    def get(self, keys: Sequence[int]) -> np.ndarray:
        self._check("get")
        return np.eye(WIDTH, dtype=np.float32)[list(keys)]

    def _check(self, name: str) -> None:
        if name == self.broken:
            raise EmbeddingUnavailable(f"{name} failed")


def test_meaning_finds_what_shares_no_word(directory: Path) -> None:
    query = Query("numbers for the directors", "They want numbers for the directors each month.")
    finder = Finder(IndexReader(directory), Stub(), Stub())
    best = finder.find(query)[0]
    assert best.key == 3
    assert "means much the same" in best.reasons
    assert finder.version.startswith("semantic-")
    assert finder.trouble == ""


@pytest.mark.parametrize("broken", ["encode", "search", "get"])
def test_where_meaning_fails_words_go_on_and_it_heals(directory: Path, broken: str) -> None:
    encoder, vectors = Stub(broken), Stub(broken)
    finder = Finder(IndexReader(directory), encoder, vectors)
    alone = Finder(IndexReader(directory)).find(Query("approval by file path"))
    assert finder.find(Query("approval by file path")) == alone
    assert finder.version.startswith("lexical-")
    assert finder.trouble == f"{broken} failed"
    encoder.broken = vectors.broken = ""
    assert finder.find(Query("numbers for the directors"))[0].key == 3
    assert finder.version.startswith("semantic-")
    assert finder.trouble == ""


def test_without_an_encoder_there_is_no_trouble(directory: Path) -> None:
    finder = Finder(IndexReader(directory))
    finder.find(Query("approval by file path"))
    assert finder.version.startswith("lexical-")
    assert finder.trouble == ""
