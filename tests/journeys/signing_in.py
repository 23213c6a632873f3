"""Signing in by mailed code, and sessions for tests that are about something else."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from portal.demo.mailbox import Mailbox
from portal.demo.people import Person
from tests.journeys.waiting import wait_until


class NewestCode:
    """The code a person is sent after this was made."""

    def __init__(self, mailbox: Mailbox, person: Person) -> None:
        self._mailbox, self._person = mailbox, person
        self._before = len(mailbox.read(person.email))

    def read(self) -> str:
        return wait_until(self._find, f"code for {self._person.email}")

    def _find(self) -> str:
        mails = self._mailbox.read(self._person.email)[self._before :]
        return next((mail.code for mail in mails if mail.code), "")


def sign_in(page: Page, person: Person, mailbox: Mailbox) -> None:
    """From the sign-in page to wherever it leads."""
    newest = NewestCode(mailbox, person)
    page.get_by_label("Work e-mail address").fill(person.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("textbox", name="Code").fill(newest.read())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


class Sessions:
    """One session a person: signed in when it is first asked for, then kept."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._states: dict[str, Any] = {}

    def open_page(self, person: Person, open_context: Callable[..., BrowserContext]) -> Page:
        known = self._states.get(person.email)
        page = open_context(**({"storage_state": known} if known else {})).new_page()
        if not known:
            page.goto("/account/login/")
            sign_in(page, person, self._mailbox)
            self._states[person.email] = page.context.storage_state()
        return page
