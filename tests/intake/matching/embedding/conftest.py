"""The encoder, opened once for all tests, and a few texts."""

import shutil
from pathlib import Path

import pytest

from intake.matching.embedding.encoder import Encoder

TEXTS = (
    "Sign in with a passkey\nHardware keys are our company rule.",
    "Export merge request analytics as CSV\nOur board reads spreadsheets, not charts.",
    "Dark theme for the wiki editor\nThe white page hurts at night.",
    "ファイルごとの承認ルール\n法務の承認が必要です。",
    "a",
)


@pytest.fixture(scope="session")
def encoder(model_directory: Path) -> Encoder:
    return Encoder(model_directory)


@pytest.fixture
def own_model(model_directory: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copytree(model_directory, tmp_path / "model"))
