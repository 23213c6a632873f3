"""Writing the vectors: appended, then published; a reader never sees half of it."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from intake.matching.embedding.vector_layout import (
    ENTRY,
    FOLDER,
    ROW,
    Entries,
    Rows,
    State,
    check_sizes,
    map_rows,
    naming_failures,
    pack_rows,
    pick_living,
    publish,
    read_entries,
    read_state,
)
from intake.matching.errors import EmbeddingUnavailable, IndexUnavailable
from intake.matching.index.layout import take_lock

REMOVED = -1
SPARE = 10_000  # entries that may lie dead before the files are written anew
_UPDATING = "The vectors could not be written"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the vector was made of: the caller's version of the issue, the digest of its text.

    `is_public`: may be found for customers.
    """

    key: int
    version: int
    digest: int
    is_public: bool


class VectorWriter:
    """The one writer of the vectors in an index directory, from construction to `close`.

    What is damaged or of another model counts as empty and is replaced by the first `apply`.
    Raises IndexHeld if another process writes it, EmbeddingUnavailable if nobody could.
    """

    def __init__(self, directory: Path, model: str, *, holder: str = "") -> None:
        self._directory = directory / FOLDER
        try:
            self._lock: int | None = take_lock(self._directory, holder)
        except IndexUnavailable as error:
            raise EmbeddingUnavailable(str(error)) from error
        try:
            self._state = read_state(self._directory, model)
            check_sizes(self._directory, self._state)
            self._living = read_entries(self._directory, self._state)
        except EmbeddingUnavailable:
            self._state = State(model, "")
            self.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the directory up. Twice is harmless."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def clear(self) -> None:
        """Begin from nothing; readers keep what they have until the next `apply`."""
        self._state = State(self._state.model, name_generation(self._directory))
        self._living = np.empty(0, ENTRY)

    @property
    def watermark(self) -> str:
        """What `apply` was last given; empty until then."""
        return self._state.watermark

    def versions(self) -> dict[int, int]:
        """Key → version of every issue that has a vector."""
        return dict(
            zip(self._living["key"].tolist(), self._living["version"].tolist(), strict=True)
        )

    def digests(self, keys: Iterable[int]) -> dict[int, int]:
        """Key → digest, for those of the keys that have a vector."""
        found = self._living[np.isin(self._living["key"], np.fromiter(keys, np.int64))]
        return dict(zip(found["key"].tolist(), found["digest"].tolist(), strict=True))

    def apply(
        self,
        fresh: Sequence[Entry] = (),
        vectors: NDArray[np.float32] | None = None,
        *,
        kept: Sequence[Entry] = (),
        removed: Iterable[int] = (),
        watermark: str | None = None,
    ) -> None:
        """Add or replace `fresh` with a unit row each, note new versions of `kept`, which keep
        their rows, and remove others: all or nothing, on the disk when it returns.

        Raises EmbeddingUnavailable; what was published before still counts.
        """
        rows = pack_rows(vectors) if vectors is not None else np.empty(0, ROW)
        entries = np.concatenate(
            [
                _list_entries(fresh, range(self._state.rows, self._state.rows + len(rows))),
                _list_entries(kept, self._find_rows(kept)),
                np.array([(key, 0, 0, REMOVED, 0) for key in removed], ENTRY),
            ]
        )
        mark = self._state.watermark if watermark is None else watermark
        with naming_failures(_UPDATING):
            self._append(rows, entries, mark)
            if self._state.entries > 2 * len(self._living) + SPARE:
                self._write_anew()

    def _find_rows(self, kept: Sequence[Entry]) -> list[int]:
        known = dict(zip(self._living["key"].tolist(), self._living["row"].tolist(), strict=True))
        return [known[entry.key] for entry in kept]

    def _append(self, rows: Rows, entries: Entries, watermark: str) -> None:
        now = self._state
        folder = self._directory / now.generation
        if now.entries or now.rows:
            check_sizes(self._directory, now)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "rows", now.rows * ROW.itemsize, rows)
        _write(folder / "entries", now.entries * ENTRY.itemsize, entries)
        state = replace(
            now,
            rows=now.rows + len(rows),
            entries=now.entries + len(entries),
            checksum=crc32(entries.tobytes(), now.checksum),
            watermark=watermark,
        )
        publish(self._directory, state)
        self._state = state
        self._living = pick_living(np.concatenate([self._living, entries]))

    def _write_anew(self) -> None:
        """Without what was replaced or removed, as the next generation."""
        before = self._state
        rows = map_rows(self._directory, before)[self._living["row"]]
        entries = self._living.copy()
        entries["row"] = np.arange(len(entries))
        self._state = State(before.model, name_generation(self._directory))
        try:
            self._append(rows, entries, before.watermark)
        except BaseException:
            self._state = before
            raise


def name_generation(directory: Path) -> str:
    """One that nobody has read or written yet."""
    numbers = [int(path.name[1:]) for path in directory.glob("g[0-9]*") if path.name[1:].isdigit()]
    return f"g{max(numbers, default=0) + 1:06d}"


def _list_entries(entries: Sequence[Entry], rows: Iterable[int]) -> Entries:
    listed = zip(entries, rows, strict=True)
    return np.array(
        [(one.key, one.version, one.digest, row, one.is_public) for one, row in listed], ENTRY
    )


def _write(path: Path, start: int, array: NDArray[np.void]) -> None:
    """From `start` on; what a broken run left behind it goes."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(start)
        file.seek(start)
        file.write(array.tobytes())
        file.flush()
        os.fsync(file.fileno())
