"""Who may enter, and from when until when: told in browsers, with real mail and a worker."""

import base64
import hmac
import re
import time
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import ADMINISTRATOR, COLLEAGUE, SUBMITTER, Person
from tests.journeys.complaints import Complaints
from tests.journeys.conftest import OpenContext, OpenPage
from tests.journeys.running_portal import RunningPortal
from tests.journeys.signing_in import NewestCode, sign_in
from tests.journeys.waiting import wait_until
from tests.journeys.writing import NEW, fill_request, press_send, read_received, send_request

pytestmark = pytest.mark.xdist_group("journeys")

SIGN_IN = "/account/login/"
PERIOD = 30  # seconds that a code of the app holds
# At a domain that staff know; Salesforce knows neither of them.
FIRST = Person("", "rosa.marin@saltmere-fisheries.example", "customer", "Saltmere Fisheries")
SECOND = Person("", "yann.legall@saltmere-fisheries.example", "customer", "Saltmere Fisheries")
# Salesforce knows her, at another account than the one that invites her.
ADVISER = Person(
    "", "ingrid.solheim@orrinvale-shipping.example", "customer", "Orrin and Vale Shipping"
)
FREELANCER = Person("", "lina.okoye@gmx.net", "customer", "Northwind Freight")
TEMP = Person("", "kim.dorsey@gmx.net", "customer", "Northwind Freight")
MANAGER = Person("Lena Ortiz", "lena.ortiz@larkfield.example", "product_manager")

Enter = Callable[[Person], Page]


@pytest.fixture
def enter(open_context: OpenContext, running: RunningPortal) -> Enter:
    """Somebody comes to the site for the first time and signs in."""

    def come(person: Person) -> Page:
        page = open_context().new_page()
        page.goto(SIGN_IN)
        sign_in(page, person, running.mailbox)
        return page

    return come


@pytest.fixture
def submitter(open_page: OpenPage) -> Page:
    return open_page(SUBMITTER)


@pytest.fixture
def lead(open_page: OpenPage, tam: Page) -> Page:
    """Tomas of Northwind Freight, whom the TAM has named as lead."""
    page = open_page(COLLEAGUE)
    page.goto("/colleagues/")
    if not page.get_by_role("button", name="Invite", exact=True).count():
        act_on_membership(tam, COLLEAGUE, "Name as lead: sees, invites and removes")
    return page


def act_on_membership(staff: Page, person: Person, act: str) -> None:
    """From the admin's list of memberships, on the one row of this person."""
    staff.goto(f"/admin/portal/membership/?q={person.email}")
    staff.locator("#result_list tbody tr").get_by_role("checkbox").check()
    staff.locator("select[name=action]").select_option(label=act)
    staff.get_by_role("button", name="Go").click()
    expect(staff.locator(".messagelist .success")).to_be_visible()


def invite(lead: Page, person: Person) -> None:
    lead.goto("/colleagues/")
    lead.get_by_label("E-mail address").fill(person.email)
    lead.get_by_role("button", name="Invite", exact=True).click()
    expect(lead.get_by_text(person.email).first).to_be_visible()


def send_for(staff: Page, account: str, summary: str) -> str:
    """The address of a request that staff send for a customer."""
    staff.goto("/requests/new/on-behalf/")
    staff.get_by_role("textbox", name="Account").fill(account)
    staff.get_by_role("button", name="Find").click()
    fill_request(staff, summary)
    staff.get_by_label(account).check()
    staff.get_by_label("Tell the contact").uncheck()
    press_send(staff)
    return read_received(staff).address


