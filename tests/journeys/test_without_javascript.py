"""Everything works in a browser that runs no script."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import CUSTOMER
from portal.demo.story import PROBLEM, WORLD_TARGET
from tests.journeys.conftest import OpenContext
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import Sessions, sign_in
from tests.journeys.writing import NEW, field_of, fill_request, press_send, read_received

pytestmark = pytest.mark.xdist_group("journeys")

SUMMARY = "Let only named approvers pass changes to our payment folders"


@pytest.fixture
def plain(open_context: OpenContext, sessions: Sessions) -> Page:
    """The customer, signed in, without scripts."""
    return sessions.open_page(
        CUSTOMER, lambda **options: open_context(java_script_enabled=False, **options)
    )


def test_signing_in(open_context: OpenContext, running: RunningPortal) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(NEW)
    sign_in(page, CUSTOMER, running.mailbox)
    expect(page.get_by_role("heading", name="Ask for a change")).to_be_visible()


def test_the_form_and_the_similar_requests_after_sending(plain: Page) -> None:
    plain.goto(NEW)
    fill_request(plain, SUMMARY, PROBLEM)
    plain.get_by_label("Blocker").check()
    plain.get_by_label("What is blocked, and since when?").fill("The move of billing, since May.")
    plain.get_by_label("Roughly how many people would use it?").fill("40")
    plain.get_by_label("Links").fill("https://example.com/wishes/7")
    press_send(plain)
    written = read_received(plain)
    offered = plain.get_by_role("region", name="Is it one of these?")
    expect(offered.get_by_role("heading", name=WORLD_TARGET)).to_be_visible()
    offered.get_by_role("button", name=f"This is my request : {WORLD_TARGET}").click()
    expect(plain).to_have_url(written.address)
    expect(plain.locator("header .state")).to_have_text("Joined with another request")


def test_what_is_wrong_stands_beside_its_field_and_the_text_stays(plain: Page) -> None:
    plain.goto(NEW)
    fill_request(plain, "Too short", PROBLEM)
    plain.get_by_label("We may leave or shrink").check()
    press_send(plain)
    summary = field_of(plain, "What do you need to do?")
    expect(summary.locator(".error")).to_have_text(
        "Please use at least 10 characters so others can recognise it."
    )
    expect(summary.get_by_role("textbox")).to_have_value("Too short")
    expect(field_of(plain, "By when must you decide?").locator(".error")).to_be_visible()
    expect(plain.get_by_label("What stops you today?")).to_have_value(PROBLEM)
    expect(plain.get_by_label("We may leave or shrink")).to_be_checked()
    expect(plain.get_by_label("Keep what we have")).to_be_checked()


def test_a_draft_is_saved_and_found_again(plain: Page) -> None:
    plain.goto(NEW)
    fill_request(plain, "Print the shift plan on one page", PROBLEM)
    plain.get_by_role("button", name="Save draft").click()
    expect(plain.get_by_role("status")).to_contain_text("Your draft is saved.")
    plain.goto(NEW)
    expect(plain.get_by_label("What do you need to do?")).to_have_value(
        "Print the shift plan on one page"
    )
    expect(plain.get_by_label("Nice to have")).to_be_checked()
    plain.get_by_role("button", name="Start with an empty form").click()
    expect(plain.get_by_label("What do you need to do?")).to_have_value("")
