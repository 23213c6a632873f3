"""Passkeys in a real browser, whose authenticator is the browser's own virtual one."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.fixtures import Settings

from portal.models import User
from tests.portal.signing_in import make_known, read_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def uncounted(transactional_db: None) -> None:
    """Each test begins with nobody counted."""
    cache.clear()


FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def site(live_server: Any) -> str:
    """A passkey is tied to a name; an address in numbers has none."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def page(
    site: str, complaints: list[str], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[Page]:
    """Nobody is signed in; the device can hold passkeys."""
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_context(base_url=site).new_page()
        page.set_default_timeout(60_000)  # milliseconds; the machine may be busy
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        yield page
        browser.close()


def plug_in(page: Page, **differing: Any) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | differing})


def let_in(page: Page, site: str, person: User) -> None:
    """As if they had just signed in by code."""
    client = Client()
    client.force_login(person)
    make_known(client, person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])


def add_passkey(page: Page, site: str, person: User) -> None:
    let_in(page, site, person)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Name").fill("My laptop")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()


def test_a_passkey_signs_in_without_a_code(page: Page, site: str, maya: User) -> None:
    plug_in(page)
    add_passkey(page, site, maya)
    assert Authenticator.objects.get(type="webauthn").user == maya
    mail.outbox.clear()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert mail.outbox == []


def test_staff_are_in_with_a_passkey_alone(
    page: Page, site: str, tam: User, settings: Settings
) -> None:
    settings.STAFF_SIGN_IN = "strong"
    plug_in(page)
    add_passkey(page, site, tam)
    page.goto(f"{reverse('account_login')}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    answer = page.goto(reverse("admin:index"))
    assert answer
    assert answer.status == 200
    assert page.url.endswith(reverse("admin:index"))


def test_a_passkey_is_the_second_step_after_a_code(page: Page, site: str, maya: User) -> None:
    plug_in(page)
    add_passkey(page, site, maya)
    page.goto(reverse("account_login"))
    page.get_by_label("Work e-mail address").fill(maya.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("textbox", name="Code").fill(read_code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_device_without_a_passkey_is_told_in_words(page: Page) -> None:
    plug_in(page)
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Use a passkey").click()
    said = page.get_by_text("Your browser did not finish with the passkey")
    expect(said).to_be_visible()
    expect(page.get_by_role("button", name="Send me a code")).to_be_visible()
