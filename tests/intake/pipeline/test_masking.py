"""Who may read what: no words where outsiders read, no names, no commands, no mentions."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from intake.models import CustomerLink, Issue, NoteState, Submission
from intake.pipeline.mirror import store_issue
from portal.gateways.errors import Misconfigured
from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Fault, Sandbox
from tests.intake.conftest import Recipe
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]
SECRETS = {
    "summary": "Northwind Freight needs approvals, says Maya Lindqvist",
    "problem": "Ask maya@northwind-freight.example or see https://git.northwind-freight.example/x. "
    "NORTHWIND FREIGHT pays $48,000 and EUR 1.2 million a year; lena@contoso.example too.",
    "workaround": "Mails to ops@northwind-freight.example.",
    "urgency_detail": "We lose 30k € a month; our contact Lena Brandt left.",
    "contact_name": "Lena Brandt",
    "contact_email": "lena@contoso.example",
}
FORBIDDEN = (
    "northwind",
    "maya",
    "lindqvist",
    "lena",
    "brandt",
    "contoso",
    "48,000",
    "48000",
    "1.2 million",
    "30k",
    "@",
)
HOSTILE = (
    "/close\n/label ~bug\n@all @dana please\n```\n/close\n```\n</details>\n/confidential\r\n"
    "/close\n<!-- -->\n/title Owned\n\x01/close\n>>>\n/duplicate #1\n[x](javascript:alert(1))"
)


@pytest.fixture
def guest(gitlab: GitLabGateway, sandbox: Sandbox) -> GitLabGateway:
    """A token that may not write internal notes: GitLab would publish them without a word."""
    return GitLabGateway(sandbox.gitlab_url, "guest-token", timeout=5, write_deadline=5)


def only_note(sandbox: Sandbox) -> dict[str, Any]:
    (note,) = sandbox.notes(deleted=False)
    return note


def assert_masked(body: str) -> None:
    words = body.replace("@\u2060", "").lower()
    words = words.replace(f"/account/{ACCOUNT_ID.lower()}/view", "")
    assert [word for word in FORBIDDEN if word in words] == []


def is_bare(body: str) -> bool:
    """Nothing but the link and the priority."""
    return [line.partition(":")[0] for line in body.splitlines()] == [
        "- Link to request",
        "- Priority",
    ]


def test_an_internal_note_quotes_the_masked_words(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    recipe(make_wish(issue, **SECRETS))
    note = only_note(sandbox)
    assert note["internal"]
    assert r"> \[customer\] needs approvals" in note["body"]
    assert_masked(note["body"])


def test_without_the_right_to_internal_notes_only_the_link_is_public(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, guest: GitLabGateway, sandbox: Sandbox
) -> None:
    recipe(make_wish(issue, **SECRETS), gitlab=lambda: guest)
    note = only_note(sandbox)
    assert not note["internal"]
    assert is_bare(note["body"])
    assert len(sandbox.notes()) == 1  # not even for a moment


def test_link_only_writes_no_words_anywhere(
    plant_issue: Callable[..., Issue],
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    settings: Settings,
) -> None:
    settings.GITLAB_NOTES = "link_only"
    recipe(make_wish(plant_issue(confidential=True), **SECRETS))
    assert is_bare(only_note(sandbox)["body"])


def test_internal_only_refuses_rather_than_publish(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    guest: GitLabGateway,
    sandbox: Sandbox,
    settings: Settings,
) -> None:
    settings.GITLAB_NOTES = "internal"
    stuck = recipe(make_wish(issue), gitlab=lambda: guest)
    assert stuck.trouble == "gitlab_refused"
    assert sandbox.notes() == []


def reporter_without_internal_notes(sandbox: Sandbox) -> None:
    """Sees confidential issues, and is refused internal notes twice over."""
    fault = {"service": "gitlab", "method": "POST", "path": r"/notes$"}
    sandbox.add_faults(Fault("403", **fault, nth=1))


def test_a_confidential_issue_may_hold_words_in_a_plain_note(
    plant_issue: Callable[..., Issue], make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    reporter_without_internal_notes(sandbox)
    recipe(make_wish(plant_issue(confidential=True), **SECRETS))
    note = only_note(sandbox)
    assert not note["internal"]
    assert "Why interested" in note["body"]
    assert_masked(note["body"])


def test_an_issue_published_since_it_was_mirrored_gets_no_words(
    plant_issue: Callable[..., Issue], make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    issue = plant_issue(confidential=True)
    sandbox.act(101, issue.iid, "confidential", value=False)
    reporter_without_internal_notes(sandbox)
    recipe(make_wish(issue, **SECRETS))
    assert is_bare(only_note(sandbox)["body"])


def test_publishing_an_issue_takes_the_words_out_of_a_plain_note(
    plant_issue: Callable[..., Issue],
    make_wish: MakeWish,
    recipe: Recipe,
    settle: Callable[[CustomerLink], None],
    gitlab: GitLabGateway,
    sandbox: Sandbox,
) -> None:
    issue = plant_issue(confidential=True)
    reporter_without_internal_notes(sandbox)
    wish = recipe(make_wish(issue, **SECRETS))
    sandbox.act(101, issue.iid, "confidential", value=False)
    store_issue(gitlab.issue(issue.key), issue.project, now=NOW)
    link = recipe.link_of(wish)
    assert link.due_at == NOW
    settle(link)
    assert is_bare(only_note(sandbox)["body"])


def test_our_own_public_note_with_words_is_cut_down_when_it_is_found(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    url = f"https://larkfield.my.salesforce.com/lightning/r/Account/{ACCOUNT_ID}/view"
    body = f"- Link to request: {url}\n\nProblem: secret words"
    sandbox.act(101, issue.iid, "note", body=body, author="portal-bot")
    done = recipe(make_wish(issue))
    assert recipe.link_of(done).note_state == NoteState.POSTED
    assert is_bare(only_note(sandbox)["body"])


@pytest.mark.parametrize("field", ["summary", "problem", "workaround", "urgency_detail"])
def test_customer_text_runs_nothing_and_calls_nobody(
    field: str,
    plant_issue: Callable[..., Issue],
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
) -> None:
    plant_issue("The first one")
    issue = plant_issue("The second one")
    recipe(make_wish(issue, **{field: HOSTILE[:120] if field == "summary" else HOSTILE}))
    assert only_note(sandbox)["internal"]
    assert sandbox.events(kind="quick_action") == []
    assert sandbox.events(kind="mention") == []
    now = sandbox.issue(101, issue.iid)
    assert (now["state"], now["title"]) == ("opened", "The second one")
    assert not now["confidential"]


def test_a_new_issue_is_masked_and_harmless_too(
    make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    words = SECRETS | {"problem": f"{SECRETS['problem']}\n{HOSTILE}"}
    wish = make_wish(
        None,
        **words,
        decision="new_issue",
        decided_at=NOW,
        is_issue_wanted=True,
        issue_marker="7d0f5a9e-7a0f-4b39-9c39-2f3bd8f1c0aa",
    )
    recipe(wish)
    (made,) = sandbox.issues()
    assert made["confidential"]
    assert_masked(made["title"])
    assert_masked(made["description"])
    assert sandbox.events(kind="quick_action") == []
    assert sandbox.events(kind="mention") == []


def test_without_a_salesforce_address_everything_waits(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox, settings: Settings
) -> None:
    settings.SALESFORCE_HOSTS = []
    wish = make_wish(issue)
    with pytest.raises(Misconfigured) as error:
        recipe(wish)
    assert error.value.service == "salesforce"
    assert recipe.link_of(wish).leased_until is None
    assert sandbox.notes() == []
