"""Requests that may be the same wish: while writing, and after sending."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from intake.matching.embedding.encoder import Encoder
from intake.models import Issue, Submission
from intake.pipeline.embed import update_vectors
from intake.pipeline.index import rebuild_index
from intake.selectors.finder import get_finder
from portal.models import User
from tests.intake.pages import sign_in, whole_form
from tests.portal_fixtures import NOW

FORM = reverse("intake:new_request")
SIMILAR = reverse("intake:similar")
MakeIssue = Callable[..., Issue]
HTMX = ("hx-trigger", "hx-include")
OTHER_WISHES = (
    ("Export merge request analytics as CSV", "Our board reads spreadsheets, not charts."),
    ("Sign in with a passkey", "Hardware keys are our company rule."),
    ("Keyboard shortcut for the next comment", "Reviewing long threads by mouse is slow."),
    ("Group milestones in the calendar", "Our plans span projects."),
    ("Watermark on exported diagrams", "Drafts leave the house without a mark."),
    ("Archive stale boards by themselves", "Nobody tidies up after a project."),
)


@pytest.fixture(autouse=True)
def directory(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Where the index of this test is, once there is one."""
    settings.INDEX_DIR = tmp_path / "index"
    get_finder.cache_clear()
    yield tmp_path / "index"
    get_finder.cache_clear()


@pytest.fixture(autouse=True)
def others(make_issue: MakeIssue) -> None:
    """How rare a word is shows only beside other wishes."""
    for title, description in OTHER_WISHES:
        make_issue(title, description=description)


@pytest.fixture
def suggest(maya: User, directory: Path) -> Callable[..., str]:
    """What the form shows beside these words, with every issue so far in the index."""

    def suggest(summary: str, problem: str = "") -> str:
        rebuild_index(directory, holder="test")
        typed = {"summary": summary, "problem": problem}
        return sign_in(maya).post(SIMILAR, typed).content.decode()

    return suggest


def test_each_says_what_became_of_it_and_can_be_chosen(
    suggest: Callable[..., str], make_issue: MakeIssue
) -> None:
    planned = make_issue("Limit approvals by file path", milestone="17.3")
    make_issue("Limit approvals by branch name", is_closed=True, closed_at=NOW)
    page = suggest("Limit approvals by file path or branch name")
    assert "Scheduled for 17.3" in page
    assert "Closed in November 2026" in page
    assert f'name="chosen_issue" value="{planned.pk}"' in page
    assert "None of these, keep writing" in page


def test_a_hidden_issue_is_suggested_only_by_a_title_that_staff_wrote(
    suggest: Callable[..., str], make_issue: MakeIssue
) -> None:
    make_issue("Limit approvals for one customer", is_confidential=True)
    make_issue(
        "Limit approvals by path as Contoso asked",
        is_confidential=True,
        public_title="Approvals for parts of a repository",
    )
    page = suggest("Limit approvals by path")
    assert "Approvals for parts of a repository" in page
    assert "Contoso" not in page
    assert "one customer" not in page


def test_there_are_three_at_most(suggest: Callable[..., str], make_issue: MakeIssue) -> None:
    for place in ("folder", "file path", "branch", "pipeline", "group"):
        make_issue(f"Limit approvals by {place}")
    assert suggest("Limit approvals").count("This is my request") == 3


def test_the_text_counts_as_soon_as_there_is_some(
    suggest: Callable[..., str], make_issue: MakeIssue
) -> None:
    make_issue("Rotate deploy tokens on a schedule", description="Tokens should expire by age.")
    make_issue("Dark theme for the wiki", description="The white page hurts at night.")
    problem = "Rotate deploy tokens on a schedule, they say: tokens should expire by age."
    assert "Rotate deploy tokens" not in suggest("Our auditors complain")
    assert "Rotate deploy tokens" in suggest("Our auditors complain", problem)
    assert "Rotate deploy tokens" in suggest("", problem)


@pytest.mark.parametrize("name", ["summary", "problem"])
def test_the_form_looks_again_when_either_field_changes(maya: User, name: str) -> None:
    page = sign_in(maya).get(FORM).content.decode()
    region = page[page.index('id="similar"') :].partition(">")[0]
    trigger, include = (region.partition(f'{key}="')[2].partition('"')[0] for key in HTMX)
    assert f"input changed delay:700ms from:#id_{name}" in trigger
    assert f"#id_{name}" in include
    assert f'id="id_{name}"' in page


OWN_WORDS = (
    "Reading what colleagues wrote below a change",
    "I want to jump to what the following person remarked without grabbing the mouse.",
)


def test_own_words_are_understood_where_there_are_vectors(
    suggest: Callable[..., str], directory: Path, model_directory: Path
) -> None:
    update_vectors(directory, Encoder(model_directory), holder="test")
    assert "Keyboard shortcut for the next comment" in suggest(*OWN_WORDS)


def test_without_vectors_or_model_shared_words_are_searched(
    suggest: Callable[..., str], settings: Settings, tmp_path: Path
) -> None:
    settings.EMBEDDING_DIR = tmp_path / "no model"
    assert "Sign in with a passkey" in suggest("Sign in by passkey", "Hardware keys are our rule.")


def test_without_an_index_the_form_goes_on(maya: User) -> None:
    answer = sign_in(maya).post(SIMILAR, {"summary": "Limit approvals by path"})
    assert answer.status_code == 200
    assert answer.content.strip() == b""


def test_choosing_a_suggestion_joins_on_sending(maya: User, make_issue: MakeIssue) -> None:
    issue = make_issue()
    sign_in(maya).post(FORM, whole_form(chosen_issue=str(issue.pk)))
    assert Submission.objects.get().issue == issue


def test_without_script_the_suggestions_come_after_sending(
    maya: User, make_issue: MakeIssue, directory: Path
) -> None:
    issue = make_issue("Limit approvals by file path")
    rebuild_index(directory, holder="test")
    client = sign_in(maya)
    page = client.post(FORM, whole_form(), follow=True)
    sent = Submission.objects.get()
    assert f'name="issue" value="{issue.pk}"' in page.content.decode()
    client.post(reverse("intake:choose", args=[sent.token]), {"issue": issue.pk})
    sent.refresh_from_db()
    assert sent.issue == issue
    assert sent.decided_by_kind == "customer"


def test_a_request_of_a_colleague_is_suggested_too(maya: User, ben: User) -> None:
    sign_in(ben).post(FORM, whole_form(summary="Rotate runner tokens on a schedule"))
    fields = {"summary": "Rotate the tokens of a runner", "problem": ""}
    page = sign_in(maya).post(SIMILAR, fields).content.decode()
    assert Submission.objects.get().reference in page


def test_a_stranger_may_save_one_request_and_sees_no_suggestions(
    make_user: Callable[..., User], make_issue: MakeIssue, directory: Path
) -> None:
    make_issue("Limit approvals by file path")
    rebuild_index(directory, holder="test")
    client = sign_in(make_user("new@unknown.example"))
    assert "could not match your address" in client.get(FORM).content.decode()
    page = client.post(FORM, whole_form(), follow=True).content.decode()
    assert "could not match your address" in page
    assert "Is it one of these?" not in page
