"""The worker reads people's links by itself, and counts what they come to."""

from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from intake import tasks
from intake.actions.receive_webhook import receive_webhook
from intake.models import CrosswalkVersion, CustomerLink, FoundLink, Issue
from intake.tasks.demand import count_demand, read_notes
from portal.celery import TIMETABLE, app
from portal.models import Account, Door, Job
from portal.sandbox.client import Fault, Sandbox
from tests.intake.gitlab_desk import demands, link_to
from tests.portal_fixtures import ACCOUNT_ID

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("gitlab", "salesforce", "inline", "account"),
]


def say(sandbox: Sandbox, issue: Issue, body: str) -> int:
    return int(sandbox.act(101, issue.iid, "note", body=body)["id"])


def points() -> list[int]:
    return [row[2] for link in CustomerLink.objects.all() for row in demands(link)]


def test_every_line_of_the_timetable_is_a_task() -> None:
    app.loader.import_default_modules()
    assert set(TIMETABLE) <= set(app.tasks)


def test_the_mirror_has_comments_read_and_links_counted(issue: Issue, sandbox: Sandbox) -> None:
    say(sandbox, issue, link_to(ACCOUNT_ID, 7))
    tasks.mirror_issues()
    assert points() == [7]


def test_a_webhook_about_a_comment_is_enough(
    issue: Issue, sandbox: Sandbox, traveller: time_machine.Traveller
) -> None:
    note = say(sandbox, issue, "Words.")
    tasks.mirror_issues()
    sandbox.act(101, issue.iid, "edit_note", note_id=note, body=link_to(ACCOUNT_ID, 3))
    traveller.shift(10)
    body = {"object_kind": "note", "project": {"id": 101}, "issue": {"iid": issue.iid}}
    receive_webhook(key="1", kind="Note Hook", body=body)
    tasks.read_webhooks()
    assert points() == [3]


def test_a_pass_that_ends_early_rings_for_itself_again(
    issue: Issue,
    plant_issue: Callable[..., Issue],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for each in (issue, plant_issue("Another")):
        say(sandbox, each, link_to(ACCOUNT_ID))
        Issue.objects.filter(pk=each.pk).update(notes_due_at=timezone.now())
    rung: list[str] = []
    monkeypatch.setattr("intake.tasks.demand.SECONDS", -1)
    monkeypatch.setattr(read_notes, "delay", lambda: rung.append("notes"))
    read_notes()
    assert rung == ["notes"]
    assert FoundLink.objects.count() == 0
    monkeypatch.setattr("intake.tasks.demand.SECONDS", 20)
    Job.objects.update(started_at=None)
    read_notes()
    assert (rung, FoundLink.objects.count()) == (["notes"], 2)


def test_gitlab_away_is_noted_on_the_job_and_tried_again(issue: Issue, sandbox: Sandbox) -> None:
    say(sandbox, issue, link_to(ACCOUNT_ID))
    Issue.objects.update(notes_due_at=timezone.now())
    sandbox.add_faults(Fault("500", service="gitlab", path=r"/notes$", nth=1))
    read_notes()
    assert "trouble" in Job.objects.get(pk="read_notes").trouble
    Job.objects.update(started_at=None)
    read_notes()
    assert (Job.objects.get(pk="read_notes").trouble, points()) == ("", [1])


def test_a_shut_door_is_not_knocked_at(issue: Issue, sandbox: Sandbox) -> None:
    Issue.objects.update(notes_due_at=timezone.now())
    Door.objects.create(service="gitlab", is_shut=True, changed_at=timezone.now())
    since = sandbox.last_seq()
    read_notes()
    assert sandbox.events(since, service="gitlab") == []
    assert Issue.objects.get().notes_due_at is not None


def test_links_are_counted_without_gitlab(issue: Issue, account: Account) -> None:
    Door.objects.create(service="gitlab", is_shut=True, changed_at=timezone.now())
    CustomerLink.objects.create(issue=issue, account=account, note_state="found")
    count_demand()
    newest = CrosswalkVersion.objects.get().number
    assert CustomerLink.objects.get().counted_with == newest