def read_status(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer
    return answer.status


def test_the_first_of_a_domain_waits_for_the_tam(
    enter: Enter, submitter: Page, tam: Page, complaints: Complaints
) -> None:
    complaints.expect("status of 404")  # before they belong anywhere, nothing is there
    theirs = send_for(submitter, FIRST.account, "Print the catch report on one page")
    first = enter(FIRST)
    assert read_status(first, theirs) == 404
    act_on_membership(tam, FIRST, "They belong to the account")
    assert read_status(first, theirs) == 200
    own = send_request(first, "Weigh the catch without typing the number").address
    assert read_status(enter(SECOND), own) == 200  # nobody has to ask a second time


def test_a_colleague_with_an_address_of_their_own_comes_in_by_invitation(
    lead: Page, enter: Enter, open_context: OpenContext, running: RunningPortal
) -> None:
    written = send_request(lead, "Hand a tour over at the border")
    early = open_context().new_page()
    early.goto(SIGN_IN)
    early.get_by_label("Work e-mail address").fill(FREELANCER.email)
    early.get_by_role("button", name="Send me a code").click()
    expect(early.get_by_role("textbox", name="Code")).to_be_visible()
    invite(lead, FREELANCER)
    assert running.mailbox.read(FREELANCER.email) == []  # no code then, and no invitation now
    passed_on = lead.locator(f"a[href^='mailto:{FREELANCER.email}']").first
    assert running.site in unquote(passed_on.get_attribute("href") or "")
    assert read_status(enter(FREELANCER), written.address) == 200
    lead.goto("/colleagues/")
    expect(lead.get_by_text("Invited, not here yet")).to_have_count(0)


def test_a_member_of_two_accounts_says_which_one_a_request_is_for(
    lead: Page, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect("status of 404")  # the other account's request, for the first one's lead
    invite(lead, ADVISER)
    adviser = enter(ADVISER)
    choice = adviser.get_by_label("Which organisation is it for?")
    wait_until(lambda: bool(adviser.goto(NEW)) and choice.count(), "second organisation")
    addresses = {}
    for account in ("Northwind Freight", ADVISER.account):
        adviser.goto(NEW)
        fill_request(adviser, f"Share one pallet count with {account}")
        choice.select_option(label=account)
        press_send(adviser)
        addresses[account] = read_received(adviser).address
    assert read_status(lead, addresses["Northwind Freight"]) == 200
    assert read_status(lead, addresses[ADVISER.account]) == 404
    assert all(read_status(adviser, address) == 200 for address in addresses.values())


def test_who_is_removed_while_signed_in_sees_nothing_with_the_next_click(
    lead: Page, enter: Enter, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    summary = "Tell the gate which trailer comes next"
    written = send_request(lead, summary)
    invite(lead, TEMP)
    temp = enter(TEMP)
    assert read_status(temp, written.address) == 200
    lead.goto("/colleagues/")
    row = lead.locator("li, tr", has_text=TEMP.email).last
    row.get_by_text("Change").click()
    row.get_by_role("button", name="Remove", exact=True).click()
    expect(lead.locator("li, tr", has_text=TEMP.email)).to_have_count(0)
    assert read_status(temp, written.address) == 404
    assert read_status(temp, f"/?whose=organisation&text={summary}") == 200
    expect(temp.get_by_text(summary)).to_have_count(0)


def test_staff_enter_with_a_second_step_only(
    open_page: OpenPage, open_context: OpenContext, running: RunningPortal
) -> None:
    add_manager(open_page(ADMINISTRATOR))
    staff = open_context(base_url=running.start_strict()).new_page()
    staff.goto("/admin/")
    sign_in(staff, MANAGER, running.mailbox)
    expect(staff).to_have_url(re.compile("/account/second-step/"))
    staff.goto("/")
    expect(staff).to_have_url(re.compile("/account/second-step/"))
    secret = set_up_app(staff)
    assert read_status(staff, "/admin/") == 200
    expect(staff).to_have_url(re.compile("/admin/$"))
    staff.goto("/")
    staff.get_by_role("button", name="Sign out").click()
    staff.goto("/admin/")
    enter_mailed_code(staff, running)
    expect(staff.get_by_role("heading", name="Second step")).to_be_visible()
    staff.goto("/admin/")
    expect(staff).not_to_have_url(re.compile("/admin/$"))  # the mailed code alone opens nothing
    staff.goto("/account/2fa/authenticate/")
    staff.get_by_role("textbox", name="Code").fill(make_app_code(secret))
    staff.get_by_role("button", name="Continue").click()
    expect(staff).to_have_url(re.compile("/admin/$"))


def add_manager(administrator: Page) -> None:
    administrator.goto("/admin/portal/user/add/")
    administrator.get_by_label("E-mail address").fill(MANAGER.email)
    administrator.get_by_label("Name").fill(MANAGER.name)
    administrator.get_by_label("Role").select_option(MANAGER.role)
    administrator.get_by_role("button", name="Save", exact=True).click()
    expect(administrator.locator(".messagelist .success")).to_be_visible()


def set_up_app(staff: Page) -> str:
    """The secret that the authenticator app now holds."""
    staff.goto("/account/2fa/totp/activate/")
    secret = staff.get_by_label("The secret").input_value()
    staff.get_by_role("textbox", name="code").last.fill(make_app_code(secret))
    staff.get_by_role("button", name="Switch the app on").click()
    expect(staff.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def enter_mailed_code(page: Page, running: RunningPortal) -> None:
    newest = NewestCode(running.mailbox, MANAGER)
    page.get_by_label("Work e-mail address").fill(MANAGER.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("textbox", name="Code").fill(newest.read())
    page.get_by_role("button", name="Continue").click()


def make_app_code(secret: str) -> str:
    """What an authenticator app shows (RFC 6238), with some seconds left to type it."""
    wait_until(lambda: time.time() % PERIOD < PERIOD - 10, "new code")
    counter = int(time.time()) // PERIOD
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8), "sha1")
    at = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 10**6:06}"
