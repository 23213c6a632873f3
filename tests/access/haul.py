"""A few days of the portal, lived by its people, and everything it let out on the way."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
import time_machine
from django.conf import settings
from django.core import mail
from django.urls import reverse

from intake import tasks
from intake.models import Issue, Submission
from intake.pipeline.mirror import store_issue, store_project
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from portal.sandbox.client import Sandbox
from tests.access.cast import CUSTOMERS, NOW
from tests.access.sentinels import (
    NOT_FOR_GITLAB,
    NOT_FOR_LOGS,
    NOT_FOR_MAIL,
    find_leaks,
    find_words,
    list_keys,
)
from tests.access.table import ask, read_rows
from tests.access.world import World

WISH = {
    "kind": "change",
    "summary": "Move pallets between halls at Northwind Freight",
    "problem": "Maya Lindqvist (maya@northwind.example) counts them by hand. We at Northwind "
    "Freight pay EUR 9,999,999 a year and cannot move pallets between two halls.",
    "urgency": "blocker",
    "urgency_detail": "Our contract of $9,999,999 ends in March.",
    "intent": "retain",
    "action": "send",
}
EXPORTS = ("/requests/export.csv", "/account/your-data/download/")
OF_CUSTOMERS = [
    row
    for row in read_rows()
    if row.place.startswith(("customers", "account"))
    and (row.method == "GET" or row.address.startswith(EXPORTS))
]
NOTE = "Their board decides in May; between-us-only."


@dataclass
class Haul:
    """What got out, by kind: pages, exports, mails, log lines, requests to GitLab."""

    pieces: list[tuple[str, str, list[str]]] = field(default_factory=list)  # kind, where, leaks

    def add(self, kind: str, where: str, leaks: list[str]) -> None:
        self.pieces.append((kind, where, leaks))

    def count(self, kind: str) -> int:
        return sum(one == kind for one, _, _ in self.pieces)

    @property
    def leaks(self) -> list[tuple[str, str, list[str]]]:
        return [piece for piece in self.pieces if piece[2]]

    @property
    def leaking(self) -> set[str]:
        return {kind for kind, _, _ in self.leaks}


@contextmanager
def watched_wire() -> Iterator[list[requests.PreparedRequest]]:
    """Everything that goes to GitLab while it is open."""
    sent: list[requests.PreparedRequest] = []
    send = requests.adapters.HTTPAdapter.send

    def watch(self: Any, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        if (request.url or "").startswith(settings.GITLAB_URL):
            sent.append(request)
        return send(self, request, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.adapters.HTTPAdapter, "send", watch)
        yield sent


@dataclass
class Portal:
    """The world, its worker and its clock, with a GitLab to write to."""

    world: World
    sandbox: Sandbox
    gitlab: GitLabGateway
    traveller: time_machine.Traveller
    caplog: pytest.LogCaptureFixture

    def live_and_search(self, *, readers: tuple[str, ...] = CUSTOMERS) -> Haul:
        self.caplog.set_level(logging.DEBUG)
        haul = Haul()
        with watched_wire() as sent:
            self._live()
        for actor in readers:
            self._read_pages(actor, haul)
        self._search_mail(haul)
        for request in sent:
            leaks = find_words(_write_down(request), NOT_FOR_GITLAB)
            haul.add("gitlab", f"{request.method} {request.url}", leaks)
        for record in self.caplog.records:
            text = f"{record.getMessage()} {record.exc_text or ''}"
            haul.add("log", text, find_words(text, (*NOT_FOR_LOGS, *list_keys())))
        return haul

    def _live(self) -> None:
        """Sent, searched, joined, asked, answered, announced; another for a customer, which
        becomes an issue of its own."""
        issue = self._plant_issue()
        wish = self._send("member", reverse("intake:new_request"), WISH)
        self._work(wish)
        self._decide(wish, "join", issue=issue.pk)
        self._work(wish)
        self._decide(wish, "ask", text="How many halls?")
        self._mail()
        self.world.browser("member").post(
            reverse("intake:reply", args=[wish.token]), {"reply-text": "Two halls of pallets."}
        )
        self._work(wish)
        order = WISH | {
            "summary": "Print what the pallets weigh",
            "problem": "Ben Okafor of Northwind Freight (ben@northwind.example) writes it down.",
            "account_search": "Northwind",
            "account": self.world.names["north"],
            "contact_name": "Ben Okafor",
            "contact_email": self.world.people["colleague"].email,
            "tell_contact": "on",
            "internal_note": NOTE,
        }
        sold = self._send("submitter", reverse("intake:new_request_on_behalf"), order)
        self._work(sold)
        self._decide(sold, "create")
        self._work(sold)
        self._mail()
        self.world.browser("anonymous").post(
            reverse("account_request_login_code"), {"email": self.world.people["lead"].email}
        )

    def _plant_issue(self) -> Issue:
        order = {"project_id": 101, "title": "Transfers between halls", "description": "x"}
        made = self.sandbox.seed({"issues": [order]})["issues"][0]
        project = store_project(self.gitlab.project(101), now=NOW)
        return store_issue(self.gitlab.issue(IssueKey(101, made["iid"])), project, now=NOW)

    def _send(self, actor: str, address: str, form: dict[str, Any]) -> Submission:
        answer = self.world.browser(actor).post(address, form | {"form_token": str(uuid4())})
        assert answer.status_code == 302, answer.content.decode()
        return Submission.objects.order_by("-pk")[0]

    def _decide(self, wish: Submission, act: str, **given: Any) -> None:
        address = reverse("admin:intake_submission_decide", args=[wish.pk, act])
        assert self.world.browser("tam").post(address, given).status_code == 302

    def _work(self, wish: Submission) -> None:
        self.traveller.shift(timedelta(minutes=5))
        tasks.process_submission(wish.pk)

    def _mail(self) -> None:
        """The quiet day after a mail is over."""
        self.traveller.shift(timedelta(days=2))
        tasks.deliver_mail()

    def _read_pages(self, actor: str, haul: Haul) -> None:
        client = self.world.browser(actor)
        for row in OF_CUSTOMERS:
            kind = "export" if row.address.startswith(EXPORTS) else "page"
            leaks = find_leaks(ask(row, self.world, client).text, actor=actor)
            haul.add(kind, f"{row.address} as {actor}", leaks)

    def _search_mail(self, haul: Haul) -> None:
        actors = {user.email: actor for actor, user in self.world.people.items()}
        for message in mail.outbox:
            text = f"{message.subject}\n{message.body}\n{message.extra_headers}"
            for address in message.recipients():
                leaks = find_leaks(text, actor=actors[address]) + find_words(text, NOT_FOR_MAIL)
                haul.add("mail", f"{message.subject} to {address}", leaks)


def _write_down(request: requests.PreparedRequest) -> str:
    """Without the headers: they carry the token, which is how GitLab knows us."""
    body = request.body or b""
    return f"{request.url}\n{body.decode() if isinstance(body, bytes) else body}"
