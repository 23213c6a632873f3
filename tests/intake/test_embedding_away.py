"""Weights missing: requests are matched by words alone, staff are told, nothing else changes."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from pytest_django.fixtures import Settings

from intake import tasks
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.matching.embedding import model
from intake.matching.errors import EmbeddingUnavailable
from intake.models import Issue, Submission
from intake.selectors.finder import get_vectors
from portal.doctor.registry import run_tries
from portal.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gitlab", "salesforce", "inline")]
autodiscover_modules("doctor")


def forbid() -> Path:
    raise EmbeddingUnavailable("The weights are not installed.")


@pytest.fixture
def no_weights(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMBEDDING_DIR = tmp_path / "model"
    monkeypatch.setattr(model, "find_weights", forbid)
    tasks._warn_once.cache_clear()


def ask_doctor() -> list[str]:
    return [f"{finding.health}: {finding.what}" for _, finding in run_tries(["Search index"])]


@pytest.mark.usefixtures("no_weights")
def test_a_request_is_matched_by_words_and_the_log_says_so_once(
    issue: Issue,
    maya: User,
    make_draft: Callable[..., SubmissionDraft],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            tasks.refresh_index()
    words = [record.message for record in caplog.records if "words alone" in record.message]
    assert words == ["Issues are searched by words alone: The weights are not installed."]
    wish = submit(make_draft(summary=issue.title, problem="Every week again."), by=maya)
    tasks.process_submission(wish.pk)
    row = Submission.objects.get(pk=wish.pk)
    assert (row.stage, row.trouble) == ("account_resolved", "")
    assert [kept.issue for kept in row.candidates.all()] == [issue]


@pytest.mark.usefixtures("no_weights")
def test_the_doctor_and_the_operations_page_say_so(issue: Issue, tam: User, client: Client) -> None:
    tasks.refresh_index()
    indexed, embedded = ask_doctor()
    assert indexed.startswith("fine: 1 issues are in")
    assert embedded.startswith("look: Issues are searched by words alone: There is no model in")
    client.force_login(tam)
    page = client.get(reverse("admin:operations")).content.decode()
    assert "1 in the search index" in page
    assert "Searched by words alone: There is no model in" in page


def test_with_the_model_the_worker_gives_every_issue_its_vector(
    issue: Issue, plant_issue: Callable[..., Issue], tam: User, client: Client
) -> None:
    plant_issue("Dark theme for the wiki editor")
    tasks.refresh_index()
    assert get_vectors().count() == 2
    assert ask_doctor()[1] == "fine: 2 of 2 issues have their sentence vector."
    client.force_login(tam)
    page = client.get(reverse("admin:operations")).content.decode()
    assert "2 with a sentence vector" in page
    plant_issue("Export the audit trail")
    assert ask_doctor()[1] == "look: 2 of 3 issues have their sentence vector."


def test_the_worker_rings_itself_until_all_is_done(
    plant_issue: Callable[..., Issue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.pipeline.embed.BATCH", 1)
    monkeypatch.setattr(tasks, "EMBED_SECONDS", 0)
    moments = iter(range(100))
    monkeypatch.setattr(tasks, "monotonic", lambda: next(moments) // 3)
    for number in range(4):
        plant_issue(f"Wish {number}")
    tasks.embed_issues()
    assert get_vectors().count() == 4
