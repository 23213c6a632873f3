"""Writing the index: upserts that commit with their watermark, and rebuilding beside the old."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from intake.matching.errors import IndexUnavailable
from intake.matching.index.layout import (
    find_generation,
    make_current,
    naming_failures,
    start_generation,
    take_lock,
)
from intake.matching.index.reader import IndexReader
from intake.matching.index.schema import MARK, build_entries, build_mark, build_schema
from intake.matching.records import Document

APPLY_MEMORY = 30_000_000  # bytes before tantivy spills a segment
# More memory or another thread take longer: what is left over at the end is written at once,
# and the other core is busy making entries.
REBUILD_MEMORY = 60_000_000
BATCH = 200  # documents whose words are read at once: what they take stays in the cache
_UPDATING = "The index could not be updated"


class IndexWriter:
    """The one writer of an index directory, from construction to `close`.

    Raises IndexHeld if another process writes it, IndexUnavailable if nobody could.
    """

    def __init__(self, directory: Path, *, holder: str = "") -> None:
        self._directory = directory
        self._lock: int | None = take_lock(directory, holder)
        self._writer: tantivy.IndexWriter | None = None

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
        self.settle()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def watermark(self) -> str:
        """What the last `apply` or `rebuild` was given. Raises IndexUnavailable: rebuild."""
        return IndexReader(self._directory).watermark()

    def apply(
        self, documents: Iterable[Document], removed_keys: Iterable[int], watermark: str
    ) -> None:
        """Replace or add documents, remove others, and note the watermark: all or nothing.

        Raises IndexUnavailable; the index is then as it was before.
        """
        try:
            with naming_failures(_UPDATING):
                writer = self._open()
            for key in removed_keys:
                writer.delete_documents_by_term("key", key)
            _add_all(writer, documents, is_new=False)
            _commit(writer, watermark)
        except BaseException:
            self._roll_back()
            raise

    def settle(self) -> None:
        """Let segments finish merging. What a search then scores depends on nothing but what was
        written: replaced entries count until they are merged away.

        Without it every update would leave one more segment behind; and tantivy's own lock is
        given back, even while the frames of an error hold on to the writer.
        """
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(IndexUnavailable), naming_failures(_UPDATING):
                writer.wait_merging_threads()

    def rebuild(self, documents: Iterable[Document], watermark: str) -> int:
        """Build a fresh generation beside the current one, and swap. Returns its documents.

        Each key may come once. Raises IndexUnavailable; the current index stays as it is.
        """
        self._check_open()
        self.settle()
        with naming_failures(_UPDATING):
            generation = start_generation(self._directory)
        try:
            count = _fill(generation, documents, watermark)
            with naming_failures(_UPDATING):
                make_current(self._directory, generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        return count

    def _open(self) -> tantivy.IndexWriter:
        self._check_open()
        generation = find_generation(self._directory)
        if self._writer is None:
            index = tantivy.Index.open(str(generation))
            self._writer = index.writer(heap_size=APPLY_MEMORY, num_threads=1)
        return self._writer

    def _check_open(self) -> None:
        if self._lock is None:
            raise IndexUnavailable("This writer has been closed.")

    def _roll_back(self) -> None:
        """Forget what was not committed; a writer that cannot is replaced at the next call."""
        try:
            if self._writer is not None:
                with naming_failures(_UPDATING):
                    self._writer.rollback()
        except IndexUnavailable:
            self.settle()


def _fill(generation: Path, documents: Iterable[Document], watermark: str) -> int:
    with naming_failures(_UPDATING):
        index = tantivy.Index(build_schema(), path=str(generation), reuse=False)
        writer = index.writer(heap_size=REBUILD_MEMORY, num_threads=1)
    try:
        count = _add_all(writer, documents, is_new=True)
        _commit(writer, watermark)
        with naming_failures(_UPDATING):
            writer.wait_merging_threads()
    finally:
        del writer  # its threads write into a directory that may be dropped now
    return count


def _add_all(writer: tantivy.IndexWriter, documents: Iterable[Document], *, is_new: bool) -> int:
    """How many there were. Those that are not new replace what has their key."""
    count, source = 0, iter(documents)
    while batch := list(islice(source, BATCH)):
        entries = build_entries(batch)
        with naming_failures(_UPDATING):
            for document, entry in zip(batch, entries, strict=True):
                if not is_new:
                    writer.delete_documents_by_term("key", document.key)
                writer.add_document(entry)
        count += len(batch)
    return count


def _commit(writer: tantivy.IndexWriter, watermark: str) -> None:
    with naming_failures(_UPDATING):
        writer.delete_documents_by_term("mark", MARK)
        writer.add_document(build_mark(watermark))
        writer.commit()
