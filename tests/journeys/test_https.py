"""The site over https: cookies that leave no doubt, and one request sent through it."""

import pytest
from playwright.sync_api import expect

from portal.demo.people import CUSTOMER
from tests.journeys.conftest import OpenContext
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import sign_in
from tests.journeys.waiting import wait_until
from tests.journeys.writing import NEW, fill_request, press_send, read_received

pytestmark = pytest.mark.xdist_group("journeys")

A_YEAR = 365 * 24 * 3600


def test_signing_in_and_sending_over_https(
    open_context: OpenContext, running: RunningPortal
) -> None:
    site = running.start_https()
    context = open_context(base_url=site, ignore_https_errors=True)
    page = context.new_page()
    answer = page.goto(NEW)
    assert answer
    hsts = answer.headers["strict-transport-security"]
    assert f"max-age={A_YEAR}" in hsts
    assert "includeSubDomains" in hsts
    sign_in(page, CUSTOMER, running.mailbox)
    fill_request(page, "Send the tour to the driver's phone")
    press_send(page)
    written = read_received(page)
    assert written.address.startswith(f"{site}/requests/")
    cookies = {one["name"]: one for one in context.cookies()}
    assert cookies.keys() >= {"__Host-session", "__Host-csrf"}
    for cookie in cookies.values():
        assert cookie["name"].startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert cookie["path"] == "/"
    state = page.locator("header .state")
    page.goto(written.address)
    wait_until(lambda: page.reload() and state.inner_text() == "Under review", "search result")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_text_of_an_ended_session_is_kept_in_a_secure_cookie(
    open_context: OpenContext, running: RunningPortal
) -> None:
    site = running.start_https()
    context = open_context(base_url=site, ignore_https_errors=True)
    page = context.new_page()
    page.goto(NEW)
    sign_in(page, CUSTOMER, running.mailbox)
    fill_request(page, "Weigh the trailer at the gate")
    context.clear_cookies(name="__Host-session")
    press_send(page)
    expect(page.get_by_text("Your text is kept: sign in to go on.")).to_be_visible()
    kept = next(one for one in context.cookies() if one["name"] == "__Host-draft")
    assert kept["secure"]
    assert kept["httpOnly"]
