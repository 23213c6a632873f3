"""Reading the index: opened at the first search, followed when it changes, safe across fork."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import tantivy

from intake.matching.errors import IndexUnavailable
from intake.matching.index.layout import find_generation, naming_failures
from intake.matching.index.snapshot import Snapshot

ATTEMPTS = 10  # the files may be swapped or merged away while we open them


@dataclass(frozen=True, slots=True)
class _Opened:
    process: int
    generation: Path
    changed: tuple[int, int, int]
    sizes: dict[str, int]
    snapshot: Snapshot


class IndexReader:
    """Any number of these, in any process, while one process writes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._opened: _Opened | None = None

    def watermark(self) -> str:
        """What the writer was last given. Raises IndexUnavailable."""
        return self.snapshot().watermark()

    def count(self) -> int:
        """Documents in the index. Raises IndexUnavailable."""
        return self.snapshot().count

    def snapshot(self) -> Snapshot:
        """The newest committed state. Raises IndexUnavailable."""
        for _ in range(ATTEMPTS):
            before = _peek(self._directory)
            try:
                with naming_failures(f"The index in {self._directory} cannot be read"):
                    return self._follow()
            except IndexUnavailable:
                self._opened = None
                if _peek(self._directory) == before:
                    raise
        raise IndexUnavailable(f"The index in {self._directory} changes faster than it opens.")

    def _follow(self) -> Snapshot:
        generation = find_generation(self._directory)
        process, changed = os.getpid(), _read_state(generation)
        now = self._opened
        if now and (now.process, now.generation, now.changed) == (process, generation, changed):
            _check_sizes(now.sizes, _measure(generation))
            return now.snapshot
        self._opened = None
        snapshot = _open(generation)
        self._opened = _Opened(process, generation, changed, _measure(generation), snapshot)
        return snapshot


def _peek(directory: Path) -> tuple[Path, tuple[int, int, int]] | None:
    """What `_follow` would open, to tell a change from damage."""
    try:
        generation = find_generation(directory)
        return generation, _read_state(generation)
    except (IndexUnavailable, OSError):
        return None


def _open(generation: Path) -> Snapshot:
    index = tantivy.Index.open(str(generation))
    index.config_reader("manual")
    index.reload()
    return Snapshot(index.searcher())


def _read_state(generation: Path) -> tuple[int, int, int]:
    status = (generation / "meta.json").stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _measure(generation: Path) -> dict[str, int]:
    """Sizes of the segment files, which are written once and never change."""
    sizes: dict[str, int] = {}
    with os.scandir(generation) as entries:
        for entry in entries:
            if entry.name.startswith((".", "meta.json")):
                continue
            with suppress(FileNotFoundError):  # merged away this moment
                sizes[entry.name] = entry.stat().st_size
    return sizes


def _check_sizes(known: dict[str, int], found: dict[str, int]) -> None:
    """Reading a mapped file beyond its end kills the process, so we look before we read."""
    for name, size in found.items():
        if known.get(name, size) > size:
            raise IndexUnavailable(f"The index file {name} has been cut short; rebuild the index.")
