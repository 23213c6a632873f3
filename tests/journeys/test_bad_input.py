"""Text and files no form hopes for: told beside the field, kept as typed, never carried out."""

from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect

from portal.sandbox.world import PLATFORM
from tests.journeys.complaints import Complaints
from tests.journeys.running_portal import RunningPortal
from tests.journeys.waiting import wait_until
from tests.journeys.writing import (
    NEW,
    field_of,
    fill_request,
    press_send,
    read_received,
    send_request,
)

pytestmark = pytest.mark.xdist_group("journeys")

SUMMARY, PROBLEM = "What do you need to do?", "What stops you today?"
HTML = "<script>alert(1)</script> <img src=x onerror=alert(2)> <b>bold</b> &amp; “quoted”"
ORDERS = "/close\n/label ~urgent\n/assign @dana\n@all @dana please look\n`/merge`\n/confidential"


def assert_told(page: Page, label: str, words: str) -> None:
    """Beside the field, tied to it, and in the summary above, which has the focus."""
    expect(field_of(page, label).locator(".error")).to_contain_text(words)
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text(words)
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link", name=label)).to_be_visible()


def test_an_empty_form_names_every_missing_answer(customer: Page) -> None:
    customer.goto(NEW)
    press_send(customer)
    for label, words in (
        ("What brings you here?", "Please choose what brings you here."),
        (SUMMARY, "Please say in one line what you need to do."),
        (PROBLEM, "Please tell us what stops you: one sentence is enough."),
        ("How urgent is it?", "Please choose the answer that comes closest."),
        ("What would it change for you?", "Please choose one"),
    ):
        assert_told(customer, label, words)
    for control in (customer.get_by_label(SUMMARY), customer.get_by_label(PROBLEM)):
        expect(control).to_have_attribute("aria-invalid", "true")
        described = control.get_attribute("aria-describedby") or ""
        assert described.split()
        assert all(customer.locator(f"[id='{one}']").count() == 1 for one in described.split())
    customer.locator(".error-summary").get_by_role("link", name=PROBLEM).click()
    expect(customer.get_by_label(PROBLEM)).to_be_focused()


def test_over_long_text_is_counted_not_cut(customer: Page) -> None:
    customer.goto(NEW)
    fill_request(customer, "x" * 130, "y" * 10_050)
    press_send(customer)
    assert_told(customer, SUMMARY, "Please keep it under 120 characters: 10 too many.")
    assert_told(customer, PROBLEM, "Please keep it under 10,000 characters: 50 too many.")
    expect(customer.get_by_label(SUMMARY)).to_have_value("x" * 130)
    expect(customer.get_by_label(PROBLEM)).to_have_value("y" * 10_050)


def test_a_megabyte_is_refused_kindly_and_kept(customer: Page) -> None:
    pasted = "Lorem ipsum, as it came from a log. " * 29_128  # 1 MiB
    customer.goto(NEW)
    fill_request(customer, "Read our whole log file for us", "soon")
    customer.get_by_label(PROBLEM).evaluate("(box, text) => { box.value = text; }", pasted)
    press_send(customer)
    assert_told(customer, PROBLEM, "Please keep it under 10,000 characters")
    assert customer.get_by_label(PROBLEM).input_value() == pasted


def test_more_than_the_site_reads_gets_a_sentence(customer: Page, complaints: Complaints) -> None:
    """The text is still in the browser, one page back."""
    complaints.expect(r"status of 4\d\d")
    summary, length = "Read our whole log file for us", 3 * 1024**2
    customer.goto(NEW)
    fill_request(customer, summary, "soon")
    customer.get_by_label(PROBLEM).evaluate("(box, n) => { box.value = 'z'.repeat(n); }", length)
    press_send(customer)
    expect(customer.get_by_role("heading", name="That was too much text")).to_be_visible()
    customer.go_back()
    expect(customer.get_by_label(SUMMARY)).to_have_value(summary)
    assert len(customer.get_by_label(PROBLEM).input_value()) == length


@pytest.mark.parametrize(
    ("hidden", "code"), [("\0", "U+0000"), ("\x1b", "U+001B"), ("\u202e", "U+202E")]
)
def test_a_character_nobody_can_see_is_named(customer: Page, hidden: str, code: str) -> None:
    customer.goto(NEW)
    fill_request(customer, f"Keep the {hidden}secret apart", f"It is in {hidden} here.")
    press_send(customer)
    assert_told(customer, SUMMARY, code)
    assert_told(customer, PROBLEM, code)
    expect(customer.get_by_label("Nice to have")).to_be_checked()


