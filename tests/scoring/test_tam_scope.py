"""Scores for a TAM: sums over everybody, names and parts of the own accounts and the pool alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.models import Issue
from portal.models import Account, Role, User
from scoring.pipeline.score import score_everything
from tests.intake.pages import sign_in
from tests.scoring.days import WEEK_AGO, keep_day
from tests.scoring.page_reader import read_table_rows, read_words
from tests.scoring.store import (
    NOW,
    add_account,
    add_issue,
    add_link,
    add_opportunity,
)

pytestmark = pytest.mark.django_db

HIDDEN = "An account of another TAM"
SECRETS = ("Quillfeather", "Their deal", "7,777,777", "7777777")
MOVED = reverse("scoring:movement") + "?from=2026-11-12&to=2026-11-19"


@dataclass(frozen=True)
class Desk:
    """An issue that the TAM's own account and another TAM's both ask for."""

    issue: Issue
    mine: Account
    theirs: Account


@pytest.fixture
def other(make_user: Callable[..., User]) -> User:
    return make_user("oren@larkfield.example", name="Oren Other", role=Role.TAM)


@pytest.fixture
def desk(tam: User, other: User) -> Desk:
    issue = add_issue("Limit approvals by path", weight=1)
    mine = add_account("Aldgate Mills", 1_000, tam=tam, segment="Mill", renewal_on=None)
    theirs = add_account("Quillfeather Foundry", 7_777_777, tam=other, segment="Foundry")
    add_link(issue, mine, 2)
    add_link(issue, theirs, 1)
    add_link(add_issue("Something else", weight=1), theirs, 1)
    deal = add_opportunity(theirs, None, name="Their deal")
    add_link(issue, theirs, 3, opportunity=deal)
    score_everything(now=NOW)
    return Desk(issue, mine, theirs)


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


@pytest.fixture
def manager(make_user: Callable[..., User]) -> Client:
    return sign_in(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue().decode()


def found_secrets(page: str) -> set[str]:
    return {secret for secret in SECRETS if secret in page}


def why(desk: Desk) -> str:
    return reverse("scoring:issue", args=[desk.issue.pk])


def test_an_account_of_another_tam_has_no_page(desk: Desk, client: Client, manager: Client) -> None:
    for account, status in ((desk.mine, 200), (desk.theirs, 404)):
        address = reverse("scoring:account", args=[account.pk])
        assert client.get(address).status_code == status
        assert manager.get(address).status_code == 200


def test_why_a_score_is_told_with_the_others_as_one_part_and_the_sums_whole(
    desk: Desk, client: Client, manager: Client
) -> None:
    page = read(client, why(desk))
    rows = read_table_rows(page)
    folded = next(row for row in rows if HIDDEN in row[0])
    assert folded[1] == folded[3] == "–"
    assert folded[2] == "3,888,889"  # of both kinds together, and not of how much
    assert next(row for row in rows if "Aldgate Mills" in row[0])[1] == "2 of 2"
    assert found_secrets(page) == set()
    assert reverse("scoring:account", args=[desk.theirs.pk]) not in page
    ends = [row for row in rows if row and row[0] == "All links"]
    whole = read(manager, why(desk))
    assert ends == [row for row in read_table_rows(whole) if row and row[0] == "All links"]
    assert {"Quillfeather", "Their deal", "7,777,777"} <= found_secrets(whole)


def test_several_are_told_by_their_number(desk: Desk, client: Client, other: User) -> None:
    add_link(desk.issue, add_account("Quillfeather Press", 5_000, tam=other), 1)
    score_everything(now=NOW)
    page = read(client, why(desk))
    assert "2 accounts of other TAMs" in read_words(page)
    assert found_secrets(page) == set()


def test_warnings_name_and_link_what_is_visible(
    desk: Desk, client: Client, manager: Client
) -> None:
    """Of the others, and of their opportunities, only how many accounts it is about."""
    page = read(client, why(desk))
    assert f"Renewal date missing : Aldgate Mills , {HIDDEN}" in read_words(page)
    assert f"Net ARR missing, counts as 0 : {HIDDEN}" in read_words(page)
    assert "Net ARR missing, counts as 0 : Their deal" in read_words(read(manager, why(desk)))
    assert reverse("scoring:account", args=[desk.theirs.pk]) not in page


def test_what_moved_tells_the_others_changes_together_and_without_details(
    desk: Desk, client: Client, manager: Client, tam: User
) -> None:
    keep_day(WEEK_AGO)
    Account.objects.filter(pk=desk.theirs.pk).update(arr=9_000_000)
    Account.objects.filter(pk=desk.mine.pk).update(arr=3_000)
    keep_day()
    page = read(client, MOVED)
    words = read_words(page)
    assert "Aldgate Mills : ARR 1,000 → 3,000" in words
    assert f"{HIDDEN}: what is asked for, or what it is worth, changed" in words
    assert found_secrets(page) == set()
    assert "9,000,000" not in page
    assert "Quillfeather Foundry : ARR 7,777,777 → 9,000,000" in read_words(read(manager, MOVED))


@pytest.mark.parametrize(
    "query", ["account=Quill", "segment=Foundry", "tam={other}", "account={salesforce_id}"]
)
def test_filters_about_accounts_do_not_reach_another_tams(
    query: str, desk: Desk, client: Client, manager: Client, other: User
) -> None:
    query = query.format(other=other.pk, salesforce_id=desk.theirs.salesforce_id)
    address = f"{reverse('scoring:issues_json')}?{query}"
    assert json.loads(read(client, address))["issues"] == []
    assert len(json.loads(read(manager, address))["issues"]) == 2


def test_filters_offer_what_the_own_accounts_show(
    desk: Desk, client: Client, manager: Client
) -> None:
    page = read(client, reverse("scoring:issues"))
    assert ">Mill<" in page
    assert ">Foundry<" not in page
    assert "Oren Other" not in page
    assert "Oren Other" in read(manager, reverse("scoring:issues"))


@pytest.mark.parametrize("name", ["issues_csv", "issues_json"])
def test_feeds_hold_the_same_sums_for_everybody(
    name: str, desk: Desk, client: Client, manager: Client
) -> None:
    address = reverse(f"scoring:{name}")
    assert read(client, address) == read(manager, address)
    assert "Quillfeather" not in read(client, address)


@pytest.mark.parametrize("name", ["issues", "top", "themes", "what_if", "movement"])
def test_no_other_page_names_a_customer_at_all(name: str, desk: Desk, client: Client) -> None:
    page = read(client, reverse(f"scoring:{name}"))
    assert "Quillfeather" not in page
    assert "Their deal" not in page


def test_a_tam_costs_the_same_however_many_accounts_are_hidden(
    desk: Desk, client: Client, other: User
) -> None:
    def count() -> int:
        read(client, why(desk))
        with CaptureQueriesContext(connection) as queries:
            read(client, why(desk))
        return len(queries)

    few = count()
    for _ in range(30):
        add_link(desk.issue, add_account(tam=other, renewal_on=None), 1)
    score_everything(now=NOW)
    assert count() == few
