"""One request, all the way: over HTTP like the people concerned, by the worker that really runs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from portal.demo.browser import Browser, Page
from portal.demo.mailbox import Mail, Mailbox
from portal.demo.people import CUSTOMER, TAM, Person
from portal.demo.report import Report
from portal.demo.story import Story
from portal.demo.triage_page import (
    Candidate,
    find_candidates_page,
    find_note_url,
    read_candidates,
)
from portal.sandbox.client import Sandbox

T = TypeVar("T")
PAUSE = 0.1
RELEASE = "18.3"
WEEKS_TO_RELEASE = 10


class StepFailed(Exception):
    """A step did not come out as it should; the text is the reason."""


@dataclass(slots=True)
class Walk:
    """`check` raises when a process of the demo has died: nobody waits for the dead."""

    site: str
    mailbox: Mailbox
    sandbox: Sandbox
    story: Story
    report: Report
    check: Callable[[], None]
    limit: float = 90.0
    reference: str = ""
    status_url: str = ""

    def go(self) -> None:
        """Raises StepFailed, and WebError, SandboxError and what `check` raises."""
        customer, tam = Browser(self.site), Browser(self.site)
        with self.report.step(f"{CUSTOMER.name} signs in by mailed code"):
            self.sign_in(customer, CUSTOMER)
        with self.report.step("Similar requests appear while she writes"):
            self.look_for_similar(customer)
        with self.report.step("She sends the request"):
            self.send_request(customer)
        with self.report.step(f"{TAM.name} opens it in triage and joins it"):
            self.sign_in(tam, TAM)
            page = self.open_triage(tam)
            joined = self.choose(page)
            self.join(tam, page, joined)
        project_id, iid = self.find_issue(joined)
        with self.report.step("The worker writes the one note in GitLab"):
            self.check_note(tam, project_id, iid)
        with self.report.step("A person in GitLab gives the issue a milestone"):
            self.plan_release(customer, project_id, iid)
        with self.report.step(f"{CUSTOMER.name}'s mail"):
            self.read_mail()

    def wait_for(self, look: Callable[[], T | None], what: str) -> T:
        """The first thing seen. Raises StepFailed when there is none in time."""
        deadline = time.monotonic() + self.limit
        while (seen := look()) is None:
            self.check()
            if time.monotonic() > deadline:
                raise StepFailed(f"Within {self.limit:.0f} s there was no {what}.")
            time.sleep(PAUSE)
        return seen

    # --- signing in ---------------------------------------------------------------------

    def sign_in(self, browser: Browser, person: Person) -> None:
        before = len(self.mailbox.read(person.email))
        page = browser.get("/account/login/code/")
        asked = browser.send(page, page.find_form("email"), email=person.email)
        mail = self.wait_for(lambda: self._find_code(person, before), f"code for {person.email}")
        done = browser.send(asked, asked.find_form("code"), code=mail.code)
        if "/account/" in done.url or done.status != 200:
            raise StepFailed(f"{person.name} was not let in: {done.complain()}")
        self.report.fact("signed in", f"{person.email} with code {mail.code} from her mail")

    def _find_code(self, person: Person, before: int) -> Mail | None:
        mails = self.mailbox.read(person.email)[before:]
        return next((mail for mail in mails if mail.code), None)

    # --- the customer -------------------------------------------------------------------

    def look_for_similar(self, customer: Browser) -> None:
        page = customer.get("/requests/new/")
        asked = [(name, self.story.answers[name]) for name in ("summary", "problem")]
        token = dict(read_token(page))
        answer = customer.post(
            f"{self.site}/requests/similar/", [*asked, *token.items()], **{"HX-Request": "true"}
        )
        shown = answer.root.find_all("h3")
        if answer.status != 200:
            raise StepFailed(f"The search for similar requests answered {answer.status}.")
        for title in shown:
            self.report.fact("similar", title.text)
        if not shown:
            self.report.fact("similar", "none shown: nothing was alike enough")

    def send_request(self, customer: Browser) -> None:
        page = customer.get("/requests/new/")
        sent = customer.send(page, page.find_form("problem"), action="send", **self.story.answers)
        reference = sent.root.find(of_class="big-code")
        if reference is None or not sent.url.endswith("/received/"):
            raise StepFailed(f"The form was not accepted: {sent.complain()}")
        self.reference = reference.text
        self.status_url = sent.url.removesuffix("received/")
        if self.story.about:
            self.report.fact("request", self.story.about)
        self.report.fact("summary", self.story.answers["summary"])
        self.report.fact("reference", self.reference)
        self.report.fact("status page", self.status_url)
        state = self.wait_for(lambda: self.read_state(customer, but="Received"), "search result")
        self.report.fact("state", state)

    def read_state(self, customer: Browser, *, but: str = "", like: str = "") -> str | None:
        """The state on the status page; None while it is still `but`, or not yet `like`."""
        page = customer.get(self.status_url)
        shown = page.root.find("span", "state")
        if page.status != 200 or shown is None:
            raise StepFailed(f"The status page does not show: {page.complain()}")
        is_still = (but and shown.text == but) or (like and shown.text != like)
        return None if is_still else shown.text

    # --- triage -------------------------------------------------------------------------

    def open_triage(self, tam: Browser) -> Page:
        queue = tam.get(f"/admin/intake/submission/?q={self.reference}")
        row = queue.root.find("a", "summary")
        if row is None:
            raise StepFailed(f"{self.reference} is not in the triage queue: {queue.complain()}")
        path = row.attributes["href"]
        page = self.wait_for(lambda: find_candidates_page(tam, path), "candidate")
        self.report.fact("triage page", page.url)
        return page

    def choose(self, page: Page) -> Candidate:
        """The right one among those shown. Raises StepFailed when it is not."""
        right = {self.sandbox.issue(*place)["web_url"] for place in self.story.right}
        candidates = read_candidates(page)
        found = None
        for rank, one in enumerate(candidates, start=1):
            is_right = one.issue_url in right
            found = found or ((rank, one) if is_right else None)
            mark = " ← the right one" if is_right else ""
            self.report.fact(f"{rank:>2}. {one.score:>3}", f"{one.number} {one.title}{mark}")
            if one.reasons:
                self.report.fact("", "; ".join(one.reasons))
        if found is None:
            raise StepFailed(
                f"“{self.story.looked_for}” is not among the {len(candidates)} candidates."
            )
        self.report.fact("rank", f"{found[0]} of {len(candidates)}")
        return found[1]

    def join(self, tam: Browser, page: Page, chosen: Candidate) -> None:
        done = tam.send(page, chosen.join)
        if done.status != 200 or f"Joined with {chosen.number}" not in done.text:
            raise StepFailed(f"Joining was refused: {done.complain()}")
        self.report.fact("joined", f"{chosen.number} {chosen.title}")

    def find_issue(self, chosen: Candidate) -> tuple[int, int]:
        places = {self.sandbox.issue(*place)["web_url"]: place for place in self.story.right}
        return places[chosen.issue_url]

    # --- GitLab -------------------------------------------------------------------------

    def check_note(self, tam: Browser, project_id: int, iid: int) -> None:
        """The note is there, once, with the account's link."""
        path = tam.get(f"/admin/intake/submission/?view=all&q={self.reference}")
        row = path.root.find("a", "summary")
        href = row.attributes["href"] if row else ""
        url = self.wait_for(lambda: find_note_url(tam.get(href)), "note")
        notes = self.sandbox.notes(project_id, iid, author="portal-bot", deleted=False)
        account = find_account_id(self.sandbox, CUSTOMER.account)
        with_link = [note for note in notes if account in note["body"]]
        if len(notes) != 1 or len(with_link) != 1 or not url.endswith(f"#note_{notes[0]['id']}"):
            raise StepFailed(
                f"There should be one note with the account's link; {len(notes)} are there, "
                f"{len(with_link)} of them with it."
            )
        self.report.fact("note", url)
        self.report.fact("notes of ours", f"{len(notes)}, internal: {notes[0]['internal']}")
        link = next(word for word in with_link[0]["body"].split() if account in word)
        self.report.fact("account link", link.strip("()<>[]*|"))

    def plan_release(self, customer: Browser, project_id: int, iid: int) -> None:
        due = datetime.now(UTC).date() + timedelta(weeks=WEEKS_TO_RELEASE)
        self.sandbox.act(project_id, iid, "milestone", title=RELEASE, due_on=due.isoformat())
        self.report.fact("milestone", f"{RELEASE}, due {due.isoformat()}")
        state = self.wait_for(
            lambda: self.read_state(customer, like=f"Scheduled for {RELEASE}"), "new state"
        )
        hooks = [one for one in self.sandbox.webhooks() if one.get("iid") == iid]
        if hooks:
            self.report.fact("webhook", f"{hooks[-1]['event']}, answered {hooks[-1]['status']}")
        self.report.fact("status page", f"“{state}”: {self.status_url}")

    def read_mail(self) -> None:
        """A change within a day of the first is told later, together with others."""
        mails = self.wait_for(
            lambda: found if len(found := self._mails_on_it()) >= 2 else None,
            "mail about the decision",
        )
        for mail in mails:
            self.report.fact("subject", mail.subject)

    def _mails_on_it(self) -> list[Mail]:
        return [one for one in self.mailbox.read(CUSTOMER.email) if self.reference in one.subject]


def read_token(page: Page) -> list[tuple[str, str]]:
    """The form's proof that it is ours."""
    found = page.root.find("input", name="csrfmiddlewaretoken")
    return [("csrfmiddlewaretoken", found.attributes["value"])] if found else []


def find_account_id(sandbox: Sandbox, name: str) -> str:
    return next(str(one["id18"]) for one in sandbox.accounts() if one["name"] == name)
