"""A link that is there already, in whatever spelling, is not posted again."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from intake.models import Issue, NoteState, Submission
from portal.models import Account
from portal.sandbox.client import Sandbox
from tests.intake.conftest import Recipe
from tests.portal_fixtures import ACCOUNT_ID

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]
LIGHTNING = "https://larkfield.lightning.force.com"
CLASSIC = "https://larkfield.my.salesforce.com"


def live_notes(sandbox: Sandbox) -> list[dict]:
    return sandbox.notes(deleted=False)


@pytest.mark.parametrize(
    "link",
    [
        f"{CLASSIC}/{ACCOUNT_ID}",
        f"{CLASSIC}/{ACCOUNT_ID[:15]}",
        f"{CLASSIC}/{ACCOUNT_ID.lower()}",
        f"{CLASSIC}/{ACCOUNT_ID}/e",
        f"{CLASSIC}/lightning/r/Account/{ACCOUNT_ID}/view",
        f"{LIGHTNING}/lightning/r/Account/{ACCOUNT_ID}/view",
        f"{LIGHTNING}/lightning/r/{ACCOUNT_ID}/view",
        f"{LIGHTNING}/lightning/r/Account/{ACCOUNT_ID[:15]}/related/Opportunities/view?ws=1",
        f"{LIGHTNING}/one/one.app#/sObject/{ACCOUNT_ID}/view",
        f"HTTPS://LARKFIELD.lightning.force.com/lightning/r/Account/{ACCOUNT_ID}/view",
        f"[Northwind]({LIGHTNING}/lightning/r/Account/{ACCOUNT_ID}/view)",
        f"**{CLASSIC}/{ACCOUNT_ID}**, as agreed.",
    ],
)
@pytest.mark.parametrize("where", ["note", "description"])
def test_a_link_pasted_by_a_person_is_adopted(
    link: str,
    where: str,
    plant_issue: Callable[..., Issue],
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
) -> None:
    words = f"Another one asks for this: {link}"
    issue = plant_issue(description=words if where == "description" else "Text.")
    if where == "note":
        sandbox.act(101, issue.iid, "note", body=words)
    before = live_notes(sandbox)

    done = recipe(make_wish(issue))
    assert done.stage == "announced"
    state = NoteState.FOUND if where == "note" else NoteState.IN_ISSUE
    assert recipe.link_of(done).note_state == state
    assert live_notes(sandbox) == before


def test_the_link_of_another_account_or_site_is_not_ours(
    issue: Issue,
    make_wish: MakeWish,
    make_account: Callable[[str], Account],
    recipe: Recipe,
    sandbox: Sandbox,
) -> None:
    other = make_account("Contoso").salesforce_id
    sandbox.act(101, issue.iid, "note", body=f"{CLASSIC}/{other}")
    sandbox.act(101, issue.iid, "note", body=f"https://evil.my.salesforce.com/{ACCOUNT_ID}")
    recipe(make_wish(issue))
    assert [note["author"] for note in live_notes(sandbox)] == ["dana", "dana", "portal-bot"]


@pytest.mark.parametrize("host", ["larkfield.my.salesforce.com", "crm.larkfield.example"])
def test_an_account_quoted_in_another_accounts_note_gets_a_note_of_its_own(
    host: str,
    settings: Settings,
    issue: Issue,
    make_wish: MakeWish,
    make_account: Callable[[str], Account],
    recipe: Recipe,
    sandbox: Sandbox,
) -> None:
    other = make_account("Contoso")
    settings.SALESFORCE_HOSTS = ["larkfield.my.salesforce.com", "crm.larkfield.example"]
    words = f"Like https://{host}/lightning/r/Account/{other.salesforce_id}/view wants it."
    recipe(make_wish(issue, problem=words))
    recipe(make_wish(issue, account=other))
    first, second = live_notes(sandbox)
    assert ACCOUNT_ID in first["body"]
    assert other.salesforce_id not in first["body"]
    assert other.salesforce_id in second["body"]


def test_our_note_is_about_its_first_account(
    issue: Issue,
    make_wish: MakeWish,
    make_account: Callable[[str], Account],
    recipe: Recipe,
    sandbox: Sandbox,
) -> None:
    other = make_account("Contoso")
    body = f"{CLASSIC}/{ACCOUNT_ID}\n\n> {CLASSIC}/{other.salesforce_id}"
    sandbox.act(101, issue.iid, "note", body=body, author="portal-bot")
    recipe(make_wish(issue, account=other))
    assert len(live_notes(sandbox)) == 2
