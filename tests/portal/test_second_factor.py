"""A second step for everybody: set up, used, lost; and proving anew before what matters."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal.domain.limits import CODE
from portal.models import AuditEntry, User
from portal.sign_in.second_step import SecondStepAdapter
from tests.portal.signing_in import (
    grow_old,
    is_in,
    make_code,
    read_code,
    set_up_app,
    sign_in_by_code,
)
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def uncounted(transactional_db: None) -> Iterator[None]:
    """Nobody is counted yet, and the app's code does not change halfway through a test."""
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield


CONFIRM = reverse("confirm_by_mail")
NEW = "maya.lindqvist@new-harbour.example"


def confirm(client: Client, wanted: str) -> Any:
    """By the mailed code that people without a second step are asked for."""
    where = f"{CONFIRM}?next={wanted}"
    client.post(where, {"send": "1"})
    return client.post(where, {"code": read_code(), "next": wanted})


def read_recovery_codes(client: Client) -> list[str]:
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return re.findall(r"(?<=[>\n])\d{8}(?=[<\n])", page)


def test_an_app_is_asked_for_after_the_code_from_then_on(maya: User) -> None:
    secret = set_up_app(sign_in_by_code(maya.email))
    client = sign_in_by_code(maya.email)
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": make_code(secret)})
    assert is_in(client)


def test_a_code_of_the_app_works_once(maya: User) -> None:
    secret = set_up_app(sign_in_by_code(maya.email))
    code = make_code(secret)
    first, second = sign_in_by_code(maya.email), sign_in_by_code(maya.email)
    for client in (first, second):
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_recovery_code_works_once_instead_of_the_app(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    secret = set_up_app(client)
    client.post(reverse("mfa_reauthenticate"), {"code": make_code(secret)})
    codes = read_recovery_codes(client)
    assert len(set(codes)) == 10
    cache.clear()
    first, second = sign_in_by_code(maya.email), sign_in_by_code(maya.email)
    for client in (first, second):
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert (is_in(first), is_in(second)) == (True, False)


def test_guessing_the_second_step_ends_after_a_few(maya: User) -> None:
    secret = set_up_app(sign_in_by_code(maya.email))
    client = sign_in_by_code(maya.email)
    for _ in range(6):
        answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Too many attempts" in answer.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": make_code(secret)})
    assert not is_in(client)
    failed = AuditEntry.objects.filter(action="sign-in failed")
    assert failed.count() == 5
    assert failed[0].details == {"way": "totp"}
    assert failed[0].object_reference == maya.reference


