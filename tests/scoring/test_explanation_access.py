"""Who may read why an issue has its score, what an account's money is on, and what moved."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import Role, User
from tests.intake.pages import sign_in
from tests.scoring.days import WEEK_AGO, keep_day
from tests.scoring.store import add_account, add_issue, add_link

pytestmark = pytest.mark.django_db

SENTINEL = "7777777"
SHOWN = "7,777,777"
pages = pytest.mark.parametrize("page", ["issue", "account", "movement"])


@pytest.fixture
def addresses() -> dict[str, str]:
    """Each page with the sentinel on it."""
    issue, account = add_issue(weight=1), add_account("Sentinel Shipping", arr=SENTINEL)
    add_link(add_issue(weight=1), add_account(arr=1), 1)
    keep_day(WEEK_AGO)
    add_link(issue, account, 1)
    keep_day()
    return {
        "issue": reverse("scoring:issue", args=[issue.pk]),
        "account": reverse("scoring:account", args=[account.pk]),
        "movement": reverse("scoring:movement") + "?from=2026-11-12&to=2026-11-19",
    }


@pages
def test_strangers_are_asked_to_sign_in(page: str, addresses: dict[str, str]) -> None:
    response = Client().get(addresses[page])
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pages
def test_for_customers_and_submitters_there_is_nothing(
    page: str, addresses: dict[str, str], maya: User, submitter: User
) -> None:
    for user in (maya, submitter):
        response = sign_in(user).get(addresses[page])
        assert response.status_code == 404
        body = response.content.decode()
        assert "Sentinel Shipping" not in body
        assert SENTINEL not in body
        assert SHOWN not in body


@pages
@pytest.mark.parametrize("role", [Role.TAM, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR])
def test_roles_that_triage_read_it(
    page: str, role: Role, addresses: dict[str, str], make_user: Callable[..., User]
) -> None:
    client = sign_in(make_user("staff@larkfield.example", role=role))
    response = client.get(addresses[page])
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert SHOWN in response.content.decode()
    assert "Sentinel Shipping" in response.content.decode()


@pages
def test_nothing_is_posted_here(page: str, addresses: dict[str, str], tam: User) -> None:
    assert sign_in(tam).post(addresses[page]).status_code == 405


@pages
def test_a_name_from_outside_is_only_text(page: str, addresses: dict[str, str], tam: User) -> None:
    issue = add_issue('<script>alert("title")</script>', weight=1)
    account = add_account('<img src=x onerror=alert("name")>')
    add_link(issue, account, 5)
    keep_day()
    address = {
        "issue": reverse("scoring:issue", args=[issue.pk]),
        "account": reverse("scoring:account", args=[account.pk]),
        "movement": addresses["movement"],
    }[page]
    body = sign_in(tam).get(address).content.decode()
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "&lt;" in body
