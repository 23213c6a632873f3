"""Nothing of anybody else gets out: not by page, export, mail, log or to GitLab. Five leaks are
planted, and each is found."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.template import engines
from django.template.loaders.filesystem import Loader
from django.test.signals import template_rendered
from pytest_django.fixtures import Settings

from intake.models import CustomerLink, Follower, Submission
from intake.pipeline import announce, note_text, notify
from intake.pipeline.mail_text import MailText
from intake.selectors import my_requests
from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Sandbox
from tests.access.haul import Portal
from tests.access.sentinels import find_words
from tests.access.test_records import find_rows
from tests.access.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inline", "salesforce")]


@pytest.fixture
def portal(
    sandbox: Sandbox,
    gitlab: GitLabGateway,
    settings: Settings,
    traveller: time_machine.Traveller,
    caplog: pytest.LogCaptureFixture,
) -> Portal:
    settings.GITLAB_WEBHOOK_SECRET = "hook-secret-never-shown"
    return Portal(build_world(), sandbox, gitlab, traveller, caplog)


@pytest.fixture
def plant_in_template(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Put a line at the end of a template."""
    read = Loader.get_contents

    def plant(name: str, line: str) -> None:
        def planted(self: Loader, origin: Any) -> str:
            return read(self, origin) + (line if origin.template_name == name else "")

        monkeypatch.setattr(Loader, "get_contents", planted)
        forget_templates()

    yield plant
    monkeypatch.undo()
    forget_templates()


def forget_templates() -> None:
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        loader.reset()


def test_nothing_of_others_gets_out(portal: Portal) -> None:
    haul = portal.live_and_search()
    assert haul.leaks == []
    assert haul.count("page") > 200
    assert haul.count("export") >= 12
    assert haul.count("mail") >= 4
    assert haul.count("log") >= 1
    assert haul.count("gitlab") >= 10
    assert len(portal.sandbox.notes()) == 2


def test_mails_are_drawn_from_records(portal: Portal) -> None:
    """As customers' pages are: no template of a mail is given a row."""
    drawn: list[dict[str, Any]] = []

    def keep(template: Any, context: Any, **_: Any) -> None:
        if str(template.name).startswith("email/"):
            drawn.append(context.flatten())

    template_rendered.connect(keep)
    try:
        portal.live_and_search(readers=())
    finally:
        template_rendered.disconnect(keep)
    assert len(drawn) >= 3
    assert [row for context in drawn for row in find_rows(context, "")] == []


@pytest.mark.parametrize(
    "written",
    [
        *(
            "7777777.00",
            "€7,777,777",
            "7.777.777,00",
            "7 777 777",
            "7&nbsp;777&nbsp;777",
            "7’777’777",
        ),
        *("QUILLFEATHER", "%51uillfeather"),
    ],
)
def test_a_sentinel_is_found_however_it_is_written(written: str) -> None:
    assert len(find_words(f"… {written} …", ("7777777", "Quillfeather"))) == 1
    assert find_words("7,777 of 777 quills", ("7777777", "Quillfeather")) == []


def test_a_leak_in_a_template_is_found(
    portal: Portal, plant_in_template: Callable[[str, str], None]
) -> None:
    plant_in_template("intake/parts/facts.html", "{{ user.memberships.first.account.arr }}")
    assert portal.live_and_search(readers=("member",)).leaking == {"page"}


def test_a_leak_in_a_mail_is_found(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mail = notify.write_mail

    def say_more(follower: Follower, *args: Any, **kwargs: Any) -> MailText:
        text = write_mail(follower, *args, **kwargs)
        return replace(text, body=text.body + follower.submission.internal_note)

    monkeypatch.setattr(notify, "write_mail", say_more)
    assert portal.live_and_search(readers=()).leaking == {"mail"}


def test_a_leak_in_the_log_is_found(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    write_note = announce.write_note

    def tell(link: CustomerLink, submissions: Any) -> note_text.NoteTexts:
        logging.getLogger("intake").info("Note for %s", link.account.name)
        return write_note(link, submissions)

    monkeypatch.setattr(announce, "write_note", tell)
    assert portal.live_and_search(readers=()).leaking == {"log"}


def test_a_leak_in_an_export_is_found(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(my_requests, "visible_submissions", lambda user: Submission.objects.all())
    assert "export" in portal.live_and_search(readers=("member",)).leaking


def test_a_leak_in_a_note_is_found(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_text, "mask", lambda text, **_: text)
    assert portal.live_and_search(readers=()).leaking == {"gitlab"}
