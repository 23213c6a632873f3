"""The worker's side: what each way of failing does to a row, and that everything resumes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from pytest_django.fixtures import Settings

from intake import tasks
from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.models import CustomerLink, Issue, Project, Submission
from intake.pipeline import outcome
from intake.pipeline.index import update_index
from portal.models import Door, Job, User
from portal.sandbox.client import Sandbox
from tests.portal_fixtures import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gitlab", "salesforce", "inline")]

MakeWish = Callable[..., Submission]


def read(wish: Submission) -> Submission:
    return Submission.objects.get(pk=wish.pk)


def alerts() -> list[str]:
    return [letter.subject for letter in mail.outbox if "cannot use" in letter.subject]


def test_a_worker_killed_again_and_again_gives_the_row_to_a_person(
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    tam: User,
    monkeypatch: pytest.MonkeyPatch,
    traveller: time_machine.Traveller,
) -> None:
    wish = make_wish(issue)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "process", die)
        for _ in range(outcome.MOST_CRASHES):
            with pytest.raises(Killed):
                tasks.process_submission(wish.pk)
            tasks.process_submission(wish.pk)  # not before the claim has run out
            traveller.shift(outcome.PROCESS_LEASE)
    tasks.sweep()
    row = read(wish)
    assert (row.trouble, row.due_at) == ("gave_up", None)
    assert list(Submission.objects.awaiting_triage()) == [wish]
    assert sandbox.notes() == []

    triage.try_again(row, by=tam)
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble, row.attempts) == ("announced", "", 0)


class Killed(BaseException):
    """Nothing of the task's own code runs after it."""


def die(*_: object) -> None:
    raise Killed


def test_new_words_end_what_was_given_up(
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    wish = make_wish(issue, trouble="gave_up")
    tasks.process_submission(wish.pk)
    assert read(wish).trouble == ""


def test_a_doorbell_rung_during_a_run_is_heard_afterwards(
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    tam: User,
    monkeypatch: pytest.MonkeyPatch,
    traveller: time_machine.Traveller,
) -> None:
    wish = make_wish(issue)
    process = tasks.process

    def interrupted(submission: Submission, tools: Any) -> None:
        process(submission, tools)
        triage.set_points(wish, 9, by=tam)  # its message is lost: nothing commits here

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "process", interrupted)
        tasks.process_submission(wish.pk)
    assert read(wish).due_at == NOW
    tasks.sweep()
    assert read(wish).due_at is None
    assert '~"customer priority::9"' in sandbox.notes()[0]["body"]


def test_the_sweep_finishes_what_no_message_arrived_for(
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    wishes = [make_wish(issue) for _ in range(3)]
    tasks.sweep()
    assert {read(wish).stage for wish in wishes} == {"announced"}
    link = CustomerLink.objects.get()
    Submission.objects.update(link=None)
    CustomerLink.objects.update(due_at=NOW)
    traveller.shift(timedelta(seconds=5))
    tasks.sweep()
    link.refresh_from_db()
    assert (link.note_state, link.due_at) == ("removed", None)


def test_without_an_index_a_request_waits_and_the_index_is_made(
    issue: Issue,
    maya: User,
    make_draft: Callable[..., SubmissionDraft],
    traveller: time_machine.Traveller,
) -> None:
    wish = submit(make_draft(), by=maya)
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble) == ("received", "index_away")
    assert row.public_state == "under_review"  # by a person, while the machine cannot look

    traveller.shift(timedelta(seconds=5))
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble, row.due_at) == ("account_resolved", "", None)


def test_text_that_looks_like_an_address_stops_nobody(
    issue: Issue,
    maya: User,
    make_draft: Callable[..., SubmissionDraft],
    settings: Settings,
    traveller: time_machine.Traveller,
) -> None:
    update_index(settings.INDEX_DIR, holder="test")
    words = f"See https://[::1 and http://] and {settings.GITLAB_URL}/larkfield/platform/-/issues/"
    wish = submit(make_draft(problem=words + "9" * 40), by=maya)
    tasks.process_submission(wish.pk)
    assert read(wish).stage == "account_resolved"


def test_an_issue_refused_asks_a_person(
    make_wish: MakeWish,
    tam: User,
    settings: Settings,
    traveller: time_machine.Traveller,
) -> None:
    settings.GITLAB_NEW_ISSUE_PROJECT = ""
    wish = make_wish(None)
    triage.create_issue(wish, by=tam)
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.trouble, row.due_at) == ("gitlab_refused", None)
    assert "GITLAB_NEW_ISSUE_PROJECT" in row.trouble_detail
    assert not Door.objects.filter(is_shut=True).exists()
    assert alerts() == []


def test_one_hidden_project_does_not_stop_the_others(
    issue: Issue,
    sandbox: Sandbox,
    settings: Settings,
    traveller: time_machine.Traveller,
) -> None:
    settings.GITLAB_PROJECTS = ["gone/away", "larkfield/platform"]
    sandbox.act(101, issue.iid, "title", title="A better title")
    tasks.mirror_issues()
    issue.refresh_from_db()
    assert issue.title == "A better title"
    job = Job.objects.get(name="mirror_issues")
    assert job.trouble
    assert Project.objects.filter(is_lost=True).count() == 0


def test_a_change_that_was_copied_and_never_told_is_told_later(
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    wish = make_wish(issue)
    tasks.process_submission(wish.pk)
    traveller.shift(timedelta(minutes=1))
    Issue.objects.update(  # the worker died right after copying
        labels=["workflow::in dev"], changed_at=NOW + timedelta(seconds=30)
    )
    sandbox.act(101, issue.iid, "labels", add=["workflow::in dev"])
    tasks.mirror_issues()
    assert read(wish).public_state == "in_progress"
