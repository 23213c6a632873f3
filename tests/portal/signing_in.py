"""Signing in through the pages, and a second step without a phone."""

import re
import time
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.models import User


def ask(client: Client, address: str) -> HttpResponse:
    return client.post(reverse("account_request_login_code"), {"email": address}, follow=True)


def enter(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)


def read_code() -> str:
    found = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def sign_in_by_code(address: str, **headers: str) -> Client:
    client = Client(headers=headers)
    ask(client, address)
    enter(client, read_code())
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def make_code(secret: str) -> str:
    """What the person's app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def set_up_app(client: Client) -> str:
    """Through the pages; the secret that the app has from then on."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'id="authenticator_secret"[^>]* value="([A-Z2-7]+)"', page)
    assert found, page
    answer = client.post(reverse("mfa_activate_totp"), {"code": make_code(found[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return found[1]


def make_known(client: Client, user: User, *, method: str = "code", age: float = 0) -> None:
    """As if a session that a test made by itself had signed in so, `age` seconds ago."""
    session = client.session
    record: dict[str, Any] = {"method": method, "at": time.time() - age, "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [record]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def grow_old(client: Client) -> None:
    """As if an hour had gone by since the last proof."""
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 3600
    session.save()
