"""Vectors that go wrong underneath their readers and writers."""

import os
import resource
import shutil
import signal
from pathlib import Path

import pytest

from intake.matching.embedding import vector_layout
from intake.matching.embedding.vector_writer import VectorWriter
from intake.matching.embedding.vectors import VectorStore
from intake.matching.errors import EmbeddingUnavailable
from tests.intake.matching.embedding.vector_desk import (
    MODEL,
    find_nearest,
    make_entries,
    make_vectors,
    write,
)
from tests.intake.matching.index_desk import run_in_child

VECTORS = make_vectors(200)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write(tmp_path, range(200), VECTORS)
    return tmp_path


def find_file(directory: Path, name: str) -> Path:
    (found,) = directory.glob(f"vectors/**/{name}")
    return found


def heal(directory: Path) -> None:
    """As the pipeline does: what is not known is written."""
    with VectorWriter(directory, MODEL) as writer:
        missing = sorted(set(range(200)) - set(writer.versions()))
        writer.apply(make_entries(missing), VECTORS[missing])


@pytest.mark.parametrize("name", ["rows", "entries", "current.json"])
@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize("keep", [0.0, 0.5], ids=["empty", "half"])
def test_a_file_cut_short_is_named_and_kills_nobody(
    directory: Path, name: str, is_open: bool, keep: float
) -> None:
    store = VectorStore(directory, MODEL)
    if is_open:
        assert store.search(VECTORS[7], limit=1)[0][0] == 7
    file = find_file(directory, name)
    os.truncate(file, int(file.stat().st_size * keep))
    with pytest.raises(EmbeddingUnavailable, match="made anew by a worker"):
        store.search(VECTORS[7], limit=1)
    with pytest.raises(EmbeddingUnavailable):
        store.get([7])
    heal(directory)
    assert store.search(VECTORS[7], limit=1)[0][0] == 7


@pytest.mark.parametrize("name", ["vectors", "vectors/current.json", "vectors/g000001"])
def test_what_is_deleted_underneath_is_named_and_made_anew(directory: Path, name: str) -> None:
    store = VectorStore(directory, MODEL)
    assert store.count() == 200
    path = directory / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(EmbeddingUnavailable):
        store.search(VECTORS[7], limit=1)
    heal(directory)
    assert store.search(VECTORS[7], limit=1)[0][0] == 7


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "{}", '{"rows": "many"}', '{"model": "a model", "generation": "g"}']
)
def test_a_broken_state_is_named(directory: Path, content: str) -> None:
    find_file(directory, "current.json").write_text(content)
    with pytest.raises(EmbeddingUnavailable):
        VectorStore(directory, MODEL).count()
    heal(directory)
    assert VectorStore(directory, MODEL).count() == 200


def test_overwritten_entries_are_named(directory: Path) -> None:
    file = find_file(directory, "entries")
    file.write_bytes(b"\x01" * file.stat().st_size)
    with pytest.raises(EmbeddingUnavailable, match="damaged"):
        VectorStore(directory, MODEL).count()
    heal(directory)
    assert find_nearest(directory, VECTORS[7]) == 7


def test_what_a_broken_run_left_behind_never_happened(directory: Path) -> None:
    for name in ("rows", "entries"):
        with find_file(directory, name).open("ab") as file:
            file.write(b"half a row of a writer that was killed")
    assert VectorStore(directory, MODEL).count() == 200
    fresh = make_vectors(1, seed=5)
    write(directory, [500], fresh)
    assert find_nearest(directory, fresh[0]) == 500
    assert find_nearest(directory, VECTORS[199]) == 199


def test_killed_before_publishing_means_not_written(directory: Path) -> None:
    def write_and_die() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vector_layout.json, "dump", lambda *_: os.kill(os.getpid(), 9))
            write(directory, range(300, 310), make_vectors(10, seed=3))

    assert run_in_child(write_and_die) == -signal.SIGKILL
    assert VectorStore(directory, MODEL).count() == 200
    write(directory, [300], make_vectors(1, seed=3))
    assert VectorStore(directory, MODEL).count() == 201
    assert find_nearest(directory, VECTORS[7]) == 7


def test_a_full_disk_is_named_and_the_old_vectors_go_on(directory: Path) -> None:
    def write_on_a_full_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, 80_000))
        with VectorWriter(directory, MODEL) as writer:
            for _ in range(2):
                with pytest.raises(EmbeddingUnavailable, match="could not be written"):
                    writer.apply(make_entries(range(300, 400)), make_vectors(100, seed=3))
            writer.apply(kept=make_entries([7], version=2))
        assert find_nearest(directory, VECTORS[7]) == 7

    assert run_in_child(write_on_a_full_disk) == 0
    assert VectorStore(directory, MODEL).count() == 200
    with VectorWriter(directory, MODEL) as writer:
        assert writer.versions()[7] == 2


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("in the way")
    with pytest.raises(EmbeddingUnavailable):
        VectorWriter(tmp_path, MODEL)
    with pytest.raises(EmbeddingUnavailable):
        VectorStore(tmp_path, MODEL).count()


def test_one_process_writes_while_another_searches(directory: Path) -> None:
    """Rows that were there stay findable through appends, replacements and sweeps."""
    fresh = make_vectors(600, seed=4)
    written, told = os.pipe()

    def write_all() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("intake.matching.embedding.vector_writer.SPARE", 0)
            for start in range(0, 600, 20):
                keys = range(1000 + start % 200, 1020 + start % 200)
                write(directory, keys, fresh[start : start + 20])
        os.write(told, b"!")

    child = os.fork()
    if child == 0:
        try:
            write_all()
        finally:
            os._exit(0)
    os.close(told)
    store, searches = VectorStore(directory, MODEL), 0
    os.set_blocking(written, False)
    while True:
        assert store.search(VECTORS[searches % 200], limit=1)[0][0] == searches % 200
        searches += 1
        try:
            ended = os.read(written, 1)
        except BlockingIOError:
            continue
        break
    os.waitpid(child, 0)
    assert (ended, store.count()) == (b"!", 400)
    assert store.search(fresh[599], limit=1)[0][0] == 1199
