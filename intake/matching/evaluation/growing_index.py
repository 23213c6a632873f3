"""Our finder as it runs in the portal, over an index that grows with the run."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from intake.matching.embedding.encoder import Encoder
from intake.matching.embedding.vector_writer import Entry, VectorWriter
from intake.matching.embedding.vectors import VectorStore
from intake.matching.evaluation.baselines import Rows
from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Document


class GrowingIndex:
    """Made in `directory`, over what is there. Without an encoder it goes by words alone."""

    def __init__(self, directory: Path, encoder: Encoder | None) -> None:
        self._stack = ExitStack()
        self._words = self._stack.enter_context(IndexWriter(directory, holder="evaluation"))
        self._is_begun = False
        self._meaning: VectorWriter | None = None
        vectors: VectorStore | None = None
        if encoder is not None:
            writer = VectorWriter(directory, encoder.model_id, holder="evaluation")
            self._meaning = self._stack.enter_context(writer)
            vectors = VectorStore(directory, encoder.model_id)
        self.finder = Finder(IndexReader(directory), encoder, vectors)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(self, documents: Sequence[Document], rows: Rows | None) -> None:
        """`rows` has a unit vector for each document, where there is a model."""
        mark = str(documents[-1].key) if documents else ""
        if not self._is_begun:
            self._words.rebuild(documents, mark)
        elif documents:
            self._words.apply(documents, [], mark)
            self._words.settle()  # the same figures every time
        self._is_begun = True
        if self._meaning is not None and rows is not None:
            entries = [Entry(one.key, 1, one.key, one.is_public) for one in documents]
            self._meaning.apply(entries, rows, watermark=mark)


def time_build(documents: Sequence[Document], directory: Path) -> float:
    """Seconds it takes to build the index of words from nothing."""
    started = perf_counter()
    with IndexWriter(directory, holder="evaluation") as writer:
        writer.rebuild(documents, watermark="")
    return perf_counter() - started
