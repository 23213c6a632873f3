"""Vectors to store without a model: unit rows from a seed."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.matching.embedding.vector_layout import WIDTH
from intake.matching.embedding.vector_writer import Entry, VectorWriter
from intake.matching.embedding.vectors import VectorStore

MODEL = "a model"
Vectors = NDArray[np.float32]


def make_vectors(count: int, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, WIDTH)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_entries(keys: Iterable[int], *, version: int = 1, is_public: bool = True) -> list[Entry]:
    return [Entry(key, version, key + 1000 * version, is_public) for key in keys]


def write(directory: Path, keys: Iterable[int], vectors: Vectors, **options: bool) -> None:
    with VectorWriter(directory, MODEL) as writer:
        writer.apply(make_entries(keys, **options), vectors)


def find_nearest(directory: Path, vector: Vectors) -> int:
    return VectorStore(directory, MODEL).search(vector, limit=1)[0][0]
