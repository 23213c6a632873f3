"""A customer's first request, all the way, with the keyboard alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import CUSTOMER, TAM, Person
from portal.demo.story import PROBLEM, WORKAROUND, WORLD_TARGET
from portal.sandbox.world import PLATFORM
from tests.journeys.keyboard import Keyboard
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import NewestCode
from tests.journeys.waiting import wait_until
from tests.journeys.writing import read_received

pytestmark = pytest.mark.xdist_group("journeys")

SUMMARY = "Let only named approvers pass changes to payment folders"
DETAIL = "The move of billing into the shared repository waits for this since September."


def test_a_request_travels_the_whole_way(
    page: Page, open_page: Callable[[Person], Page], running: RunningPortal
) -> None:
    issue = next(one for one in running.sandbox.issues(PLATFORM) if one["title"] == WORLD_TARGET)
    sign_in_by_keyboard(page, running)
    write_by_keyboard(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    written = read_received(page)
    assert_promise(page)
    wait_until(
        lambda: any(
            mail.subject.startswith(f"[{written.reference}] Received")
            for mail in running.mailbox.read(CUSTOMER.email)
        ),
        "mail that it arrived",
    )

    join_by_keyboard(open_page(TAM), written.reference)
    notes = wait_until(
        lambda: running.sandbox.notes(PLATFORM, issue["iid"], author="portal-bot"), "note"
    )
    assert len(notes) == 1
    assert notes[0]["internal"]
    assert "001Lf000008FMPcIAO" in notes[0]["body"]

    page.goto(written.address)
    expect(page.locator("header .state")).to_have_text("Joined with another request")
    mails = wait_until(
        lambda: [
            mail
            for mail in running.mailbox.read(CUSTOMER.email)
            if mail.subject.startswith(f"[{written.reference}] Joined")
        ],
        "mail about the decision",
    )
    assert len(mails) == 1
    assert written.address in mails[0].text
    about = [
        one for one in running.mailbox.read(CUSTOMER.email) if written.reference in one.subject
    ]
    assert len(about) == 2  # that it arrived, and that it was joined
    assert running.sandbox.notes(PLATFORM, issue["iid"], author="portal-bot") == notes


def sign_in_by_keyboard(page: Page, running: RunningPortal) -> None:
    """With the address of a page that needs it; it leads back there."""
    newest = NewestCode(running.mailbox, CUSTOMER)
    page.goto("/requests/new/")
    keyboard = Keyboard(page)
    keyboard.go_to("textbox", "Work e-mail address").type(CUSTOMER.email)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keyboard.go_to("textbox", "Code").type(newest.read())
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask for a change")).to_be_visible()


def write_by_keyboard(page: Page) -> None:
    """Leaves the focus on Send."""
    keyboard = Keyboard(page)
    keyboard.go_to("link", "Skip to the content").press("Enter")
    keyboard.go_to("radio", "I need something the product does not do").press("Space")
    keyboard.go_to("textbox", "What do you need to do?").type(SUMMARY)
    expect(page.locator("#similar h3", has_text=WORLD_TARGET)).to_be_visible()  # still writing
    keyboard.go_to("textbox", "What stops you today?").type(PROBLEM)
    keyboard.go_to("textbox", "How do you cope now?").type(WORKAROUND)
    keyboard.go_to("radio", "Nice to have").press("Space", "ArrowDown")
    expect(page.get_by_role("radio", name="Blocker")).to_be_checked()
    keyboard.go_to("textbox", "What is blocked, and since when?").type(DETAIL)
    keyboard.go_to("radio", "Keep what we have").press("Space")
    keyboard.go_to("textbox", "Roughly how many people would use it?").type("40")
    keyboard.go_to("combobox", "Part of the product").type("Code review")
    keyboard.go_to("checkbox", "Tomas Okafor")
    keyboard.go_to("button", "Send request")
    keyboard.assert_sensible()
    keyboard.go_back_to("combobox", "Part of the product")
    keyboard.go_to("button", "Send request")


def assert_promise(page: Page) -> None:
    """The confirmation names the day by which a person answers: a working day soon to come."""
    step = page.locator("li", has_text="A person answers")
    stamp = step.locator("time").get_attribute("datetime") or ""
    days = (datetime.fromisoformat(stamp) - datetime.now(UTC)).total_seconds() / 86_400
    assert 0 < days < 5
    assert datetime.fromisoformat(stamp).weekday() < 5


def join_by_keyboard(page: Page, reference: str) -> None:
    """From the queue to the request, and one key to join it with the best candidate."""
    page.goto("/admin/intake/submission/")
    keyboard = Keyboard(page)
    keyboard.reach(page.locator("tr", has_text=reference).get_by_role("link", name=SUMMARY))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("article.candidate").first).to_contain_text(WORLD_TARGET)
    with page.expect_navigation():
        page.keyboard.press("j")
    expect(page.locator(".messagelist")).to_contain_text(re.compile(rf"{reference}: Joined with #"))


def test_a_field_keeps_its_place_when_suggestions_arrive(customer: Page) -> None:
    customer.goto("/requests/new/")
    customer.get_by_label("What do you need to do?").fill(SUMMARY)
    problem = customer.get_by_label("What stops you today?")
    problem.focus()
    before = problem.bounding_box()
    expect(customer.locator("#similar h3").first).to_be_visible()
    after = problem.bounding_box()
    assert before
    assert after
    expect(customer.locator("#similar")).to_have_attribute("aria-live", "polite")
    assert after["y"] == pytest.approx(before["y"], abs=2)
    expect(problem).to_be_focused()


def test_a_choice_among_suggestions_keeps_the_focus(customer: Page) -> None:
    """They are looked for again when the text goes on changing."""
    customer.goto("/requests/new/")
    customer.get_by_label("What do you need to do?").fill(SUMMARY)
    choice = customer.get_by_label(f"This is my request: {WORLD_TARGET}")
    with customer.expect_response("**/requests/similar/"):
        customer.get_by_label("What stops you today?").fill(PROBLEM)
        choice.check()
    expect(choice).to_be_checked()
    expect(choice).to_be_focused()
