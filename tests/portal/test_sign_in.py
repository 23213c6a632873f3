"""Signing in by a mailed code, through the pages: who gets one, and that nobody can tell."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal.models import Account, Membership, Role, User
from portal.sign_in import introduce
from tests.portal.signing_in import ask, enter, read_code

pytestmark = pytest.mark.django_db

KNOWN = "maya@northwind-freight.example"
STRANGER = "new@somewhere.example"
FREE = "somebody@gmail.com"


@pytest.fixture(autouse=True)
def unlimited(db: None) -> None:
    """Each test begins with nobody counted."""
    cache.clear()


def strip(response: HttpResponse, address: str) -> tuple[int, list[Any], str]:
    """What a visitor can compare: status, redirects and the page without tokens and address."""
    page = response.content.decode().replace(address, "ADDRESS")
    page = re.sub(r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "TOKEN", page)
    return response.status_code, response.redirect_chain, page


def test_known_unknown_and_free_mail_addresses_cannot_be_told_apart(maya: User) -> None:
    seen = [strip(ask(Client(), address), address) for address in (KNOWN, STRANGER, FREE)]
    assert seen[0] == seen[1] == seen[2]
    assert [message.to for message in mail.outbox] == [[KNOWN], [STRANGER]]
    known, stranger = (str(message.body) for message in mail.outbox)
    assert re.sub(r"[A-Z0-9-]{6,12}", "CODE", known) == re.sub(r"[A-Z0-9-]{6,12}", "CODE", stranger)
    assert not User.objects.filter(email=FREE).exists()


def test_a_free_mail_address_whose_owner_was_invited_gets_a_code(
    make_user: Callable[..., User],
) -> None:
    make_user(FREE)
    ask(Client(), FREE)
    assert [message.to for message in mail.outbox] == [[FREE]]


def test_somebody_who_may_not_sign_in_any_more_gets_the_page_and_no_code(maya: User) -> None:
    expected = strip(ask(Client(), STRANGER), STRANGER)
    mail.outbox.clear()
    maya.is_active = False
    maya.save()
    assert strip(ask(Client(), KNOWN), KNOWN) == expected
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b", "a@b@", "x@exa mple.com", "a\0@b.example"]
)
def test_what_is_no_address_is_said_and_makes_nobody(address: str) -> None:
    response = ask(Client(), address)
    assert response.status_code == 200
    assert mail.outbox == []
    assert not User.objects.exists()


def test_an_address_with_a_domain_that_cannot_be_gets_nothing() -> None:
    response = ask(Client(), f"a@{'x' * 64}.example")
    assert response.status_code == 200
    assert not User.objects.exists()


def test_the_code_proves_the_address_and_opens_the_landing_page() -> None:
    client = Client()
    ask(client, "New@Somewhere.example")
    assert not EmailAddress.objects.filter(verified=True).exists()
    response = enter(client, read_code())
    assert response.redirect_chain[-1][0] == "/"
    user = User.objects.get()
    assert (user.email, user.role) == (STRANGER, Role.CUSTOMER)
    assert EmailAddress.objects.get(user=user).verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_code_opens_nothing_and_three_end_the_attempt() -> None:
    client = Client()
    ask(client, STRANGER)
    code = read_code()
    for _ in range(3):
        assert enter(client, "WRONG-1").status_code == 200
    enter(client, code)
    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get().verified


def test_the_first_of_a_domain_waits_and_later_ones_follow_a_confirmed_one(
    account: Account,
) -> None:
    sign_in("first@northwind-freight.example")
    first = Membership.objects.get()
    assert (first.basis, first.is_confirmed) == (Membership.Basis.DOMAIN, False)

    sign_in("second@northwind-freight.example")
    assert not Membership.objects.filter(is_confirmed=True).exists()

    Membership.objects.filter(pk=first.pk).update(is_confirmed=True)
    sign_in("third@NORTHWIND-freight.example")
    third = Membership.objects.get(user__email="third@northwind-freight.example")
    assert third.is_confirmed
    sign_in("second@northwind-freight.example")  # confirmed by nobody: still waits
    assert Membership.objects.filter(is_confirmed=False).count() == 1


def sign_in(address: str) -> Client:
    client = Client()
    ask(client, address)
    enter(client, read_code())
    assert "_auth_user_id" in client.session
    return client


@pytest.mark.parametrize(
    "address",
    [
        "x@sub.northwind-freight.example",
        "x@northwind-freight.example.evil.example",
        "x@evil-northwind-freight.example",
        "northwind-freight.example@evil.example",
    ],
)
def test_only_exactly_the_domain_leads_to_the_account(account: Account, address: str) -> None:
    sign_in(address)
    assert not Membership.objects.exists()


def test_a_role_never_follows_from_a_domain(tam: User) -> None:
    sign_in("another@larkfield.example")
    assert User.objects.get(email="another@larkfield.example").role == Role.CUSTOMER


def test_staff_do_not_become_members_of_a_customer_by_their_address(
    account: Account, make_user: Callable[..., User]
) -> None:
    make_user("works-here@northwind-freight.example", role=Role.TAM)
    sign_in("works-here@northwind-freight.example")
    assert not Membership.objects.exists()


def test_while_mail_is_away_everybody_reads_so(maya: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    seen = [strip(ask(Client(), address), address) for address in (KNOWN, STRANGER, FREE)]
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 200
    assert "We could not send the mail just now" in seen[0][2]
    assert not User.objects.filter(email=STRANGER).exists()


def test_mail_that_fails_while_it_is_sent_is_no_server_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any, **__: Any) -> int:
        raise ConnectionResetError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    response = ask(Client(), STRANGER)
    assert response.status_code == 200
    assert "could not be sent: ConnectionResetError" in caplog.text
    assert STRANGER not in caplog.text


def test_nobody_is_mailed_more_than_five_times_a_minute() -> None:
    answers = [ask(Client(), STRANGER) for _ in range(7)]
    assert len(mail.outbox) == 5
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert "Too many" in answers[-1].content.decode()


def test_asking_twice_at_once_makes_one_person() -> None:
    first, second = introduce(STRANGER), introduce(STRANGER.upper())
    assert first is not None
    assert first == second
    assert User.objects.count() == 1


def test_nobody_signs_up_by_the_other_door() -> None:
    page = Client().post(reverse("account_signup"), {"email": STRANGER}, follow=True)
    assert page.status_code in {200, 403}
    assert not User.objects.exists()
