"""The index directory: which generation is current, and the lock of its one writer.

lock            held by the writer; says who
current.json    {"format", "generation"}; replaced atomically
g000001/        one generation: tantivy's own files
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from intake.matching.errors import IndexHeld, IndexUnavailable
from intake.matching.index.schema import FORMAT


@contextmanager
def naming_failures(doing: str) -> Iterator[None]:
    """Whatever goes wrong with the files becomes IndexUnavailable.

    Tantivy reports damage as ValueError, OSError or, from deep inside, as a panic, which
    is no Exception.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"{doing}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(f"{doing}: {error}") from error


def find_generation(directory: Path) -> Path:
    """The current generation. Raises IndexUnavailable."""
    try:
        stamp = json.loads((directory / "current.json").read_text())
        written_as, generation = stamp["format"], directory / str(stamp["generation"])
    except FileNotFoundError as error:
        raise IndexUnavailable(f"There is no index in {directory}; build it.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(f"The index in {directory} is damaged: {error}") from error
    if written_as != FORMAT:
        raise IndexUnavailable(f"The index has format {written_as}, not {FORMAT}; rebuild it.")
    if not (generation / "meta.json").is_file():
        raise IndexUnavailable(f"The index in {directory} has lost its files; rebuild it.")
    return generation


def start_generation(directory: Path) -> Path:
    """A fresh directory beside the current one; what a broken rebuild left is dropped."""
    with suppress(IndexUnavailable):
        _drop_others(directory, find_generation(directory))
    numbers = [int(path.name[1:]) for path in directory.glob("g[0-9]*") if path.name[1:].isdigit()]
    generation = directory / f"g{max(numbers, default=0) + 1:06d}"
    generation.mkdir(parents=True)
    return generation


def make_current(directory: Path, generation: Path) -> None:
    """Point readers at a finished generation, then drop the others.

    Readers that still have an older one open keep it: the files live until they let go.
    """
    fresh = directory / "current.json.new"
    with fresh.open("w") as file:
        json.dump({"format": FORMAT, "generation": generation.name}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(directory / "current.json")
    _sync_directory(directory)
    _drop_others(directory, generation)


def _drop_others(directory: Path, generation: Path) -> None:
    for path in directory.glob("g[0-9]*"):
        if path != generation:
            shutil.rmtree(path, ignore_errors=True)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def take_lock(directory: Path, holder: str) -> int:
    """The handle of the lock, to be closed by the caller. Raises IndexHeld, IndexUnavailable."""
    with naming_failures(f"The index directory {directory} cannot be written"):
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        found = os.pread(handle, 500, 0).decode(errors="replace").strip()
        os.close(handle)
        raise IndexHeld(found or "a process that has not said its name") from None
    with suppress(OSError):  # a full disk keeps us from saying our name, not from holding it
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{holder} (process {os.getpid()})".strip().encode(), 0)
    return handle
