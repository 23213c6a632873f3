"""The graph computes what BERT computes: exactly in float32, nearly in int8."""

from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from intake.matching.embedding.encoder import TOKENS, Encoder
from intake.matching.embedding.graph import GraphWriter, Tensor
from intake.matching.embedding.weights import TENSORS, TOKENIZER, find_weights
from tests.intake.matching.embedding.bert import Bert
from tests.intake.matching.embedding.conftest import TEXTS

LONG = " ".join(f"Reviewers lose comment number {number}." for number in range(60))


@pytest.fixture(scope="module")
def tensors() -> dict[str, Tensor]:
    return load_file(find_weights() / TENSORS)


@pytest.fixture(scope="module")
def token_ids() -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(find_weights() / TOKENIZER))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in (*TEXTS, LONG)]


@pytest.fixture(scope="module")
def truth(tensors: dict[str, Tensor], token_ids: list[list[int]]) -> Tensor:
    bert = Bert(tensors)
    return np.array([bert.embed(ids) for ids in token_ids])


def test_float32_is_the_same(
    tensors: dict[str, Tensor], token_ids: list[list[int]], truth: Tensor
) -> None:
    graph = GraphWriter(tensors, exact=True).write().SerializeToString()
    session = InferenceSession(graph, providers=["CPUExecutionProvider"])
    rows = [session.run(None, {"ids": np.array([ids])})[0][0] for ids in token_ids]
    assert (np.array(rows) * truth).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_int8_is_close(encoder: Encoder, truth: Tensor) -> None:
    cosines = (encoder.encode((*TEXTS, LONG)) * truth).sum(axis=1)
    assert cosines.min() > 0.97
    assert cosines.mean() > 0.985


def test_int8_is_a_third_of_the_weights(model_directory: Path) -> None:
    whole = (find_weights() / TENSORS).stat().st_size
    assert (model_directory / "graph.onnx").stat().st_size < 0.4 * whole
