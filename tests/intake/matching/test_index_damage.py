"""Index files that go wrong underneath their readers and writers."""

import os
import resource
import shutil
import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from intake.matching.errors import IndexUnavailable
from intake.matching.index import IndexReader, IndexWriter
from tests.intake.matching.conftest import REQUESTS, make_document
from tests.intake.matching.index_desk import NEW, find, run_in_child


def wait_for_tantivy() -> None:
    """Until its threads sleep: right after opening, one of them may read the files once more."""
    deadline = time.monotonic() + 10
    while any(_is_busy(task) for task in Path("/proc/self/task").iterdir()):
        assert time.monotonic() < deadline


def _is_busy(task: Path) -> bool:
    try:
        state = (task / "stat").read_text().rpartition(")")[2].split()[0]
        name = (task / "comm").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(task.name) != threading.get_native_id() and (state != "S" or "watch" in name)


def find_file(directory: Path, ending: str) -> Path:
    files = sorted(directory.glob(f"g*/*{ending}"), key=lambda path: path.stat().st_size)
    return files[-1]


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="build it"):
        IndexReader(tmp_path / "none").snapshot()
    with IndexWriter(tmp_path / "none") as writer:
        with pytest.raises(IndexUnavailable, match="build it"):
            writer.watermark()
        with pytest.raises(IndexUnavailable, match="build it"):
            writer.apply([NEW], [], "x")


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnavailable):
        IndexWriter(tmp_path / "file")


def test_an_index_of_another_version_is_to_be_rebuilt(directory: Path) -> None:
    stamp = directory / "current.json"
    stamp.write_text(stamp.read_text().replace('"format": ', '"format": 99'))
    with pytest.raises(IndexUnavailable, match="rebuild"):
        IndexReader(directory).snapshot()
    with IndexWriter(directory) as writer:
        writer.rebuild([NEW], "anew")
    assert IndexReader(directory).count() == 1


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 1}', "\x00\xff"])
def test_a_broken_stamp_is_named(directory: Path, content: str) -> None:
    (directory / "current.json").write_text(content, encoding="latin-1")
    with pytest.raises(IndexUnavailable):
        IndexReader(directory).snapshot()


def test_a_directory_deleted_underneath_is_named_and_can_be_rebuilt(directory: Path) -> None:
    reader = IndexReader(directory)
    assert find(reader)
    shutil.rmtree(directory)
    with pytest.raises(IndexUnavailable):
        find(reader)
    with IndexWriter(directory) as writer:
        writer.rebuild([NEW], "anew")
    assert find(reader) == [NEW.key]


@pytest.mark.parametrize("ending", ["meta.json", ".idx", ".term", ".store", ".fast", ".fieldnorm"])
@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize("keep", [0.0, 0.5], ids=["empty", "half"])
def test_a_file_cut_short_is_named_and_kills_nobody(
    directory: Path, ending: str, is_open: bool, keep: float
) -> None:
    reader = IndexReader(directory)
    if is_open:
        assert find(reader)
        wait_for_tantivy()
    file = find_file(directory, ending)
    os.truncate(file, int(file.stat().st_size * keep))
    with pytest.raises(IndexUnavailable):
        find(reader)
    with IndexWriter(directory) as writer:
        writer.rebuild([NEW], "anew")
    assert find(reader) == [NEW.key]


def test_overwritten_files_are_named_or_harmless(directory: Path) -> None:
    for ending in (".idx", ".term", ".store", ".fast", ".fieldnorm"):
        file = find_file(directory, ending)
        whole = file.read_bytes()
        file.write_bytes(b"\xff" * len(whole))
        with pytest.raises(IndexUnavailable):
            find(IndexReader(directory))
        file.write_bytes(whole)
    assert IndexReader(directory).count() == len(REQUESTS)


@pytest.mark.parametrize("rebuild", [False, True], ids=["update", "rebuild"])
def test_a_full_disk_is_named_and_the_old_index_goes_on(directory: Path, rebuild: bool) -> None:
    words = " ".join(f"word{n}" for n in range(700))
    many = [make_document(1000 + n, f"Wish {n}", f"{words} {n}") for n in range(200)]

    def write_on_a_full_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        whole = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, whole[1]))
        with IndexWriter(directory) as writer:
            act = partial(writer.rebuild, many) if rebuild else partial(writer.apply, many, [1])
            with pytest.raises(IndexUnavailable) as kept:  # by a log, say, with all its frames
                act("never")
            resource.setrlimit(resource.RLIMIT_FSIZE, whole)
            writer.apply([], [], "start")
            assert kept.value
        assert find(IndexReader(directory), make_document(1, *REQUESTS[1]))[0] == 1

    assert run_in_child(write_on_a_full_disk) == 0
    reader = IndexReader(directory)
    assert (reader.watermark(), reader.count()) == ("start", len(REQUESTS))
    with IndexWriter(directory) as writer:
        writer.apply([NEW], [], "after")
    assert find(reader)[0] == NEW.key
