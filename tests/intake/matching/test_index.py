"""One writer, any number of readers."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.matching.errors import IndexHeld, IndexUnavailable
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Document
from tests.intake.matching.conftest import REQUESTS, make_document
from tests.intake.matching.index_desk import NEW, find, run_in_child


def test_an_update_is_seen_by_a_reader_already_open(directory: Path) -> None:
    reader = IndexReader(directory)
    assert NEW.key not in find(reader)
    with IndexWriter(directory) as writer:
        writer.apply([NEW], [1, 2], "later")
        assert find(reader)[0] == NEW.key
        assert (reader.watermark(), writer.watermark()) == ("later", "later")
        assert reader.count() == len(REQUESTS) - 1


def test_a_changed_document_replaces_the_old(directory: Path) -> None:
    changed = make_document(2, NEW.title, NEW.body)
    with IndexWriter(directory) as writer:
        writer.apply([changed, changed], [], "later")
    reader = IndexReader(directory)
    assert reader.count() == len(REQUESTS)
    assert find(reader)[0] == 2
    assert find(reader, make_document(2, *REQUESTS[2]))[:1] != [2]


def test_many_small_updates_lose_nothing(directory: Path) -> None:
    reader = IndexReader(directory)
    with IndexWriter(directory) as writer:
        for turn in range(30):
            writer.apply([make_document(100 + turn, f"Wish {turn}", "as it is")], [], str(turn))
            assert (reader.watermark(), reader.count()) == (str(turn), len(REQUESTS) + turn + 1)


def test_updates_by_writers_that_come_and_go_do_not_pile_up_files(directory: Path) -> None:
    for turn in range(40):
        with IndexWriter(directory) as writer:
            writer.apply([make_document(100 + turn, f"Wish {turn}", "as it is")], [], str(turn))
    assert IndexReader(directory).count() == len(REQUESTS) + 40
    assert len(list(directory.glob("g*/*.idx"))) < 20


def test_the_watermark_is_kept_as_given(directory: Path) -> None:
    with IndexWriter(directory) as writer:
        writer.apply([], [], "2026-11-22T10:00:00+00:00\n4711 ü")
    assert IndexReader(directory).watermark() == "2026-11-22T10:00:00+00:00\n4711 ü"


def test_an_update_that_breaks_off_changes_nothing(directory: Path) -> None:
    def break_off() -> Iterator[Document]:
        yield NEW
        raise KeyError("the rows ran out")

    with IndexWriter(directory) as writer:
        with pytest.raises(KeyError):
            writer.apply(break_off(), [1], "never")
        assert (writer.watermark(), IndexReader(directory).count()) == ("start", len(REQUESTS))
        writer.apply([], [], "after")
    reader = IndexReader(directory)
    assert (reader.watermark(), reader.count()) == ("after", len(REQUESTS))


def test_a_rebuild_that_breaks_off_leaves_the_old_index(directory: Path) -> None:
    def break_off() -> Iterator[Document]:
        yield NEW
        raise KeyError("the rows ran out")

    with IndexWriter(directory) as writer, pytest.raises(KeyError):
        writer.rebuild(break_off(), "never")
    assert IndexReader(directory).watermark() == "start"
    assert len(list(directory.glob("g*"))) == 1


def test_a_rebuild_is_seen_by_a_reader_already_open(directory: Path) -> None:
    reader = IndexReader(directory)
    assert reader.count() == len(REQUESTS)
    with IndexWriter(directory) as writer:
        assert writer.rebuild([NEW], "anew") == 1
    assert (reader.watermark(), reader.count(), find(reader)) == ("anew", 1, [NEW.key])
    assert len(list(directory.glob("g*"))) == 1


def test_a_second_writer_is_told_who_holds_the_lock(directory: Path) -> None:
    with IndexWriter(directory, holder="worker on host one"):
        with pytest.raises(IndexHeld) as caught:
            IndexWriter(directory, holder="web")
        assert "worker on host one" in caught.value.holder
        assert str(os.getpid()) in caught.value.holder
    IndexWriter(directory).close()


def test_a_closed_writer_writes_no_more(directory: Path) -> None:
    writer = IndexWriter(directory)
    writer.close()
    writer.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        writer.apply([NEW], [], "x")
    with pytest.raises(IndexUnavailable, match="closed"):
        writer.rebuild([NEW], "x")


def test_a_reader_opened_before_a_fork_works_after_it(directory: Path) -> None:
    reader = IndexReader(directory)
    assert find(reader)

    def read() -> None:
        assert find(reader)
        assert reader.watermark() == "start"

    assert run_in_child(read) == 0


def test_a_killed_writer_leaves_the_lock_and_the_index_to_the_next(directory: Path) -> None:
    def die_holding_the_lock() -> None:
        writer = IndexWriter(directory)
        writer.apply([NEW], [], "done")
        os.kill(os.getpid(), signal.SIGKILL)

    assert run_in_child(die_holding_the_lock) == -signal.SIGKILL
    with IndexWriter(directory) as writer:
        assert writer.watermark() == "done"
        writer.apply([], [NEW.key], "after")
    assert IndexReader(directory).count() == len(REQUESTS)


def test_one_process_writes_while_another_reads(directory: Path) -> None:
    """The reader never sees a watermark without its documents, nor an error."""
    turns = 25

    def write() -> None:
        with IndexWriter(directory) as writer:
            for turn in range(1, turns + 1):
                batch = [make_document(1000 + turn, f"Wish {turn}", "in words")]
                if turn % 10 == 0:
                    batch = [make_document(1000 + n, f"Wish {n}", "") for n in range(1, turn + 1)]
                    writer.rebuild(batch, str(turn))
                else:
                    writer.apply(batch, [], str(turn))

    child = os.fork()
    if child == 0:
        try:
            write()
        finally:
            os._exit(0)
    reader, seen, ended = IndexReader(directory), {"start"}, False
    while not ended:
        ended = os.waitpid(child, os.WNOHANG)[0] != 0
        snapshot = reader.snapshot()
        mark = snapshot.watermark()
        seen.add(mark)
        older = len(REQUESTS) if mark == "start" or int(mark) < 10 else 0
        assert snapshot.count == older + (0 if mark == "start" else int(mark))
        if mark != "start":
            assert find(reader, make_document(0, f"Wish {mark}"))
    assert reader.watermark() == str(turns)
    assert len(seen) > 2
