"""The list, the Top 10 and the themes in a real browser: its policy, its keyboard, its widths."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from intake.models import CrosswalkVersion
from portal.models import Role, User
from tests.journeys.page_rules import find_faults
from tests.scoring.score_rows import add_score
from tests.scoring.store import NOW, add_account, add_issue, add_link

pytestmark = pytest.mark.django_db(transaction=True)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LIST, TOP, THEMES = (reverse(f"scoring:{name}") for name in ("issues", "top", "themes"))
LONG = "Let only the named owners of a folder approve what changes in it, everywhere at once"
WIDTHS = (320, 700, 1024, 1600)


@pytest.fixture
def context(
    live_server: Any, make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> Iterator[BrowserContext]:
    """A product manager's browser, and a few issues to look at."""
    if not CrosswalkVersion.objects.exists():  # emptied by an earlier test of this kind
        CrosswalkVersion.objects.create(number=1, table={}, created_at=NOW)
    add_issues()
    client = Client()
    client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
    name = settings.SESSION_COOKIE_NAME
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = browser.new_context(base_url=live_server.url)
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        context.set_default_timeout(60_000)  # milliseconds; the machine may be busy
        yield context
        browser.close()


def add_issues() -> None:
    warnings = [{"kind": "renewal date missing"}, {"kind": "one account above 50 %"}]
    gap = {"mean": "2.5", "worst": "4", "ranks": {"p0_share": "2.5"}}
    for rank in range(1, 28):
        issue = add_issue(LONG, weight=13, milestone="18.3", milestone_due_on=date(2027, 1, 21))
        add_link(issue, add_account(health="red"))
        add_score(
            issue, rank, retention=123_456_789, growth=12_345_678, priority=987_654_321,
            linked_arr=987_654_321, impacted_arr=987_654_321, seats=123_456, group="code review",
            type="feature", themes=["enterprise scale"], warnings=warnings, gap=gap,
            gap_place=rank if rank < 16 else None,
        )  # fmt: skip
    add_score("Lacks a weight", None)


def open_page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    return page


def test_pages_keep_to_the_rules_at_every_width(context: BrowserContext) -> None:
    faults: list[str] = []
    page = open_page(context, faults)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for address in (LIST, f"{LIST}?health=red&sort=-growth", TOP, THEMES):
            page.goto(address)
            faults += [f"{address} at {width}: {fault}" for fault in find_faults(page)]
    assert faults == []


def test_filters_work_by_keyboard_alone(context: BrowserContext) -> None:
    page = open_page(context, [])
    page.goto(LIST)
    page.get_by_label("Title, #number or address").focus()
    page.keyboard.type("lacks")
    page.keyboard.press("Enter")
    page.wait_for_url("**?text=lacks")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text("Words: lacks").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(25)


def test_who_asks_opens_and_stays_open_while_it_filters(context: BrowserContext) -> None:
    page = open_page(context, [])
    page.goto(LIST)
    expect(page.get_by_label("Health")).to_be_hidden()
    page.locator("summary", has_text="Who asks for it").press("Enter")
    page.get_by_label("Health").select_option("red")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**?health=red")
    expect(page.get_by_label("Health")).to_have_value("red")
    expect(page.get_by_label("Health")).to_be_visible()


def test_heads_sort_where_there_is_room_and_a_menu_where_there_is_none(
    context: BrowserContext,
) -> None:
    page = open_page(context, [])
    page.set_viewport_size({"width": 1600, "height": 800})
    page.goto(LIST)
    expect(page.get_by_label("Sorted by")).to_be_hidden()
    page.get_by_role("link", name="Linked ARR").click()
    expect(page.locator("th", has_text="Linked ARR")).to_have_attribute("aria-sort", "descending")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.get_by_role("link", name="Linked ARR")).to_be_hidden()
    page.get_by_label("Sorted by").select_option("Accounts")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**?sort=-accounts")


def test_a_wide_table_scrolls_by_keyboard_in_its_own_region(context: BrowserContext) -> None:
    page = open_page(context, [])
    page.set_viewport_size({"width": 900, "height": 800})
    page.goto(LIST)
    region = page.get_by_role("region", name="Issues, scrolls sideways")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.figures').scrollLeft > 0")
