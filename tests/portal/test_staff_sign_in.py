"""Staff see no page before a second step, and what their session is worth afterwards."""

import runpy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from intake.models import Submission
from portal.models import AuditEntry, Role, User
from portal.sign_in.guards import WAYS_IN, WAYS_IN_BEGIN
from tests.intake.triage_desk import add_request, page_of
from tests.portal.signing_in import ask, enter, is_in, make_code, read_code, set_up_app
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db(transaction=True)

STAFF = [Role.SUBMITTER, Role.TAM, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR]
HELD_UP = reverse("second_step")


@pytest.fixture(autouse=True)
def strong(settings: Settings, transactional_db: None) -> Iterator[None]:
    """Nobody is counted yet, and the app's code does not change halfway through a test."""
    settings.STAFF_SIGN_IN = "strong"
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield


def sign_in(person: User) -> Client:
    client = Client()
    ask(client, person.email)
    enter(client, read_code())
    assert is_in(client)
    return client


def list_addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the site that needs nothing filled in, with its name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from list_addresses(one, inner)
        elif isinstance(one, URLPattern) and one.name:
            try:
                yield f"{space}{one.name}", reverse(f"{space}{one.name}")
            except NoReverseMatch:
                continue


def list_closed_addresses() -> list[str]:
    found = {
        address
        for name, address in list_addresses(get_resolver())
        if name not in WAYS_IN and not name.startswith(WAYS_IN_BEGIN)
    }
    return sorted(found - {reverse("socialaccount_connections"), reverse("socialaccount_signup")})


@pytest.mark.parametrize("role", STAFF)
def test_with_a_code_alone_no_page_opens(make_user: Callable[..., User], role: Role) -> None:
    client = sign_in(make_user("new@larkfield.example", role=role))
    addresses = list_closed_addresses()
    assert len(addresses) > 30
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, HELD_UP), address
        assert client.post(address).status_code == 403, address


def test_what_was_sent_without_a_second_step_has_no_effect(tam: User, maya: User) -> None:
    request = add_request(maya)
    client = sign_in(tam)
    before = Submission.objects.values().get()
    for address in (page_of(request), reverse("intake:new_request")):
        answer = client.post(address, {"act": "decline", "text": "no", "summary": "x"})
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.content.decode()
    assert Submission.objects.values().get() == before


def test_not_even_a_form_with_a_stale_token_is_shown_again(submitter: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(submitter).cookies
    answer = client.post(
        reverse("intake:new_request_on_behalf"), headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 403
    assert "One more step for staff" in answer.content.decode()


def test_setting_up_an_app_opens_the_page_that_was_wanted(tam: User) -> None:
    client = sign_in(tam)
    held = client.get("/admin/", follow=True)
    assert held.redirect_chain == [(f"{HELD_UP}?next=%2Fadmin%2F", 302)]
    assert reverse("mfa_activate_totp") in held.content.decode()
    set_up_app(client)
    codes = client.get(reverse("mfa_view_recovery_codes"))  # without asking again
    assert (codes.status_code, codes.context["can_view_codes"]) == (200, True)
    assert client.get("/admin/").status_code == 200
    assert client.get(f"{HELD_UP}?next=/admin/")["Location"] == "/admin/"
    assert client.get(f"{HELD_UP}?next=https://elsewhere.example/")["Location"] == "/"


def test_next_time_the_app_is_asked_for_before_anything_opens(tam: User) -> None:
    secret = set_up_app(sign_in(tam))
    client = Client()
    ask(client, tam.email)
    answer = enter(client, read_code())
    assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert not is_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": make_code(secret)})
    assert client.get("/admin/").status_code == 200


def test_taking_the_app_away_closes_the_pages_again(tam: User) -> None:
    client = sign_in(tam)
    secret = set_up_app(client)
    client.post(reverse("mfa_reauthenticate"), {"code": make_code(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/admin/")["Location"].startswith(HELD_UP)


def test_a_step_that_was_set_up_elsewhere_can_be_shown_here(tam: User) -> None:
    client = sign_in(tam)
    secret = set_up_app(sign_in(tam))
    again = sign_in_where_it_was_left(client, tam)
    page = again.get("/admin/", follow=True).content.decode()
    assert reverse("mfa_reauthenticate") in page
    shown = again.post(f"{reverse('mfa_reauthenticate')}?next=/admin/", {"code": make_code(secret)})
    assert shown["Location"] == "/admin/"
    assert again.get("/admin/").status_code == 200


def sign_in_where_it_was_left(client: Client, person: User) -> Client:
    """A session from before the step was set up: those were ended, so one is made."""
    assert not is_in(client)
    client.force_login(person)
    return client


def test_customers_are_not_asked(maya: User) -> None:
    assert sign_in(maya).get("/").status_code == 200


def test_who_becomes_staff_is_asked_with_the_next_click(maya: User) -> None:
    client = sign_in(maya)
    User.objects.filter(pk=maya.pk).update(role=Role.TAM)
    assert client.get("/")["Location"].startswith(HELD_UP)


def test_health_is_asked_of_the_database_once_whoever_asks(
    tam: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = sign_in(tam)
    with django_assert_num_queries(1):
        assert client.get(reverse("healthz")).content == b"ok"


def test_the_ways_out_stay_open(tam: User) -> None:
    client = sign_in(tam)
    client.post(reverse("account_logout"))
    assert not is_in(client)
    assert {entry.action for entry in AuditEntry.objects.all()} >= {"signed in", "signed out"}


def test_staff_sign_in_once_a_day_and_customers_once_a_fortnight(tam: User, maya: User) -> None:
    for person, longest in ((tam, timedelta(hours=12)), (maya, timedelta(days=14))):
        client = sign_in(person)
        assert client.session.get_expiry_date() == timezone.now() + longest
        begun, nearly = NOW, NOW + longest - timedelta(minutes=1)
        with time_machine.travel(nearly, tick=False):
            client.get(HELD_UP)
            session = client.session
            session["touched"] = True  # what is done in it prolongs nothing
            session.save()
            assert is_in(client)
        with time_machine.travel(begun + longest, tick=False):
            assert client.get("/")["Location"].startswith(reverse("account_login"))


def test_a_code_alone_is_for_the_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = str(Path(__file__).resolve().parents[2] / "portal" / "settings.py")
    monkeypatch.setattr("os.environ", {"STATE_DIR": str(tmp_path)})
    assert runpy.run_path(path)["STAFF_SIGN_IN"] == "strong"
    monkeypatch.setattr("os.environ", {"STATE_DIR": str(tmp_path), "STAFF_SIGN_IN": "code"})
    with pytest.raises(ImproperlyConfigured, match="STAFF_SIGN_IN=code is for the sandbox"):
        runpy.run_path(path)


def test_somebody_added_by_an_administrator_needs_one_code(tam: User) -> None:
    EmailAddress.objects.filter(user=tam).delete()  # the admin's page makes a person alone
    sign_in(tam)
    assert len(mail.outbox) == 1
    assert EmailAddress.objects.get(user=tam).verified


def test_an_unproven_address_takes_no_second_step(make_user: Callable[..., User]) -> None:
    """Or a stranger could lock the owner of the mailbox out."""
    person = make_user("new@larkfield.example", role=Role.TAM)
    client = sign_in(person)
    EmailAddress.objects.filter(user=person).update(verified=False)
    assert client.get(reverse("mfa_activate_totp"))["Location"] == reverse("mfa_index")
