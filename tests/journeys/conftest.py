"""One running portal and real browsers that report every complaint of theirs."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from portal.demo.people import CUSTOMER, TAM, Person
from tests.journeys.complaints import Complaints
from tests.journeys.running_portal import RunningPortal, run_portal
from tests.journeys.signing_in import Sessions

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT = 60_000  # milliseconds; a starved machine is not a failure
OpenContext = Callable[..., BrowserContext]
OpenPage = Callable[[Person], Page]


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """The demo world's portal; tests share it, so each asks for something of its own."""
    folder: Path = tmp_path_factory.mktemp("portal")
    with run_portal(folder) as portal:
        yield portal
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def sessions(running: RunningPortal) -> Sessions:
    return Sessions(running.mailbox)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A module's own: the driver's loop must not run under tests that use the database."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("PORTAL_REQUIRE_SERVICES") == "1":
            pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
        pytest.skip(f"Journeys need a browser, and {CHROMIUM} is missing.")
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test at its end if a browser complained of anything that was not expected."""
    found = Complaints()
    yield found
    assert found.unexpected() == []


@pytest.fixture
def open_context(
    chromium: Browser, running: RunningPortal, complaints: Complaints
) -> Iterator[OpenContext]:
    """Make a watched browser context; options are playwright's."""
    opened = []

    def open_one(**options: Any) -> BrowserContext:
        usual = {"base_url": running.site, "reduced_motion": "reduce"}
        context = chromium.new_context(**{**usual, **options})
        context.set_default_timeout(TIMEOUT)
        complaints.watch(context)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def open_page(open_context: OpenContext, sessions: Sessions) -> OpenPage:
    """Make a page on which somebody is signed in already."""

    return lambda person: sessions.open_page(person, open_context)


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """Nobody is signed in."""
    return open_context().new_page()


@pytest.fixture
def customer(open_page: OpenPage) -> Page:
    return open_page(CUSTOMER)


@pytest.fixture
def tam(open_page: OpenPage) -> Page:
    return open_page(TAM)
