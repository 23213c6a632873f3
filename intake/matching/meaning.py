"""What a query means: sentence vectors of the whole, of its title and of its sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from intake.matching.records import Query
from intake.matching.trimming import trim_body, trim_title

READ_LENGTH = 3_000  # characters
LEAST_WORDS = 4  # of a sentence

Rows = NDArray[np.float32]

_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Encoder(Protocol):
    """Texts to unit rows. Raises EmbeddingUnavailable."""

    def encode(self, texts: Sequence[str]) -> Rows: ...


class Vectors(Protocol):
    """The unit rows of the issues by key. Both raise EmbeddingUnavailable."""

    def search(
        self, vector: Rows, *, limit: int, public_only: bool = False
    ) -> list[tuple[int, float]]: ...

    def get(self, keys: Sequence[int]) -> Rows: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """Unit vectors. `sentences` has one row each, none for a body without sentences."""

    whole: Rows
    title: Rows
    sentences: Rows


def grasp(query: Query, encoder: Encoder, *, sentences: int) -> Meaning:
    """Encode a query and so many of its sentences: each costs an encoding, and the first ones
    say it. Raises EmbeddingUnavailable."""
    title, body = trim_title(query.title), trim_body(query.body)
    whole = [f"{title}\n{body}"] if body else []  # else the title says it all
    rows = encoder.encode([title, *whole, *split_sentences(body)[:sentences]])
    return Meaning(title=rows[0], whole=rows[len(whole)], sentences=rows[len(whole) + 1 :])


def split_sentences(body: str) -> list[str]:
    """The sentences at the beginning that are made of words."""
    pieces = (piece.strip() for piece in _END.split(body[:READ_LENGTH]))
    return [piece for piece in pieces if len(_WORD.findall(piece)) >= LEAST_WORDS]
