"""Nobody learns from the sign-in whether somebody is known here, and strangers get no mail but
the code they asked for: not by the page, the status, what is mailed, nor by the time it takes."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from intake.actions.follow import follow
from intake.actions.submit import submit
from intake.domain.draft import OnBehalf, SubmissionDraft
from intake.models import Follower
from intake.pipeline.notify import find_due_followers, notify
from portal.actions.invite import invite
from portal.domain.limits import CODE
from portal.models import Account, AccountDomain, Attempt, Membership, User
from portal.wsgi import application
from tests.portal.mail_server import SlowMailServer, run_slow_mail
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

ASK, ENTER = reverse("account_request_login_code"), reverse("account_confirm_login_code")

KNOWN = "maya@northwind-freight.example"
COLLEAGUE = "new@northwind-freight.example"  # unknown, of a known customer
FOREIGN = "first@rival.example"  # unknown, of another customer
STRANGER = "somebody@nowhere.example"
STAFF = "priya@larkfield.example"
BARRED = "left@northwind-freight.example"
FREE = "somebody@gmail.com"
MAILED = (KNOWN, COLLEAGUE, FOREIGN, STRANGER, STAFF)
EVERYBODY = (*MAILED, BARRED, FREE)


@pytest.fixture(autouse=True)
def world(maya: User, tam: User, make_user: Callable[..., User]) -> None:
    """Each test begins with nobody counted."""
    cache.clear()
    make_user(BARRED, is_active=False)
    rival = Account.objects.create(salesforce_id="001D00000RIVALSAA", name="R", refreshed_at=NOW)
    AccountDomain.objects.create(account=rival, domain="rival.example")


def blank(response: HttpResponse, address: str) -> tuple[int, list[Any], str]:
    """What a visitor can compare: status, redirects, and the page without tokens and address."""
    page = response.content.decode().replace(address, "ADDRESS")
    page = re.sub(r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "TOKEN", page)
    return response.status_code, getattr(response, "redirect_chain", []), page


def ask(address: str, client: Client | None = None) -> HttpResponse:
    return (client or Client()).post(ASK, {"email": address}, follow=True)


def all_alike(seen: dict[str, Any]) -> bool:
    return all(one == seen[KNOWN] for one in seen.values())


def test_asking_for_a_code_looks_the_same_for_everybody() -> None:
    seen = {address: blank(ask(address), address) for address in EVERYBODY}
    assert all_alike(seen)
    assert [message.to for message in mail.outbox] == [[address] for address in MAILED]


def test_the_mails_are_the_same_but_for_the_code() -> None:
    for address in MAILED:
        ask(address)
    texts = {re.sub(r"\b[A-Z0-9]{3,}-?[A-Z0-9]{3,}\b", "CODE", str(m.body)) for m in mail.outbox}
    assert len(texts) == 1
    assert len({message.subject for message in mail.outbox}) == 1


def test_entering_wrong_codes_until_the_end_looks_the_same_for_everybody() -> None:
    seen: dict[str, Any] = {}
    for address in EVERYBODY:
        client = Client()
        ask(address, client)
        tries = [client.post(ENTER, {"code": "WRONG1"}, follow=True) for _ in range(4)]
        seen[address] = [blank(one, address) for one in tries]
    assert all_alike(seen)


def test_asking_for_another_code_looks_the_same_for_everybody() -> None:
    seen: dict[str, Any] = {}
    for address in EVERYBODY:
        client = Client()
        ask(address, client)
        seen[address] = blank(client.post(ENTER, {"action": "resend"}, follow=True), address)
    assert all_alike(seen)
    assert {to for message in mail.outbox for to in message.to} == set(MAILED)


def test_asking_too_often_within_a_minute_looks_the_same_for_everybody() -> None:
    seen: dict[str, Any] = {}
    for address in EVERYBODY:
        cache.clear()
        seen[address] = [blank(ask(address), address) for _ in range(7)]
    assert all_alike(seen)
    assert "Too many" in seen[KNOWN][-1][2]


def test_asking_too_often_within_a_day_looks_the_same_for_everybody() -> None:
    seen: dict[str, Any] = {}
    for address in EVERYBODY:
        for _ in range(CODE.most["mailbox"]):
            cache.clear()
            ask(address)
        mail.outbox.clear()
        cache.clear()
        seen[address] = blank(ask(address), address)
        assert mail.outbox == []
    assert all_alike(seen)
    assert "A lot of codes were asked for this address" in seen[KNOWN][2]
    assert Attempt.objects.filter(kind=CODE.kind).count() == 20 * len(EVERYBODY)


def test_writing_an_address_otherwise_is_no_way_around_the_limit() -> None:
    spellings = (KNOWN, KNOWN.upper(), f" {KNOWN} ", KNOWN.title())
    for number in range(CODE.most["mailbox"]):
        cache.clear()
        ask(spellings[number % 4])
    cache.clear()
    assert "A lot of codes" in ask(KNOWN.upper()).content.decode()


def test_what_does_not_exist_looks_the_same_as_what_belongs_to_others(maya: User) -> None:
    """No page tells more of an address before somebody is signed in."""
    for address in ("/account/signup/", "/account/password/reset/", "/account/login/"):
        pages = {}
        for email in EVERYBODY:
            cache.clear()
            pages[email] = blank(Client().post(address, {"email": email}, follow=True), email)
        assert all_alike(pages)
    assert not User.objects.filter(email__in=[FREE]).exists()


def test_changing_to_an_address_of_somebody_else_looks_like_any_other(maya: User) -> None:
    seen = {}
    for address in (FOREIGN, STAFF, STRANGER, BARRED):
        cache.clear()
        client = Client()
        client.force_login(maya, backend="allauth.account.auth_backends.AuthenticationBackend")
        asked = client.post(reverse("account_email"), {"email": address, "action_add": ""})
        seen[address] = (asked.status_code, asked.headers.get("Location"))
    assert len(set(seen.values())) == 1


def test_who_has_not_proven_their_address_is_mailed_nothing_but_the_code(
    maya: User, submitter: User, account: Account, make_draft: Callable[..., SubmissionDraft]
) -> None:
    """However others name them: as a contact, as a colleague whom they expect."""
    Membership.objects.update(is_lead=True)
    ask(COLLEAGUE)
    mail.outbox.clear()
    for address in (COLLEAGUE, STRANGER, FREE):
        invite(account, address, by=maya, now=timezone.now())
        behalf = OnBehalf(account.pk, "Somebody", address, None, "", "", tell_contact=True)
        sent = submit(make_draft(on_behalf=behalf), by=submitter)
        follow(sent, user=maya, by=maya)
    for pk in find_due_followers(now=timezone.now()):
        with mail.get_connection() as connection:
            notify(Follower.objects.get(pk=pk), mail=connection, now=timezone.now())
    assert {to for message in mail.outbox for to in message.to} == {submitter.email}


@pytest.fixture
def slow_mail(settings: Settings) -> Iterator[SlowMailServer]:
    with run_slow_mail(takes=0.5) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        signals = (request_started, request_finished)
        for signal in signals:  # the test's own connection stays open, as for Django's client
            signal.disconnect(close_old_connections)
        yield server
        for signal in signals:
            signal.connect(close_old_connections)


def seconds_to_answer(address: str, settings: Settings) -> float:
    """Until the whole answer is out; what the process does afterwards is nobody's to see."""
    token = _get_new_csrf_string()
    posted = RequestFactory().post(ASK, {"email": address, "csrfmiddlewaretoken": token}).environ
    posted["HTTP_COOKIE"] = f"{settings.CSRF_COOKIE_NAME}={token}"
    started, statuses = time.perf_counter(), []
    answer = application(posted, lambda status, headers: statuses.append(status))
    b"".join(answer)
    took = time.perf_counter() - started
    answer.close()
    assert statuses == ["302 Found"]
    return took


def test_a_slow_mail_server_gives_nobody_away(
    slow_mail: SlowMailServer, settings: Settings
) -> None:
    quickest = {
        address: min(seconds_to_answer(address, settings) for _ in range(3))
        for address in EVERYBODY
    }
    assert set(slow_mail.addressed) == set(MAILED)
    assert max(quickest.values()) - min(quickest.values()) < slow_mail.takes / 2, quickest
