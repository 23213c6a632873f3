"""Customers write in their own words, and the page shows the issue that asks for the same.

By words alone none of the five has its issue among the first three.
"""

from html import unescape

import pytest
from playwright.sync_api import Page, expect

from intake.matching.voices import Voice
from portal.demo.people import CUSTOMER
from portal.sandbox.world import PLATFORM
from tests.intake.matching.demo_world import load_voices
from tests.journeys.conftest import OpenContext
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import Sessions
from tests.journeys.waiting import wait_until
from tests.journeys.writing import NEW, fill_request, press_send, read_received

pytestmark = pytest.mark.xdist_group("journeys")

SHOWN = 3
IDS = ("own-16", "own-19", "own-35", "own-42", "own-48")
VOICES = {voice.id: voice for voice in load_voices()}


@pytest.fixture(params=IDS)
def voice(request: pytest.FixtureRequest) -> Voice:
    return VOICES[request.param]


@pytest.fixture
def wanted(running: RunningPortal, voice: Voice) -> str:
    """The title of the issue that answers."""
    number = int((voice.target or "").rpartition("#")[2])
    return str(running.sandbox.issue(PLATFORM, number)["title"])


def test_the_issue_is_shown_while_writing(customer: Page, voice: Voice, wanted: str) -> None:
    shown = wait_until(
        lambda: _find_shown(customer, voice, wanted), f"suggestion “{wanted}” for {voice.id}"
    )
    assert len(shown) <= SHOWN


def test_the_issue_is_offered_after_sending_without_scripts(
    open_context: OpenContext, sessions: Sessions, voice: Voice, wanted: str
) -> None:
    plain = sessions.open_page(
        CUSTOMER, lambda **options: open_context(java_script_enabled=False, **options)
    )
    plain.goto(NEW)
    fill_request(plain, voice.title, voice.problem)
    plain.get_by_label("How do you cope now?").fill(voice.current_solution)
    press_send(plain)
    read_received(plain)
    offered = plain.get_by_role("region", name="Is it one of these?").get_by_role("heading")
    expect(offered.filter(has_text=wanted)).to_be_visible()


def _find_shown(page: Page, voice: Voice, wanted: str) -> list[str]:
    """What is suggested, if the wanted is in it: the worker may still be reading the issues."""
    page.goto(NEW)
    page.get_by_label("What do you need to do?").fill(voice.title)
    with page.expect_response("**/requests/similar/") as answer:
        page.get_by_label("What stops you today?").fill(voice.problem)
    if wanted not in unescape(answer.value.text()):
        return []
    suggested = page.locator("#similar h3")
    expect(suggested.filter(has_text=wanted)).to_be_visible()
    return suggested.all_inner_texts()
