"""The documentation's pictures, from a running portal: `python -m tests.journeys.screenshots`.

They are written to docs/images: 1280 pixels wide, light.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from portal.demo.people import COLLEAGUE, CUSTOMER, TAM, Person  # noqa: E402
from portal.demo.story import DETAIL, PROBLEM, WORKAROUND, WORLD_TARGET  # noqa: E402
from portal.sandbox.world import PLATFORM  # noqa: E402
from tests.journeys.conftest import CHROMIUM, FLAGS, TIMEOUT  # noqa: E402
from tests.journeys.running_portal import RunningPortal, run_portal  # noqa: E402
from tests.journeys.signing_in import sign_in  # noqa: E402
from tests.journeys.waiting import wait_until  # noqa: E402
from tests.journeys.writing import (  # noqa: E402
    NEW,
    Written,
    fill_request,
    press_send,
    read_received,
    send_request,
)

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH = 1280
MOST_BYTES = 250_000
APPROVERS = "Let only named approvers pass changes to payment folders"
SMALLER = {
    "Tell us which jobs of a pipeline became slower": (
        "Our nightly build took forty minutes in spring and takes seventy now. We find out which "
        "job it was by opening old runs one after another, which costs Jo half a day a month."
    ),
    "Send one mail a day instead of one for every comment": (
        "Depot leads get sixty mails a day from reviews they only want to skim. Three of them "
        "have sent all of it to a folder nobody reads, and missed a question that mattered."
    ),
    "Keep the audit log for seven years": (
        "Customs law asks us for seven years. We copy the log by hand every quarter, and the "
        "auditor noted that a copy proves nothing."
    ),
}
QUESTION = "Would one mail at a fixed hour do, or does each lead need an hour of their own?"
REASON = (
    "We keep the log for three years and do not plan to keep it longer ourselves. The export to "
    "your own storage, with a signature the auditor can check, does what you need today."
)


class Photographer:
    """One browser, one page for each person."""

    def __init__(self, browser: Browser, running: RunningPortal) -> None:
        self._browser, self._running = browser, running

    def open_page(self, person: Person) -> Page:
        context = self._browser.new_context(
            base_url=self._running.site,
            viewport={"width": WIDTH, "height": 900},
            color_scheme="light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        page.goto("/account/login/")
        sign_in(page, person, self._running.mailbox)
        return page


@contextmanager
def open_portal() -> Iterator[tuple[RunningPortal, Photographer]]:
    with (
        tempfile.TemporaryDirectory(prefix="portal-") as folder,
        run_portal(Path(folder)) as running,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running, Photographer(browser, running)
        browser.close()


def take(page: Page, name: str, height: int) -> None:
    """The top of the page, down to `height`."""
    page.mouse.move(0, 0)
    page.evaluate("""() => {
      document.activeElement?.blur();
      document.querySelectorAll("textarea").forEach((box) => { box.scrollTop = 0; });
      scrollTo(0, 0);
    }""")
    path = IMAGES / f"{name}.png"
    clip = {"x": 0.0, "y": 0.0, "width": float(WIDTH), "height": float(height)}
    page.screenshot(path=path, full_page=True, clip=clip, scale="css")
    size = path.stat().st_size
    assert size < MOST_BYTES, f"{path} has {size:,} bytes"
    print(f"{path.name}: {size:,} bytes")


def write_request(page: Page) -> Written:
    """Fills in the form, takes its picture and sends it."""
    page.goto(NEW)
    fill_request(page, APPROVERS, PROBLEM)
    page.get_by_label("How do you cope now?").fill(WORKAROUND)
    page.get_by_label("Blocker").check()
    page.get_by_label("What is blocked, and since when?").fill(DETAIL)
    page.get_by_label("Roughly how many people would use it?").fill("40")
    expect(page.locator("#similar h3", has_text=WORLD_TARGET)).to_be_visible()
    take(page, "request-form", 1340)
    press_send(page)
    return read_received(page)


def open_triage(page: Page, written: Written) -> None:
    """The request's page in triage, once the search has run."""
    page.goto(f"/admin/intake/submission/?view=all&q={written.reference}")
    page.locator("tr", has_text=written.reference).locator("a.summary").click()
    wait_until(
        lambda: page.locator("article.candidate").count() or not page.reload(),
        "candidates",
    )


def answer(page: Page, written: Written, act: str, text: str) -> None:
    page.goto(f"/admin/intake/submission/?view=all&q={written.reference}")
    page.locator("tr", has_text=written.reference).locator("a.summary").click()
    act_shown = page.locator("details.act", has=page.get_by_role("heading", name=act, exact=True))
    act_shown.locator("summary").click()
    act_shown.locator("textarea").fill(text)
    act_shown.locator("button").click()
    expect(page.locator(".messagelist")).to_contain_text(written.reference)


def open_priorities(page: Page) -> None:
    """The ranked list, once the first scores are there."""
    page.goto("/priorities/")
    wait_until(lambda: page.locator(".ranked tbody tr").count() or not page.reload(), "scores")


def tell_story(running: RunningPortal, photographer: Photographer) -> None:
    maya, tomas = photographer.open_page(CUSTOMER), photographer.open_page(COLLEAGUE)
    tam = photographer.open_page(TAM)
    smaller = [send_request(maya, *words) for words in SMALLER.items()]
    send_request(tomas, "Print the tour sheet with the load plan", "Drivers get two papers today.")
    main = write_request(maya)

    open_triage(tam, main)
    take(tam, "triage", 1225)
    tam.get_by_role("article").first.get_by_role("button", name="Join").click()
    expect(tam.locator(".messagelist")).to_contain_text("Joined with")
    answer(tam, smaller[1], "Ask the customer", QUESTION)
    answer(tam, smaller[2], "Not planned", REASON)

    issue = next(one for one in running.sandbox.issues(PLATFORM) if one["title"] == WORLD_TARGET)
    running.sandbox.act(PLATFORM, issue["iid"], "milestone", title="18.3", due_on="2027-01-21")
    maya.goto(main.address)
    state = maya.locator("header .state")
    wait_until(lambda: maya.reload() and "18.3" in state.inner_text(), "scheduled state")
    take(maya, "status-page", 1290)
    maya.goto("/")
    take(maya, "my-requests", 900)
    open_priorities(tam)
    take(tam, "priorities", 1100)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=TIMEOUT)
    with open_portal() as (running, photographer):
        tell_story(running, photographer)


if __name__ == "__main__":
    main()
