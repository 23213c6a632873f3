"""The model's directory: what the set-up leaves there, and how it is told from a damaged one.

graph.onnx       written by `build_model`
tokenizer.json   as published
model.json       {"model", "files": {name: [size, sha256]}}; written last
"""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.matching.embedding.weights import (
    TENSORS,
    TOKENIZER,
    check_weights,
    digest_file,
    find_weights,
)
from intake.matching.errors import EmbeddingUnavailable

# Raise the number when the graph changes, or what of a text is embedded: vectors are made anew.
MODEL_ID = "all-MiniLM-L6-v2 int8 1"
GRAPH, STAMP = "graph.onnx", "model.json"
STEPS = 4  # of building: weights checked, graph made, files written, files checked
_AGAIN = "run `manage.py build_embedding`"


def build_model(
    directory: Path, *, tell: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Write graph and tokenizer into the directory, unless they are there. Takes about 2 s.

    Raises EmbeddingUnavailable.
    """
    if is_built(directory):
        return
    weights = find_weights()
    check_weights(weights)
    tell(1, STEPS)
    with _naming_failures(directory), _taking_turns(directory):
        _write(directory, weights, tell)
    check_model(directory)
    tell(STEPS, STEPS)


def is_built(directory: Path) -> bool:
    try:
        check_model(directory)
    except EmbeddingUnavailable:
        return False
    return True


def check_model(directory: Path) -> None:
    """Raises EmbeddingUnavailable unless every file is as it was built. Reads 35 MB: 0.03 s."""
    try:
        stamp = json.loads((directory / STAMP).read_text())
        model, files = stamp["model"], dict(stamp["files"])
        intact = all(_describe(directory / name) == files[name] for name in (GRAPH, TOKENIZER))
    except FileNotFoundError as error:
        raise EmbeddingUnavailable(f"There is no model in {directory}; {_AGAIN}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbeddingUnavailable(f"The model in {directory} is damaged; {_AGAIN}.") from error
    if not intact:
        raise EmbeddingUnavailable(f"The model in {directory} is damaged; {_AGAIN}.")
    if model != MODEL_ID:
        raise EmbeddingUnavailable(f"The model in {directory} is {model}; {_AGAIN}.")


@contextmanager
def _naming_failures(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EmbeddingUnavailable(f"{directory} cannot be written: {error}") from error
    except ImportError as error:
        raise EmbeddingUnavailable(f"The model cannot be built: {error}") from error


@contextmanager
def _taking_turns(directory: Path) -> Iterator[None]:
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(directory: Path, weights: Path, tell: Callable[[int, int], None]) -> None:
    """Each file complete or not there, the stamp last."""
    import onnx  # noqa: PLC0415  only the set-up needs these
    from safetensors.numpy import load_file  # noqa: PLC0415

    from intake.matching.embedding.graph import GraphWriter  # noqa: PLC0415

    graph = GraphWriter(load_file(weights / TENSORS), exact=False).write()
    tell(2, STEPS)
    onnx.save(graph, directory / f"{GRAPH}.new")
    shutil.copyfile(weights / TOKENIZER, directory / f"{TOKENIZER}.new")
    files = {name: _describe(directory / f"{name}.new") for name in (GRAPH, TOKENIZER)}
    stamp = json.dumps({"model": MODEL_ID, "files": files})
    (directory / f"{STAMP}.new").write_text(stamp)
    for name in (GRAPH, TOKENIZER, STAMP):
        (directory / f"{name}.new").replace(directory / name)
    tell(3, STEPS)


def _describe(path: Path) -> list[int | str]:
    return [path.stat().st_size, digest_file(path)]
