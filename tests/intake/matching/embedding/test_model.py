"""The built model: there, damaged, another's, or impossible to build."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from intake.matching.embedding import model
from intake.matching.embedding.encoder import Encoder
from intake.matching.embedding.model import GRAPH, STAMP, build_model, check_model, is_built
from intake.matching.embedding.weights import TOKENIZER
from intake.matching.errors import EmbeddingUnavailable
from tests.intake.matching.embedding.conftest import TEXTS


def forbid(*_args: object) -> Path:
    raise EmbeddingUnavailable("The weights are not installed.")


def flip_a_byte(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 0xFF]))


def test_built_from_nothing_with_progress_then_left_alone(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[int, int]] = []
    build_model(tmp_path / "new" / "model", tell=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    rows = Encoder(tmp_path / "new" / "model").encode(TEXTS)
    assert np.array_equal(rows, encoder.encode(TEXTS))
    monkeypatch.setattr(model, "find_weights", forbid)
    build_model(tmp_path / "new" / "model")


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingUnavailable, match=r"run `manage\.py build_embedding`"):
        Encoder(tmp_path).encode(TEXTS)
    assert not is_built(tmp_path)


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, STAMP])
@pytest.mark.parametrize("harm", ["flip", "cut", "lose"])
def test_a_damaged_file_is_refused(own_model: Path, name: str, harm: str) -> None:
    check_model(own_model)
    path = own_model / name
    match harm:
        case "flip":
            flip_a_byte(path)
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case _:
            path.unlink()
    with pytest.raises(EmbeddingUnavailable, match=r"run `manage\.py build_embedding`"):
        Encoder(own_model).encode(TEXTS)


def test_building_again_heals_an_encoder_that_was_refused(own_model: Path) -> None:
    flip_a_byte(own_model / GRAPH)
    encoder = Encoder(own_model)
    for _ in range(2):
        with pytest.raises(EmbeddingUnavailable):
            encoder.encode(TEXTS)
    build_model(own_model)
    assert len(encoder.encode(TEXTS)) == len(TEXTS)


def test_without_its_libraries_it_says_so(
    own_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(EmbeddingUnavailable, match=r"cannot be opened: .*onnxruntime"):
        Encoder(own_model).encode(TEXTS)
    with pytest.raises(EmbeddingUnavailable, match=r"cannot be built: .*onnx"):
        build_model(tmp_path / "new")


def test_an_open_model_outlives_its_files(own_model: Path) -> None:
    encoder = Encoder(own_model)
    before = encoder.encode(TEXTS)
    for name in (GRAPH, TOKENIZER, STAMP):
        (own_model / name).unlink()
    assert np.array_equal(encoder.encode(TEXTS), before)


def test_another_version_is_built_anew(own_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MODEL_ID", "another")
    assert not is_built(own_model)
    build_model(own_model)
    assert is_built(own_model)


def test_without_weights_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "find_weights", forbid)
    with pytest.raises(EmbeddingUnavailable, match="not installed"):
        build_model(tmp_path / "model")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbeddingUnavailable, match="cannot be written"):
        build_model(tmp_path / "file")
