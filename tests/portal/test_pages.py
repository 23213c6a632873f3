"""The site around the requests: health, errors, signing in, and the account pages."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal.models import User
from portal.views import server_error
from tests.intake.pages import sign_in


@pytest.mark.django_db
def test_healthz_tells_whether_the_database_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    monkeypatch.setattr(connection, "cursor", Mock(side_effect=DatabaseError))
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_where_to_go(client: Client) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "Nothing is here" in answer.content.decode()


@pytest.mark.django_db
def test_a_post_too_large_to_read_is_answered(maya: User, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = sign_in(maya).post(reverse("intake:similar"), {"summary": "x" * 2000})
    assert answer.status_code == 413
    assert "your text is still there" in answer.content.decode()


def test_the_broken_page_needs_no_database() -> None:
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "/static/portal/site.css" in answer.content.decode()


@pytest.mark.django_db
def test_a_stale_form_elsewhere_asks_for_a_reload(maya: User) -> None:
    client = sign_in(maya, checks_forgery=True)
    answer = client.post(reverse("account_logout"), headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "send the form again" in answer.content.decode()


def test_signing_in_takes_an_address_and_a_code(maya: User, client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert f'action="{reverse("account_request_login_code")}"' in page
    client.post(reverse("account_request_login_code"), {"email": maya.email})
    page = client.get(reverse("account_confirm_login_code")).content.decode()
    assert maya.email in page
    code = next(
        word for line in mail.outbox[0].body.splitlines()
        if (word := line.strip()) and re.fullmatch(r"[A-Z0-9-]{6,10}", word)
    )  # fmt: skip
    wrong = client.post(
        reverse("account_confirm_login_code"), {"code": "nonsense"}
    ).content.decode()
    assert 'id="id_code_error"' in wrong
    assert client.post(reverse("account_confirm_login_code"), {"code": code})["Location"] == "/"


def test_asking_too_often_is_answered_with_patience(maya: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/m/key", "login": "1/m/ip"}
    url = reverse("account_request_login_code")
    first, second = (Client().post(url, {"email": maya.email}) for _ in range(2))
    assert first.status_code == 302
    assert 'id="id_email_error"' in second.content.decode()
    assert maya.email in second.content.decode()
    answers = [Client().post(reverse("account_login"), {"login": "x"}) for _ in range(2)]
    assert answers[-1].status_code == 429
    assert "a little too often" in answers[-1].content.decode()


STRANGERS = ["account_login", "account_request_login_code", "account_signup", "account_inactive",
             "socialaccount_login_cancelled", "socialaccount_login_error"]  # fmt: skip
MEMBERS = ["account_email", "account_logout", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn",
           "mfa_add_webauthn", "usersessions_list", "confirm_by_mail", "second_step"]  # fmt: skip


def look_at(page: str) -> None:
    """What every page of the site must be, whoever wrote its template."""
    assert page.count("<h1") == 1
    assert re.search(r"<title>[^<]+ · Intake portal</title>", page)
    assert 'href="#content"' in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    controls = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    for control in controls:
        if 'type="hidden"' not in control:
            name = re.search(r' id="([^"]+)"', control)
            assert name, control
            assert name[1] in labels, control


@pytest.mark.django_db
@pytest.mark.parametrize("name", STRANGERS)
def test_pages_for_strangers_keep_the_rules(client: Client, name: str) -> None:
    look_at(client.get(reverse(name)).content.decode())


@pytest.mark.parametrize("name", MEMBERS)
def test_pages_of_the_account_keep_the_rules(maya: User, name: str) -> None:
    answer = sign_in(maya).get(reverse(name), follow=True)
    assert answer.status_code == 200
    look_at(answer.content.decode())


SECURED = ["mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
           "mfa_deactivate_totp", "mfa_reauthenticate"]  # fmt: skip


@pytest.fixture
def secured(maya: User) -> Client:
    """Signed in, with an app and recovery codes set up."""
    TOTP.activate(maya, generate_totp_secret())
    RecoveryCodes.activate(maya)
    return sign_in(maya)


@pytest.mark.parametrize("name", SECURED)
def test_pages_of_the_second_step_keep_the_rules(secured: Client, name: str) -> None:
    answer = secured.get(reverse(name), follow=True)
    assert answer.status_code == 200
    look_at(answer.content.decode())


@pytest.mark.parametrize("name", ["intake:my_requests", "intake:new_request"])
def test_our_own_pages_keep_the_rules(maya: User, name: str) -> None:
    look_at(sign_in(maya).get(reverse(name)).content.decode())


@pytest.mark.django_db
def test_every_answer_carries_the_content_policy(
    client: Client, make_user: Callable[..., Any]
) -> None:
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
