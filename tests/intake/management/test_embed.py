"""The commands that build the model and make vectors, and the one for hosts without a worker."""

import signal
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from intake.management.commands import index
from intake.matching.embedding import model
from intake.matching.embedding.model import is_built
from intake.matching.embedding.vector_writer import VectorWriter
from intake.matching.errors import EmbeddingUnavailable
from intake.models import Issue
from intake.selectors.finder import get_encoder, get_vectors

MakeIssue = Callable[..., Issue]


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Settings) -> Path:
    settings.INDEX_DIR = tmp_path / "index"
    return tmp_path / "index"


def test_the_model_is_built_once(
    tmp_path: Path, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.EMBEDDING_DIR = tmp_path / "model"
    call_command("build_embedding")
    assert is_built(tmp_path / "model")
    assert "Building the model for sentence vectors: 4 steps in" in capfd.readouterr().out
    out = StringIO()
    call_command("build_embedding", stdout=out)
    assert out.getvalue() == f"The model for sentence vectors is in {tmp_path / 'model'}.\n"


def test_without_weights_the_command_says_what_goes_on(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid() -> Path:
        raise EmbeddingUnavailable("The weights are not installed.")

    settings.EMBEDDING_DIR = tmp_path / "model"
    monkeypatch.setattr(model, "find_weights", forbid)
    with pytest.raises(CommandError, match=r"not installed\. Until then .* words alone"):
        call_command("build_embedding")


@pytest.mark.django_db
def test_missing_vectors_are_made_and_told(
    make_issue: MakeIssue, capfd: pytest.CaptureFixture[str]
) -> None:
    make_issue("Rotate deploy tokens")
    make_issue("Dark theme for the wiki")
    call_command("embed")
    assert "Embedding: 2 issues in" in capfd.readouterr().out
    call_command("embed")
    assert "Embedding: 0 issues in" in capfd.readouterr().out
    call_command("embed", rebuild=True)
    assert "Embedding: 2 issues in" in capfd.readouterr().out
    assert get_vectors().count() == 2


@pytest.mark.django_db
def test_it_ends_in_time_and_goes_on_later(
    make_issue: MakeIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.pipeline.embed.BATCH", 1)
    make_issue("Rotate deploy tokens")
    make_issue("Dark theme for the wiki")
    call_command("embed", seconds=1e-9)
    with pytest.raises(EmbeddingUnavailable):
        get_vectors().count()
    call_command("embed")
    assert get_vectors().count() == 2


@pytest.mark.django_db
def test_vectors_that_are_being_written_are_left_alone(own_index: Path) -> None:
    with (
        VectorWriter(own_index, get_encoder().model_id, holder="a test"),
        pytest.raises(CommandError, match="a test"),
    ):
        call_command("embed")


@pytest.mark.django_db(transaction=True)  # it closes old connections, as it must
def test_a_host_without_a_worker_follows_with_vectors_too(
    make_issue: MakeIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_issue("Rotate deploy tokens")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def embed_and_end() -> None:
        try:
            embed()
        finally:
            signal.raise_signal(signal.SIGTERM)

    embed = index.embed
    monkeypatch.setattr(index, "embed", embed_and_end)
    try:
        call_command("index", follow=True, stdout=StringIO())
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert get_vectors().count() == 1
