"""What the customer sees while something is away: a clear sentence or nothing, and nothing lost."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import CUSTOMER, SUBMITTER, Person
from portal.sandbox.client import Fault
from portal.sandbox.world import PLATFORM
from tests.journeys.conftest import OpenContext
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import sign_in
from tests.journeys.waiting import wait_until
from tests.journeys.writing import NEW, Written, fill_request, press_send, read_received

pytestmark = pytest.mark.xdist_group("journeys")

MACHINERY = re.compile(r"redis|broker|salesforce|error|exception|timeout", re.IGNORECASE)
QUICKLY = 20.0  # seconds for a page, on a busy machine; an outage would take longer
NEWCOMER = Person("Ida Quill", "ida.quill@quillon-harbour.example", "customer", "Quillon Harbour")


@pytest.fixture(autouse=True)
def all_is_well_again(running: RunningPortal) -> Iterator[None]:
    yield
    running.sandbox.clear_faults()


def send_about(page: Page, summary: str, issue_url: str = "") -> Written:
    """A request that names its issue, sent while something is away; quickly all the same."""
    page.goto(NEW)
    fill_request(page, summary)
    page.get_by_label("Links").fill(issue_url)
    started = time.monotonic()
    press_send(page)
    written = read_received(page)
    assert time.monotonic() - started < QUICKLY
    return written


def read_state(page: Page, written: Written) -> str:
    page.goto(written.address)
    assert not MACHINERY.search(page.locator("main").inner_text())
    return page.locator("header .state").inner_text()


def test_redis_away_at_the_moment_of_sending(
    customer: Page, open_context: OpenContext, running: RunningPortal
) -> None:
    running.broker.stop()
    try:
        written = send_about(customer, "Show the load of every trailer in one list")
        assert read_state(customer, written) == "Received"
        newcomer = open_context().new_page()  # signing in needs no broker either
        newcomer.goto("/account/login/")
        sign_in(newcomer, SUBMITTER, running.mailbox)
    finally:
        running.broker.start()
    wait_until(lambda: read_state(customer, written) == "Under review", "search result")
    wait_until(lambda: received_mails(running, written) == 1, "mail")


def received_mails(running: RunningPortal, written: Written) -> int:
    mails = running.mailbox.read(CUSTOMER.email)
    return sum(mail.subject.startswith(f"[{written.reference}] Received") for mail in mails)


TROUBLES = [
    Fault(fault="500", first=2),
    Fault(fault="429_text", first=1, parameters={"retry_after": 2}),
    Fault(fault="hang", first=1, parameters={"seconds": 3}),
]


def test_gitlab_fails_refuses_and_hangs_for_a_while(customer: Page, running: RunningPortal) -> None:
    """Three requests at once, each with its own trouble: each gets its one note afterwards."""
    sandbox = running.sandbox
    issues = [one for one in sandbox.issues(PLATFORM) if one["state"] == "opened"][5:8]
    since = sandbox.last_seq()
    for issue, trouble in zip(issues, TROUBLES, strict=True):
        path = rf"/issues/{issue['iid']}/notes$"
        sandbox.add_faults(replace(trouble, service="gitlab", method="POST", path=path))
    for number, issue in enumerate(issues):
        written = send_about(customer, f"Wish number {number} in bad weather", issue["web_url"])
        assert read_state(customer, written)
    for issue in issues:
        path = rf"/issues/{issue['iid']}/notes$"
        sandbox.wait_for(since, 60, phase="committed", method="POST", path=path)
    assert all(count["seen"] >= 2 for count in sandbox.fault_counts())
    for issue in issues:
        assert len(sandbox.notes(PLATFORM, issue["iid"], author="portal-bot")) == 1


def test_salesforce_away_for_somebody_new(
    open_context: OpenContext, running: RunningPortal
) -> None:
    """Nobody but Salesforce knows where she belongs."""
    running.sandbox.put_account(
        id18="001Lf00000QuillIAB",
        name=NEWCOMER.account,
        contacts=[{"id18": "003Lf00000QuillIAB", "name": NEWCOMER.name, "email": NEWCOMER.email}],
    )
    running.sandbox.add_faults(Fault("server_unavailable", "salesforce"))
    page = open_context().new_page()
    page.goto("/account/login/")
    sign_in(page, NEWCOMER, running.mailbox)
    since = running.sandbox.last_seq()
    written = send_about(page, "Book a berth for a barge from the map")
    expect(page.get_by_text("Your request is saved; we will link it.")).to_be_visible()
    running.sandbox.wait_for(since, service="salesforce", phase="answered")
    assert read_state(page, written) in {"Received", "Under review"}
    running.sandbox.clear_faults()
    wait_until(lambda: belongs(page), "account")
    page.goto(written.address)
    expect(page.get_by_text("We could not match your address")).to_have_count(0)


def belongs(page: Page) -> bool:
    page.goto(NEW)
    return page.get_by_text(f"your colleagues at {NEWCOMER.account}").count() == 1
