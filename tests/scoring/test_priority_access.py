"""Who may read what demand is worth: the roles that triage, and nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import Role, User
from tests.intake.pages import sign_in
from tests.scoring.score_rows import add_score

pytestmark = pytest.mark.django_db

SENTINEL = 7_777_777
PAGES = ("issues", "issues_csv", "issues_json", "top", "themes")
addresses = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(autouse=True)
def score() -> None:
    add_score("Worth a lot", retention=SENTINEL, impacted_arr=SENTINEL, gap_place=1, themes=["a"])


def read(client: Client, name: str) -> str:
    return client.get(reverse(f"scoring:{name}")).getvalue().decode()


@addresses
def test_strangers_are_asked_to_sign_in(name: str) -> None:
    response = Client().get(reverse(f"scoring:{name}"))
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@addresses
def test_for_customers_and_submitters_there_is_nothing(
    name: str, maya: User, submitter: User
) -> None:
    for user in (maya, submitter):
        response = sign_in(user).get(reverse(f"scoring:{name}"))
        assert response.status_code == 404
        page = response.getvalue().decode()
        assert str(SENTINEL) not in page
        assert f"{SENTINEL:,}" not in page


@addresses
@pytest.mark.parametrize("role", [Role.TAM, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR])
def test_roles_that_triage_read_everything(
    name: str, role: Role, make_user: Callable[..., User]
) -> None:
    client = sign_in(make_user("staff@larkfield.example", role=role))
    response = client.get(reverse(f"scoring:{name}"))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    page = response.getvalue().decode()
    assert str(SENTINEL) in page or f"{SENTINEL:,}" in page


@addresses
def test_who_was_dismissed_reads_nothing(name: str, tam: User) -> None:
    client = sign_in(tam)
    tam.is_active = False
    tam.save()
    assert client.get(reverse(f"scoring:{name}")).status_code == 302


@addresses
def test_nothing_is_posted_here(name: str, tam: User) -> None:
    assert sign_in(tam).post(reverse(f"scoring:{name}")).status_code == 405


def test_the_way_here_is_shown_to_those_who_may_go_it(
    tam: User, maya: User, submitter: User
) -> None:
    link = f'href="{reverse("scoring:issues")}"'
    assert link in sign_in(tam).get("/").content.decode()
    assert link in sign_in(tam).get(reverse("admin:index")).content.decode()
    for user in (maya, submitter):
        assert link not in sign_in(user).get("/").content.decode()
