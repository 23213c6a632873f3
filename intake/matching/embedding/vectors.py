"""Reading the vectors: opened at the first search, followed when they change, safe across fork."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.matching.embedding.vector_layout import (
    FOLDER,
    WIDTH,
    Entries,
    Rows,
    State,
    check_sizes,
    map_rows,
    read_entries,
    read_state,
    unpack_rows,
)
from intake.matching.errors import EmbeddingUnavailable

ATTEMPTS = 10  # a generation may be dropped while we open it
CHUNK = 1024  # rows turned into float32 at a time: they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class _Opened:
    changed: tuple[int, int, int]
    state: State
    rows: Rows
    living: Entries
    public: Entries  # of the living


class VectorStore:
    """Any number of these, in any process, while one process writes.

    Every method raises EmbeddingUnavailable: missing, damaged, or made by another model.
    """

    def __init__(self, directory: Path, model: str) -> None:
        self._directory = directory / FOLDER
        self._model = model
        self._opened: _Opened | None = None

    def search(
        self, vector: NDArray[np.float32], *, limit: int, public_only: bool = False
    ) -> list[tuple[int, float]]:
        """Keys and cosines to a unit vector, best first. Looks at every row: 18 ms for 200,000."""
        opened = self._follow()
        living = opened.public if public_only else opened.living
        cosines = _multiply(opened.rows, vector)[living["row"]]
        best = _pick_best(cosines, limit)
        ranked = best[np.lexsort((living["key"][best], -cosines[best]))]
        return [(int(living["key"][place]), float(cosines[place])) for place in ranked]

    def get(self, keys: Sequence[int]) -> NDArray[np.float32]:
        """One unit row of 384 for each key; NaN where there is none."""
        opened = self._follow()
        found = np.full((len(keys), WIDTH), np.nan, np.float32)
        wanted, living = np.asarray(keys, np.int64), opened.living
        if len(living) and len(wanted):
            places = np.searchsorted(living["key"], wanted).clip(max=len(living) - 1)
            known = living["key"][places] == wanted
            found[known] = unpack_rows(opened.rows[living["row"][places[known]]])
        return found

    def count(self) -> int:
        """Issues that have a vector."""
        return len(self._follow().living)

    def watermark(self) -> str:
        """What the writer was last given; empty until it was through once."""
        return self._follow().state.watermark

    def _follow(self) -> _Opened:
        for _ in range(ATTEMPTS):
            before = self._peek()
            try:
                return self._open(before)
            except EmbeddingUnavailable:
                self._opened = None
                if self._peek() == before:
                    raise
        raise EmbeddingUnavailable(
            f"The vectors in {self._directory} change faster than they open."
        )

    def _open(self, changed: tuple[int, int, int]) -> _Opened:
        opened = self._opened
        if opened is None or opened.changed != changed:
            state = read_state(self._directory, self._model)
            check_sizes(self._directory, state)
            living = read_entries(self._directory, state)
            public = living[living["public"] != 0]
            opened = _Opened(changed, state, map_rows(self._directory, state), living, public)
            self._opened = opened
        check_sizes(self._directory, opened.state)
        return opened

    def _peek(self) -> tuple[int, int, int]:
        """Differs whenever something was published."""
        try:
            status = (self._directory / "current.json").stat()
        except FileNotFoundError:
            return 0, 0, 0
        except OSError as error:
            raise EmbeddingUnavailable(f"The vectors cannot be read: {error}") from error
        return status.st_ino, status.st_mtime_ns, status.st_size


def _multiply(rows: Rows, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines. `vecdot` starts no threads of its own, which on a busy host are slower than one."""
    cosines = np.empty(len(rows), np.float32)
    passing = np.empty((min(CHUNK, len(rows)), WIDTH), np.float32)
    for start in range(0, len(rows), CHUNK):
        values = rows["values"][start : start + CHUNK]
        chunk = passing[: len(values)]
        np.copyto(chunk, values)
        np.vecdot(chunk, vector, out=cosines[start : start + len(values)])
    cosines *= rows["factor"]
    return cosines


def _pick_best(cosines: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    if limit >= len(cosines):
        return np.arange(len(cosines))
    return np.argpartition(-cosines, limit)[:limit]
