"""Every page of the staff side in a real browser, under the site's own content policy."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from intake.models import CrosswalkVersion, CustomerLink, Event, Issue, Submission
from portal.models import Account, Membership, Opportunity, Role, User
from scoring.models import PublishedLabels
from tests.intake.triage_desk import QUEUE, add_candidate, add_request, page_of

pytestmark = pytest.mark.django_db(transaction=True)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser reports: console errors, page errors, breaches of the policy."""
    return []


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> User:
    return make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)


@pytest.fixture
def page(
    live_server: Any,
    administrator: User,
    complaints: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """A browser in which an administrator is signed in."""
    client = Client()
    client.force_login(administrator)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = browser.new_context(base_url=live_server.url)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        context.set_default_timeout(60_000)  # milliseconds; the machine may be busy
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        yield page
        browser.close()


@pytest.fixture
def request_(
    maya: User, account: Account, make_issue: Callable[..., Issue], db: None
) -> Submission:
    """One waiting request, and a row of everything else."""
    if not CrosswalkVersion.objects.exists():  # emptied by an earlier test of this kind
        row = {"points": 1, "severity": "P2", "value": 1, "pilot_urgency": 1}
        CrosswalkVersion.objects.create(
            number=1,
            table=dict.fromkeys(("nice_to_have", "important", "blocker", "churn_risk"), row),
            created_at=timezone.now(),
        )
    issue = make_issue("Approval rules for one folder", iid=77)
    CustomerLink.objects.create(issue=make_issue(), account=account, note_state="posted", note_id=1)
    Opportunity.objects.create(
        salesforce_id="006A", account=account, name="Second plant", refreshed_at=timezone.now()
    )
    PublishedLabels.objects.create(issue=issue, labels=["customer-intent::retain"])
    request = add_request(maya, intent="both")
    add_candidate(request, issue)
    Event.objects.create(submission=request, kind="received", at=timezone.now(), actor=maya)
    return request


def list_addresses(page: Page) -> set[str]:
    """The staff side's own links on the page, without their queries."""
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    local = {re.split(r"[?#]", href)[0] for href in hrefs}
    return {href for href in local if href.startswith("/admin/")}


def test_no_page_of_the_staff_side_breaks_the_content_policy(
    page: Page, request_: Submission, complaints: list[str]
) -> None:
    seen: set[str] = set()
    waiting = {reverse("admin:index")}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        assert answer.status == 200, address
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        waiting |= list_addresses(page) - seen
    assert complaints == []
    assert page_of(request_) in seen
    assert reverse("admin:operations") in seen
    assert reverse("admin:portal_account_change", args=[request_.account_id]) in seen


def test_one_key_is_one_act(page: Page, request_: Submission, complaints: list[str]) -> None:
    page.goto(QUEUE)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert "Joined with #77" in page.inner_text(".messagelist")
    page.goto(page_of(request_))
    with page.expect_navigation():
        page.keyboard.press("u")
    assert "open again" in page.inner_text(".messagelist")
    page.keyboard.press("p")
    page.keyboard.type("just now")  # no letter of it is a command
    assert page.input_value("#id_decline_text") == "just now"
    request_.refresh_from_db()
    assert request_.decision == "pending"
    assert complaints == []


def test_a_member_is_looked_up_while_typing(
    page: Page, request_: Submission, make_user: Callable[..., User], complaints: list[str]
) -> None:
    otto = make_user("otto@elsewhere.example", name="Otto Weiss")
    page.goto(reverse("admin:portal_membership_add"))
    for place, (typed, found) in enumerate(
        [("otto", "Otto Weiss"), ("north", "Northwind Freight")]
    ):
        page.locator(".select2-selection").nth(place).click()
        page.keyboard.type(typed)
        page.locator(".select2-results__option", has_text=found).click()
    with page.expect_navigation():
        page.locator("input[name=_save]").click()
    assert Membership.objects.filter(user=otto, account=request_.account).exists()
    assert complaints == []
