"""Another issue, found by what a TAM has at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from intake.models import Issue
from intake.selectors.issue_search import find_accounts, find_issues
from portal.models import Account, User
from tests.intake.triage_desk import add_request, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_index(settings: Settings, tmp_path: Path) -> None:
    """The index is away: words are looked for in titles."""
    settings.INDEX_DIR = tmp_path


@pytest.fixture
def wanted(make_issue: Callable[..., Issue]) -> Issue:
    make_issue("Something else entirely", iid=7)
    return make_issue("Approve changes by folder", iid=812)


@pytest.mark.parametrize(
    "typed",
    [
        "812",
        "#812",
        " #812 ",
        "http://127.0.0.1/larkfield/platform/-/issues/812",
        "http://127.0.0.1/larkfield/platform/-/issues/812?tab=notes#note_4",
        "http://127.0.0.1/larkfield/platform/issues/812/",
        "http://127.0.0.1/Larkfield/Platform/-/work_items/812",
        "folder approve",
    ],
)
def test_an_issue_is_found(wanted: Issue, typed: str) -> None:
    assert find_issues(typed) == [wanted]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "99",
        "#" + "9" * 30,
        "http://elsewhere.example/larkfield/platform/-/issues/812",
        "http://127.0.0.1/larkfield/platform/-/merge_requests/812",
        "http://[broken",
        "\x00",
    ],
)
def test_nothing_is_found_and_nothing_breaks(wanted: Issue, typed: str) -> None:
    assert find_issues(typed) == []


def test_the_page_offers_to_join_what_was_found(
    client: Client, tam: User, maya: User, wanted: Issue
) -> None:
    client.force_login(tam)
    page = client.get(page_of(add_request(maya)), {"issue": "#812"}).content.decode()
    assert "Join with #812" in page


@pytest.mark.parametrize(
    "typed",
    ["northwind", "FREIGHT", "northwind-freight.example", "a@northwind-freight.example", "001D000"],
)
def test_an_account_is_found(account: Account, tam: User, typed: str) -> None:
    assert find_accounts(typed, reader=tam) == [account]


def test_one_letter_finds_no_account(account: Account, tam: User) -> None:
    assert find_accounts("n", reader=tam) == []