def test_what_is_kept_of_the_second_step_is_of_no_use_without_the_key(
    maya: User, settings: Settings
) -> None:
    secret = set_up_app(sign_in_by_code(maya.email))
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    hidden = SecondStepAdapter().encrypt("a secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert SecondStepAdapter().decrypt(hidden) == "a secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        SecondStepAdapter().decrypt(hidden)


def test_the_person_hears_of_every_change(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    secret = set_up_app(client)
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([maya.email], "An authenticator app was added")
    assert "from the address 127.0.0.1" in told.body
    client.post(reverse("mfa_reauthenticate"), {"code": make_code(secret)})
    client.post(reverse("mfa_generate_recovery_codes"))
    assert mail.outbox[-1].subject == "New recovery codes were made"
    client.post(reverse("mfa_deactivate_totp"))
    assert mail.outbox[-1].subject == "Your authenticator app was removed"
    assert secret not in "".join(str(message.body) for message in mail.outbox)


def test_every_change_is_on_record(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    secret = set_up_app(client)
    client.post(reverse("mfa_reauthenticate"), {"code": make_code(secret)})
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    entries = AuditEntry.objects.order_by("pk")
    told = [(entry.action, entry.details.get("kind")) for entry in entries]
    assert told == [
        ("signed in", None),
        ("second step added", "totp"),
        ("second step added", "recovery_codes"),
        ("recovery codes made", None),
        ("second step removed", "totp"),
        ("second step removed", "recovery_codes"),
    ]
    assert {entry.object_reference for entry in entries} == {maya.reference}


# --- proving anew ---------------------------------------------------------------------------

DELICATE = ["mfa_activate_totp", "mfa_add_webauthn"]


@pytest.mark.parametrize("name", DELICATE)
def test_a_session_left_open_sets_up_nothing_without_a_code(maya: User, name: str) -> None:
    client = sign_in_by_code(maya.email)
    assert client.get(reverse(name)).status_code == 200
    grow_old(client)
    held = client.get(reverse(name))
    assert held["Location"].startswith(CONFIRM)
    assert confirm(client, reverse(name))["Location"] == reverse(name)
    assert client.get(reverse(name)).status_code == 200


def test_the_code_goes_to_the_persons_own_address_when_they_ask(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    grow_old(client)
    mail.outbox.clear()
    client.get(CONFIRM)
    assert mail.outbox == []
    client.post(CONFIRM, {"send": "1"})
    assert [message.to for message in mail.outbox] == [[maya.email]]
    assert read_code() not in client.get(CONFIRM).content.decode()


def test_three_wrong_codes_end_the_attempt(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    grow_old(client)
    client.post(CONFIRM, {"send": "1"})
    code = read_code()
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG"})
    client.post(CONFIRM, {"code": code})
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(CONFIRM)


def test_without_a_code_that_was_sent_nothing_matches(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    grow_old(client)
    for code in ("", " ", "None"):
        client.post(CONFIRM, {"code": code})
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(CONFIRM)


@pytest.mark.parametrize("name", [*DELICATE, "account_email", "usersessions_list"])
def test_no_other_method_goes_round_it(maya: User, name: str) -> None:
    client = sign_in_by_code(maya.email)
    grow_old(client)
    for method in ("PUT", "PATCH", "DELETE"):
        assert client.generic(method, reverse(name)).status_code == 405


def test_a_code_that_ran_out_is_said(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    grow_old(client)
    answer = client.post(CONFIRM, {"code": "ABCDEF"}, follow=True)
    assert "has run out" in answer.content.decode()


def test_asking_for_codes_without_end_is_refused_in_words(
    maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.sign_in.forms.CODE", replace(CODE, most={"mailbox": 2}))
    client = sign_in_by_code(maya.email)
    for _ in range(2):
        answer = client.post(CONFIRM, {"send": "1"}, follow=True)
    assert len(mail.outbox) == 2
    assert "A lot of codes were asked for this address" in answer.content.decode()


def test_what_was_sent_goes_on_after_confirming(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    grow_old(client)
    email = reverse("account_email")
    held = client.post(email, {"email": NEW, "action_add": ""})
    assert held["Location"].startswith(CONFIRM)
    assert mail.outbox[-1].to != [NEW]
    confirm(client, email)
    assert mail.outbox[-1].to == [NEW]


def test_who_has_a_second_step_confirms_with_it_and_not_by_mail(maya: User) -> None:
    TOTP.activate(maya, generate_totp_secret())
    client = Client()
    client.force_login(maya)
    held = client.get(reverse("mfa_add_webauthn"))
    assert held["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(CONFIRM)["Location"].startswith(reverse("mfa_reauthenticate"))
    mail.outbox.clear()
    client.post(CONFIRM, {"send": "1"})
    assert mail.outbox == []


def test_a_forged_form_is_not_kept_for_later(maya: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(maya)
    answer = client.post(reverse("account_email"), {"email": NEW, "action_add": ""})
    assert answer.status_code == 403
    assert "account_reauthentication_state" not in client.session


# --- another address ------------------------------------------------------------------------


def change_address(client: Client, new: str) -> Any:
    client.post(reverse("account_email"), {"email": new, "action_add": ""})
    return client.post(reverse("account_email_verification_sent"), {"code": read_code()})


def test_a_new_address_counts_once_its_code_was_entered(maya: User) -> None:
    client = sign_in_by_code(maya.email)
    old = maya.email
    client.post(reverse("account_email"), {"email": NEW, "action_add": ""})
    maya.refresh_from_db()
    assert maya.email == old
    client.post(reverse("account_email_verification_sent"), {"code": read_code()})
    maya.refresh_from_db()
    assert maya.email == NEW
    assert [(row.email, row.verified, row.primary) for row in EmailAddress.objects.all()] == [
        (NEW, True, True)
    ]
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([old], "Your address was changed")
    assert AuditEntry.objects.filter(action="address changed").count() == 1


@pytest.mark.parametrize(
    "address", ["maya@gmail.com", "no address", "maya@northwind-freight.example"]
)
def test_what_cannot_be_an_address_is_said_beside_the_field(maya: User, address: str) -> None:
    client = sign_in_by_code(maya.email)
    mail.outbox.clear()
    answer = client.post(reverse("account_email"), {"email": address, "action_add": ""})
    assert answer.status_code == 200
    assert 'id="id_email_error"' in answer.content.decode()
    assert address in answer.content.decode()
    assert mail.outbox == []


def test_somebody_elses_address_cannot_be_taken(maya: User, make_user: Callable[..., User]) -> None:
    other = make_user("tomas@northwind-freight.example")
    client = sign_in_by_code(maya.email)
    change_address(client, other.email)
    maya.refresh_from_db()
    assert maya.email == "maya@northwind-freight.example"
    assert EmailAddress.objects.get(email=other.email).user == other
