"""Filling in the request form, and finding what became of it."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

NEW = "/requests/new/"
PROBLEM = (
    "Every Monday two of our planners copy figures from one screen to another, by hand. "
    "It takes half a morning, and last month a wrong figure reached a customer."
)


@dataclass(frozen=True, slots=True)
class Written:
    """A request that was sent: `address` is its status page."""

    reference: str
    address: str


def fill_request(page: Page, summary: str, problem: str = PROBLEM) -> None:
    """A complete, valid request on the open form."""
    page.get_by_label("I need something the product does not do").check()
    page.get_by_label("What do you need to do?").fill(summary)
    page.get_by_label("What stops you today?").fill(problem)
    page.get_by_label("Nice to have").check()
    page.get_by_label("Keep what we have").check()


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Send request").click()


def read_received(page: Page) -> Written:
    """On the confirmation, which has to be there."""
    expect(page).to_have_url(re.compile(r"/received/(#\w+)?$"))
    reference = page.locator("h1 .big-code").inner_text()
    assert re.fullmatch(r"R-[0-9A-Z]{6}", reference)
    return Written(reference, page.url.partition("received/")[0])


def send_request(page: Page, summary: str, problem: str = PROBLEM) -> Written:
    page.goto(NEW)
    fill_request(page, summary, problem)
    press_send(page)
    return read_received(page)


def count_mine(page: Page, summary: str) -> int:
    """How many of the reader's own requests say this."""
    page.goto(f"/?{urlencode({'text': summary})}")
    return page.get_by_role("link", name=summary, exact=True).count()


def field_of(page: Page, label: str) -> Locator:
    """The block of one field: its label, help, error and control."""
    return page.locator(".field", has=page.locator("label, legend", has_text=label)).last
