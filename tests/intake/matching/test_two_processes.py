"""Two processes that both update and both ask, at once, over words and vectors."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from intake.matching.embedding.vector_writer import Entry, VectorWriter
from intake.matching.embedding.vectors import VectorStore
from intake.matching.errors import IndexHeld
from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Document, Query
from tests.intake.matching.conftest import REQUESTS, make_document
from tests.intake.matching.evaluation.tracker import WordVectors
from tests.intake.matching.index_desk import start_child, wait_for

TURNS, REBUILT_EVERY = 15, 6
ENCODER = WordVectors()


def name_wish(number: int) -> Document:
    return make_document(number, f"Wish {number} of many", f"In words, number {number}.")


def update(directory: Path, documents: list[Document], *, is_anew: bool) -> None:
    """Words, then vectors, as a worker does; whoever holds them now does it instead."""
    texts = [f"{one.title}\n{one.body}" for one in documents]
    with suppress(IndexHeld), IndexWriter(directory) as writer:
        mark = str(documents[-1].key)
        writer.rebuild(documents, mark) if is_anew else writer.apply(documents, [], mark)
        with VectorWriter(directory, ENCODER.model_id) as vectors:
            if is_anew:
                vectors.clear()
            entries = [Entry(one.key, 1, one.key, one.is_public) for one in documents]
            vectors.apply(entries, ENCODER.encode(texts))


def work(directory: Path, first: int) -> None:
    """Update in turns, and ask after every turn for what was there from the start."""
    finder = Finder(IndexReader(directory), ENCODER, VectorStore(directory, ENCODER.model_id))
    lasting = [make_document(key, *texts) for key, texts in REQUESTS.items()]
    for turn in range(TURNS):
        is_anew = turn % REBUILT_EVERY == REBUILT_EVERY - 1
        update(directory, [*lasting, name_wish(first + turn)], is_anew=is_anew)
        assert finder.find(Query(*REQUESTS[5]))[0].key == 5
        assert finder.find(Query("Sign in with a passkey, please"))[0].key == 5
        assert finder.trouble == ""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    documents = [make_document(key, *texts) for key, texts in REQUESTS.items()]
    update(tmp_path, documents, is_anew=True)
    return tmp_path


def test_nobody_ever_sees_half_of_an_update(shared: Path) -> None:
    children = [start_child(partial(work, shared, first)) for first in (1000, 2000)]
    assert [wait_for(child) for child in children] == [0, 0]
    reader = IndexReader(shared)
    assert reader.count() > len(REQUESTS)
    assert VectorStore(shared, ENCODER.model_id).count() >= len(REQUESTS)
