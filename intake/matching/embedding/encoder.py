"""Texts to unit vectors, with onnxruntime: no torch, no network."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intake.matching.embedding.model import GRAPH, MODEL_ID, check_model
from intake.matching.embedding.weights import TOKENIZER
from intake.matching.errors import EmbeddingUnavailable
from intake.matching.trimming import trim_body, trim_title

if TYPE_CHECKING:  # a process that never embeds never loads them
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

WIDTH, TOKENS = 384, 128
HEAD = 3_000  # characters; in a text of words 128 tokens end long before


def build_text(title: str, body: str) -> str:
    """What of an issue or a submission is embedded."""
    return f"{trim_title(title)}\n{trim_body(body)}"


@dataclass(frozen=True, slots=True)
class _Opened:
    process: int
    tokenizer: "Tokenizer"
    session: "InferenceSession"


class Encoder:
    """Opens the model at the first text, after any fork: 40 MB. Threads may share it.

    `threads`: how many texts at once. One takes 10 ms, or 2 ms for a short sentence.
    """

    model_id = MODEL_ID

    def __init__(self, directory: Path, *, threads: int = 1) -> None:
        self.directory = directory
        self._threads = threads
        self._opened: _Opened | None = None
        self._refused: tuple[float, str] | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row of 384 for each text, made of its first 128 tokens.

        The same text always gives the same row. Raises EmbeddingUnavailable.
        """
        opened = self.open()
        try:
            if self._threads == 1 or len(texts) == 1:
                rows = [_embed(text, opened) for text in texts]
            else:
                with ThreadPoolExecutor(self._threads) as pool:
                    rows = list(pool.map(_embed, texts, repeat(opened)))
        except Exception as error:  # such as no memory; the library names nothing
            raise EmbeddingUnavailable(f"The model failed: {error}") from error
        return np.array(rows, np.float32).reshape(len(texts), WIDTH)

    def open(self) -> _Opened:
        """Open the model now, if it is not yet. Raises EmbeddingUnavailable."""
        if self._opened is None or self._opened.process != os.getpid():
            self._opened = self._open_once()
        return self._opened

    def _open_once(self) -> _Opened:
        """A damaged model is read in full once, and again when its folder has changed."""
        try:
            changed_at = self.directory.stat().st_mtime
        except OSError:
            changed_at = 0.0
        if self._refused and self._refused[0] == changed_at:
            raise EmbeddingUnavailable(self._refused[1])
        try:
            check_model(self.directory)
            opened = _open(self.directory)
        except EmbeddingUnavailable as error:
            self._refused = changed_at, str(error)
            raise
        self._refused = None
        return opened


def _embed(text: str, opened: _Opened) -> NDArray[np.float32]:
    readable = text[:HEAD].encode(errors="replace").decode()
    ids = opened.tokenizer.encode(readable).ids
    vector: NDArray[np.float32] = opened.session.run(None, {"ids": np.array([ids])})[0][0]
    return vector


def _open(directory: Path) -> _Opened:
    try:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
        tokenizer.enable_truncation(TOKENS)
        tokenizer.no_padding()
        settings = SessionOptions()
        settings.intra_op_num_threads = 1  # several texts at once gain more than one text in parts
        providers = ["CPUExecutionProvider"]
        session = InferenceSession(str(directory / GRAPH), settings, providers=providers)
    except Exception as error:  # both libraries raise nothing more special
        raise EmbeddingUnavailable(f"The model cannot be opened: {error}") from error
    return _Opened(os.getpid(), tokenizer, session)