def test_markup_is_shown_as_it_was_typed(customer: Page) -> None:
    shown: list[str] = []
    customer.on("dialog", lambda dialog: shown.append(dialog.message))
    written = send_request(customer, f"Show {HTML}", HTML)
    expect(customer.locator(".ticket .lead")).to_have_text(f"Show {HTML}")
    customer.goto(written.address)
    expect(customer.get_by_role("heading", level=1)).to_have_text(f"Show {HTML}")
    assert customer.locator("main img, main script, main b:text-is('bold')").count() == 0
    customer.goto(f"/?text={quote(HTML)}")
    expect(customer.get_by_role("link", name=f"Show {HTML}")).to_be_visible()
    assert shown == []


def test_orders_to_gitlab_are_quoted_never_obeyed(
    customer: Page, tam: Page, running: RunningPortal
) -> None:
    """Quick actions and mentions, in every field, through to the note and to a new issue."""
    since = running.sandbox.last_seq()
    joined = send_request(customer, "/close @all approve by folder", ORDERS)
    tam.goto(f"/admin/intake/submission/?view=all&q={joined.reference}")
    tam.get_by_role("row").get_by_role("link", name="/close @all").click()
    tam.locator("#issue-words").fill("1")
    tam.get_by_role("button", name="Search", exact=True).click()
    tam.get_by_role("button", name="Join with #1", exact=True).click()
    expect(tam.locator(".messagelist")).to_contain_text("Joined with #1.")
    note = wait_until(
        lambda: running.sandbox.notes(PLATFORM, 1, author="portal-bot", deleted=False), "note"
    )

    opened = send_request(customer, "/close @all open a new one", ORDERS)
    tam.goto(f"/admin/intake/submission/?view=all&q={opened.reference}")
    tam.get_by_role("row").get_by_role("link", name="/close @all").click()
    tam.get_by_role("button", name="Create an issue").click()
    expect(tam.locator(".messagelist")).to_contain_text("A new issue will be opened")
    issue = wait_until(
        lambda: [one for one in running.sandbox.issues() if "open a new one" in one["title"]],
        "issue",
    )[0]
    wait_until(
        lambda: running.sandbox.notes(issue["project_id"], issue["iid"], author="portal-bot"),
        "note on the new issue",
    )
    assert "/close" in issue["description"]  # the customer's words are there, as words
    assert issue["state"] == "opened"
    assert not running.sandbox.events(since, kind="quick_action")
    assert not running.sandbox.events(since, kind="mention")
    assert len(note) == 1


EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(512)
FILES: list[tuple[FilePayload, str]] = [
    (
        {"name": "invoice.png", "mimeType": "image/png", "buffer": EXECUTABLE},
        "“invoice.png” cannot be sent.",
    ),
    (
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"},
        "“page.html” cannot be sent.",
    ),
    (
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"x" * (5 * 1024**2 + 1)},
        "“log.txt” is larger than 5 MB.",
    ),
    ({"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}, "“empty.txt” is empty."),
]


@pytest.mark.parametrize(("file", "words"), FILES, ids=[file["name"] for file, _ in FILES])
def test_a_file_we_do_not_take(customer: Page, file: FilePayload, words: str) -> None:
    customer.goto(NEW)
    fill_request(customer, "Read the file we attach")
    customer.locator("input[type=file]").set_input_files([file])
    press_send(customer)
    assert_told(customer, "Files", words)
    expect(customer.get_by_label(SUMMARY)).to_have_value("Read the file we attach")
    expect(customer.get_by_text("Please choose your files again")).to_be_visible()


def test_a_file_we_take_comes_back_as_it_was(customer: Page) -> None:
    """Whatever its name says."""
    content = "Montag, 07:40: Übergabe\n".encode()
    name = "../../<b>Protokoll</b> Ü.txt"
    customer.goto(NEW)
    fill_request(customer, "Keep the protocol with the request")
    customer.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content}]
    )
    press_send(customer)
    customer.goto(read_received(customer).address)
    with customer.expect_download() as downloading:
        customer.locator("a[download]").click()
    assert downloading.value.path().read_bytes() == content
