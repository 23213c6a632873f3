"""Vectors follow the issues table: new text is embedded, the rest is only looked at."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from intake.matching.embedding import model
from intake.matching.embedding.encoder import Encoder, build_text
from intake.matching.embedding.model import GRAPH
from intake.matching.embedding.vector_writer import VectorWriter
from intake.matching.embedding.vectors import VectorStore
from intake.matching.errors import EmbeddingUnavailable, IndexHeld
from intake.models import Issue
from intake.pipeline import embed
from intake.pipeline.embed import update_vectors
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeIssue = Callable[..., Issue]


class Counted(Encoder):
    """Remembers what it was asked."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += [text.partition("\n")[0] for text in texts]
        return super().encode(texts)


@pytest.fixture
def encoder(model_directory: Path) -> Counted:
    return Counted(model_directory)


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path, Encoder.model_id)


def follow(directory: Path, encoder: Encoder, **options: bool) -> bool:
    return update_vectors(directory, encoder, holder="test", **options)


def holds(store: VectorStore, issue: Issue, encoder: Encoder) -> bool:
    text = build_text(issue.title, issue.description)
    return bool(store.get([issue.pk])[0] @ encoder.encode([text])[0] > 0.999)


def test_made_when_missing_then_only_what_changed(
    tmp_path: Path, encoder: Counted, store: VectorStore, make_issue: MakeIssue
) -> None:
    first, second = make_issue("Rotate deploy tokens"), make_issue("Dark theme for the wiki")
    assert follow(tmp_path, encoder)
    assert len(encoder.asked) == 2
    assert holds(store, first, encoder)
    assert holds(store, second, encoder)
    encoder.asked.clear()
    third = make_issue("Export the audit trail", changed_at=NOW + timedelta(hours=1))
    assert follow(tmp_path, encoder)
    assert encoder.asked == ["Export the audit trail"]
    assert follow(tmp_path, encoder)
    assert holds(store, third, encoder)
    assert store.count() == 3


def test_an_edited_issue_is_embedded_again_and_another_change_is_not(
    tmp_path: Path, encoder: Counted, store: VectorStore, make_issue: MakeIssue
) -> None:
    edited, labelled = make_issue("Rotate deploy tokens"), make_issue("Dark theme for the wiki")
    follow(tmp_path, encoder)
    encoder.asked.clear()
    later = NOW + timedelta(hours=1)
    Issue.objects.filter(pk=labelled.pk).update(labels=["accepted"], changed_at=later)
    Issue.objects.filter(pk=edited.pk).update(title="Watermark diagrams", changed_at=later)
    follow(tmp_path, encoder)
    assert encoder.asked == ["Watermark diagrams"]
    edited.refresh_from_db()
    assert holds(store, edited, encoder)
    assert holds(store, labelled, encoder)


def test_gone_issues_leave_and_hidden_ones_are_not_public(
    tmp_path: Path, encoder: Counted, store: VectorStore, make_issue: MakeIssue
) -> None:
    gone, hidden = make_issue("Export the audit trail"), make_issue("Rotate deploy tokens")
    follow(tmp_path, encoder)
    wanted = encoder.encode(["Rotate deploy tokens"])[0]
    assert len(store.search(wanted, limit=9, public_only=True)) == 2
    later = NOW + timedelta(hours=1)
    Issue.objects.filter(pk=gone.pk).update(is_gone=True, changed_at=later)
    Issue.objects.filter(pk=hidden.pk).update(is_confidential=True, changed_at=later)
    follow(tmp_path, encoder)
    assert store.search(wanted, limit=9, public_only=True) == []
    assert [key for key, _ in store.search(wanted, limit=9)] == [hidden.pk]


def test_an_interrupted_run_goes_on_with_the_newest_first(
    tmp_path: Path,
    encoder: Counted,
    store: VectorStore,
    make_issue: MakeIssue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embed, "BATCH", 2)
    for day in range(5):
        make_issue(f"Wish of day {day}", created_at=NOW + timedelta(days=day))
    told: list[tuple[int, int]] = []
    asked = iter([False, True])
    assert not update_vectors(
        tmp_path,
        encoder,
        holder="test",
        is_over=lambda: next(asked),
        tell=lambda done, total: told.append((done, total)),
    )
    assert sorted(encoder.asked) == ["Wish of day 3", "Wish of day 4"]
    assert told == [(2, 5)]
    assert store.count() == 2
    assert follow(tmp_path, encoder)
    assert sorted(encoder.asked) == [f"Wish of day {day}" for day in range(5)]
    assert store.count() == 5


def test_a_killed_run_loses_no_saved_batch(
    tmp_path: Path, encoder: Counted, make_issue: MakeIssue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "BATCH", 1)
    for number in range(3):
        make_issue(f"Wish {number}")

    def die(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_vectors(tmp_path, encoder, holder="test", tell=die)
    assert len(encoder.asked) == 1
    follow(tmp_path, encoder)
    assert len(encoder.asked) == 3


def test_truncated_vectors_are_made_anew(
    tmp_path: Path, encoder: Counted, store: VectorStore, make_issue: MakeIssue
) -> None:
    issue = make_issue("Rotate deploy tokens")
    follow(tmp_path, encoder)
    for path in tmp_path.glob("vectors/g*/*"):
        path.write_bytes(b"")
    with pytest.raises(EmbeddingUnavailable):
        store.count()
    follow(tmp_path, encoder)
    assert holds(store, issue, encoder)


def test_another_model_embeds_everything_again(
    tmp_path: Path, encoder: Counted, make_issue: MakeIssue
) -> None:
    make_issue("Rotate deploy tokens")
    follow(tmp_path, encoder)
    encoder.model_id = "newer"
    follow(tmp_path, encoder)
    assert len(encoder.asked) == 2
    assert VectorStore(tmp_path, "newer").count() == 1


def test_everything_anew_when_told(tmp_path: Path, encoder: Counted, make_issue: MakeIssue) -> None:
    make_issue("Rotate deploy tokens")
    follow(tmp_path, encoder)
    follow(tmp_path, encoder, is_anew=True)
    assert len(encoder.asked) == 2


def test_no_issues_at_all(tmp_path: Path, encoder: Counted) -> None:
    assert follow(tmp_path, encoder)
    assert encoder.asked == []


def test_one_writer_a_directory(tmp_path: Path, encoder: Counted, make_issue: MakeIssue) -> None:
    make_issue()
    with VectorWriter(tmp_path, Encoder.model_id), pytest.raises(IndexHeld):
        follow(tmp_path, encoder)


def test_a_lost_model_is_built_again(tmp_path: Path, make_issue: MakeIssue) -> None:
    make_issue()
    assert follow(tmp_path, Encoder(tmp_path / "model"))
    assert (tmp_path / "model" / GRAPH).exists()


def test_without_weights_it_says_so_and_writes_nothing(
    tmp_path: Path, make_issue: MakeIssue, monkeypatch: pytest.MonkeyPatch, store: VectorStore
) -> None:
    def forbid() -> Path:
        raise EmbeddingUnavailable("The weights are not installed.")

    make_issue()
    monkeypatch.setattr(model, "find_weights", forbid)
    with pytest.raises(EmbeddingUnavailable, match="not installed"):
        follow(tmp_path, Encoder(tmp_path / "model"))
    with pytest.raises(EmbeddingUnavailable, match="no vectors"):
        store.count()
