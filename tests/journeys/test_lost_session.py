"""Nothing typed is lost: sessions that end, forms grown stale, the back button, a double click."""

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import CUSTOMER, SUBMITTER
from tests.journeys.complaints import Complaints
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import Sessions, sign_in
from tests.journeys.writing import (
    NEW,
    PROBLEM,
    count_mine,
    fill_request,
    press_send,
    read_received,
    send_request,
)

pytestmark = pytest.mark.xdist_group("journeys")

PICTURE = {
    "name": "screen.png",
    "mimeType": "image/png",
    "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64),
}


def test_signed_out_between_typing_and_sending(customer: Page, running: RunningPortal) -> None:
    summary = "Show a driver's working hours beside the tour"
    customer.goto(NEW)
    fill_request(customer, summary)
    customer.locator("input[type=file]").set_input_files([PICTURE])
    customer.context.clear_cookies(name="session")
    press_send(customer)
    expect(customer.get_by_text("Your text is kept: sign in to go on.")).to_be_visible()
    sign_in(customer, CUSTOMER, running.mailbox)
    expect(customer.get_by_role("heading", name="Ask for a change")).to_be_visible()
    expect(customer.get_by_label("What do you need to do?")).to_have_value(summary)
    expect(customer.get_by_label("What stops you today?")).to_have_value(PROBLEM)
    expect(customer.get_by_label("Nice to have")).to_be_checked()
    expect(customer.get_by_text("Please choose your files again")).to_be_visible()
    expect(customer.get_by_text("screen.png")).to_be_visible()
    press_send(customer)
    read_received(customer)
    assert count_mine(customer, summary) == 1
    customer.goto(NEW)
    expect(customer.get_by_label("What do you need to do?")).to_have_value("")


def test_another_person_never_gets_what_was_kept(
    customer: Page, open_page: OpenPage, running: RunningPortal
) -> None:
    """The kept text belongs to the browser it was typed in."""
    customer.goto(NEW)
    fill_request(customer, "Warn before two tours share one trailer")
    customer.context.clear_cookies(name="session")
    press_send(customer)
    expect(customer.get_by_text("Your text is kept")).to_be_visible()
    other = open_page(SUBMITTER)
    other.goto(NEW)
    expect(other.get_by_label("What do you need to do?")).to_have_value("")


def test_a_form_whose_proof_is_gone(customer: Page, complaints: Complaints) -> None:
    complaints.expect("status of 403")  # the browser notes the answer to the stale form
    summary = "Fold the list of stops on small screens"
    customer.goto(NEW)
    fill_request(customer, summary)
    customer.context.clear_cookies(name="csrf")
    press_send(customer)
    expect(customer.get_by_text("Please press Send once more.")).to_be_visible()
    expect(customer.get_by_label("What do you need to do?")).to_have_value(summary)
    expect(customer.get_by_label("What stops you today?")).to_have_value(PROBLEM)
    expect(customer.get_by_label("Keep what we have")).to_be_checked()
    press_send(customer)
    read_received(customer)
    assert count_mine(customer, summary) == 1


def test_back_after_sending_makes_no_second_request(customer: Page) -> None:
    """Browsers bring back what was typed; pressing Send again is the same form again."""
    summary = "Sort the list of depots by distance"
    send_request(customer, summary)
    customer.go_back()
    expect(customer.get_by_label("What stops you today?")).to_have_value(PROBLEM)
    with customer.expect_navigation():
        press_send(customer)
    assert count_mine(customer, summary) == 1


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_a_double_click_is_one_request(
    has_script: bool, open_context: OpenContext, sessions: Sessions
) -> None:
    page = sessions.open_page(
        CUSTOMER, lambda **options: open_context(java_script_enabled=has_script, **options)
    )
    summary = f"Lock a tour once it is loaded ({has_script})"
    page.goto(NEW)
    fill_request(page, summary)
    page.get_by_role("button", name="Send request").dblclick()
    read_received(page)
    assert count_mine(page, summary) == 1
