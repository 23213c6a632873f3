"""A person's copy of their own data: all of it, and nothing of anybody else."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from portal.models import Account, AuditEntry, Invitation, Membership, User
from tests.intake.pages import sign_in
from tests.portal.fresh import sign_in_fresh
from tests.portal.signing_in import read_code
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db


def download(client: Client) -> dict[str, Any]:
    answer = client.post(reverse("download_your_data"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="your-data.json"'
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_the_page_says_what_is_kept_and_for_how_long(maya: User) -> None:
    page = sign_in(maya).get(reverse("your_data")).content.decode()
    assert maya.reference in page
    assert "730 days" in page
    assert reverse("erase_me") in page


def test_the_copy_holds_who_they_are_and_where_they_belong(maya: User) -> None:
    told = download(sign_in_fresh(maya))
    assert told["person"]["email"] == "maya@northwind-freight.example"
    assert told["person"]["reference"] == maya.reference
    assert told["email_addresses"] == [
        {"email": "maya@northwind-freight.example", "verified": True, "primary": True}
    ]
    [place] = told["organisations"]
    assert (place["organisation"], place["is_confirmed"]) == ("Northwind Freight", True)


def test_it_tells_that_a_second_step_exists_and_not_what_opens_the_door(maya: User) -> None:
    Authenticator.objects.create(user=maya, type="totp", data={"secret": "SENTINEL-SECRET"})
    client = sign_in_fresh(maya)
    UserSession.objects.create(
        user=maya, ip="203.0.113.9", user_agent="Firefox", session_key=client.session.session_key
    )
    told = download(client)
    assert told["second_steps"][0]["type"] == "totp"
    assert told["sessions"][0]["ip"] == "203.0.113.9"
    assert "SENTINEL-SECRET" not in json.dumps(told)
    assert str(client.session.session_key) not in json.dumps(told)


def test_it_names_nobody_else_and_no_account_that_is_not_theirs(
    maya: User, account: Account, make_user: Callable[..., User]
) -> None:
    other = Account.objects.create(
        salesforce_id="001M000001FgVKlIAN", name="Quillbrook Press", refreshed_at=NOW
    )
    Membership.objects.create(
        user=maya, account=other, basis=Membership.Basis.DOMAIN, is_confirmed=False
    )
    Membership.objects.create(user=make_user("ben@x.example"), account=account, basis="staff")
    Invitation.objects.create(
        account=account,
        email="li@x.example",
        invited_by=maya,
        created_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    text = json.dumps(download(sign_in_fresh(maya)))
    for word in ("ben@", "li@x", "Quillbrook", "48000"):
        assert word not in text


def test_taking_it_is_recorded_and_stands_in_it(maya: User) -> None:
    told = download(sign_in_fresh(maya))
    assert AuditEntry.objects.get().action == "own data downloaded"
    assert [entry["action"] for entry in told["recorded"]] == ["own data downloaded"]


def test_it_is_not_to_be_had_by_a_link_or_by_a_session_left_open(maya: User) -> None:
    assert sign_in_fresh(maya).get(reverse("download_your_data")).status_code == 405
    answer = sign_in(maya).post(reverse("download_your_data"))
    assert answer.status_code == 302
    assert "next=" in answer.url
    assert not AuditEntry.objects.exists()


def test_a_session_left_open_goes_on_to_the_file_once_the_mailed_code_is_entered(
    maya: User,
) -> None:
    client = sign_in(maya)
    confirm = client.post(reverse("download_your_data")).url
    client.post(confirm, {"send": "yes"})
    answer = client.post(confirm, {"code": read_code()})
    assert json.loads(answer.content)["person"]["reference"] == maya.reference


def test_strangers_sign_in_first(client: Client) -> None:
    for name in ("your_data", "erase_me"):
        assert client.get(reverse(name)).url.startswith(reverse("account_login"))
    assert client.post(reverse("download_your_data")).status_code == 302
