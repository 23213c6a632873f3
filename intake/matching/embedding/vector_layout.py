"""The vectors of an index: the folder `vectors` in its directory.

lock             held by the one writer; says who
current.json     the `State`: how much of which generation counts; replaced atomically
g000001/rows     a unit vector each, only appended
g000001/entries  which issue has which row, only appended; the last entry of a key counts

A row is 384 int8 and the factor that makes them unit length: half of float16, eight times
quicker to search with numpy, and off by no more than .002 in any cosine.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from intake.matching.errors import EmbeddingUnavailable

FOLDER = "vectors"
FORMAT = 1
WIDTH = 384
ROW = np.dtype([("factor", "<f4"), ("values", "i1", (WIDTH,))])
ENTRY = np.dtype(
    [("key", "<i8"), ("version", "<i8"), ("digest", "<u8"), ("row", "<i4"), ("public", "<i4")]
)
Rows = NDArray[np.void]
Entries = NDArray[np.void]
_AGAIN = "they are made anew by a worker or `manage.py embed`"


@dataclass(frozen=True, slots=True)
class State:
    """`rows` and `entries` are counts; what the files hold beyond them never happened."""

    model: str
    generation: str
    rows: int = 0
    entries: int = 0
    checksum: int = 0  # of the entries
    watermark: str = ""
    format: int = FORMAT


@contextmanager
def naming_failures(doing: str) -> Iterator[None]:
    """Whatever goes wrong with the files becomes EmbeddingUnavailable."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise EmbeddingUnavailable(f"{doing}: {error}") from error


def read_state(directory: Path, model: str) -> State:
    """What was last published. Raises EmbeddingUnavailable, also for another model's vectors."""
    try:
        state = State(**json.loads((directory / "current.json").read_text()))
        counted = min(state.rows, state.entries, state.checksum) >= 0
    except FileNotFoundError as error:
        raise EmbeddingUnavailable(f"There are no vectors in {directory}; {_AGAIN}.") from error
    except (OSError, ValueError, TypeError) as error:
        raise EmbeddingUnavailable(f"The vectors are damaged ({error}); {_AGAIN}.") from error
    if (state.format, state.model) != (FORMAT, model):
        raise EmbeddingUnavailable(f"The vectors are of {state.model}, not {model}; {_AGAIN}.")
    if not counted:
        raise EmbeddingUnavailable(f"The vectors are damaged; {_AGAIN}.")
    return state


def publish(directory: Path, state: State) -> None:
    """Make it what readers see, at once and for good; then drop other generations."""
    fresh = directory / "current.json.new"
    with fresh.open("w") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(directory / "current.json")
    for path in directory.glob("g[0-9]*"):
        if path.name != state.generation:
            shutil.rmtree(path, ignore_errors=True)


def check_sizes(directory: Path, state: State) -> None:
    """Reading a mapped file beyond its end kills the process, so we look before we read."""
    for name, count, kind in (("rows", state.rows, ROW), ("entries", state.entries, ENTRY)):
        path = directory / state.generation / name
        with naming_failures(f"The vectors cannot be read; {_AGAIN}"):
            size = path.stat().st_size
        if size < count * kind.itemsize:
            raise EmbeddingUnavailable(f"{path} has been cut short; {_AGAIN}.")


def map_rows(directory: Path, state: State) -> Rows:
    """Shared between processes, read from the disk as needed."""
    if not state.rows:
        return np.empty(0, ROW)
    path = directory / state.generation / "rows"
    with naming_failures("The vectors cannot be read"):
        return np.asarray(np.memmap(path, ROW, "r", shape=(state.rows,)))


def read_entries(directory: Path, state: State) -> Entries:
    """The living entries, sorted by key. Raises EmbeddingUnavailable."""
    path = directory / state.generation / "entries"
    with naming_failures(f"The vectors cannot be read; {_AGAIN}"):
        found = np.fromfile(path, ENTRY, state.entries)
    if crc32(found.tobytes()) != state.checksum or (found["row"] >= state.rows).any():
        raise EmbeddingUnavailable(f"{path} is damaged; {_AGAIN}.")
    return pick_living(found)


def pick_living(entries: Entries) -> Entries:
    """The last entry of each key, sorted by key, without those that say it was removed."""
    _, places = np.unique(entries["key"][::-1], return_index=True)
    last = entries[::-1][places]
    return last[last["row"] >= 0]


def pack_rows(vectors: NDArray[np.float32]) -> Rows:
    """Unit vectors as rows; `factor` makes the rounded values unit length again."""
    rows = np.empty(len(vectors), ROW)
    step = np.abs(vectors).max(axis=1, keepdims=True) / 127
    values = np.round(vectors / step)
    rows["values"] = values
    rows["factor"] = 1 / np.linalg.norm(values, axis=1)
    return rows


def unpack_rows(rows: Rows) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = rows["values"].astype(np.float32) * rows["factor"][:, None]
    return vectors
