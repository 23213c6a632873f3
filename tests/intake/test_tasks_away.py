"""GitLab or Salesforce away, slow or refusing: rows wait, say why, and go on by themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from pytest_django.fixtures import Settings

from intake import tasks
from intake.models import Issue, Submission
from portal.models import Account, Door, User
from portal.sandbox.client import Fault, Sandbox
from portal.tasks import probe_doors
from tests.portal_fixtures import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gitlab", "salesforce", "inline")]

MakeWish = Callable[..., Submission]


def read(wish: Submission) -> Submission:
    return Submission.objects.get(pk=wish.pk)


def alerts() -> list[str]:
    return [letter.subject for letter in mail.outbox if "cannot use" in letter.subject]


def fail(sandbox: Sandbox, fault: str, **which: Any) -> None:
    order = {"service": "gitlab", "method": "POST", "path": r"/notes$"} | which
    sandbox.add_faults(Fault(fault, **order))


@pytest.mark.parametrize(
    ("fault", "trouble", "back_after"),
    [
        ("429_text", "gitlab_away", 1),
        ("429_json", "gitlab_away", 5),
        ("401", "gitlab_away", 60),
        ("500", "", 120),
        ("reset_after_commit", "", 120),
    ],
)
def test_a_row_says_why_it_waits_and_until_when(
    fault: str,
    trouble: str,
    back_after: int,
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    fail(sandbox, fault, nth=1)
    wish = make_wish(issue)
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble) == ("account_resolved", trouble)
    assert row.due_at == NOW + timedelta(seconds=back_after)
    assert row.attempts == 0

    traveller.shift(timedelta(seconds=max(back_after, 61)))
    probe_doors()
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble, row.due_at) == ("announced", "", None)
    assert len(sandbox.notes()) == 1


def test_a_refused_token_is_one_alert_and_everything_resumes_by_itself(
    issue: Issue,
    make_wish: MakeWish,
    make_account: Callable[[str], Account],
    sandbox: Sandbox,
    settings: Settings,
    traveller: time_machine.Traveller,
) -> None:
    settings.GITLAB_TOKEN = "expired-token"
    wishes = [make_wish(issue, account=make_account(f"Customer {n}")) for n in range(5)]
    for wish in wishes:
        tasks.process_submission(wish.pk)
    assert {row.stage for row in Submission.objects.all()} == {"account_resolved"}
    assert {row.trouble for row in Submission.objects.all()} == {"gitlab_away"}
    assert len(alerts()) == 1
    assert Door.objects.get().is_shut

    traveller.shift(timedelta(minutes=2))
    seen = sandbox.last_seq()
    tasks.sweep()
    assert sandbox.events(since=seen) == []  # a shut door is not knocked at by the rows
    probe_doors()
    assert Door.objects.get().is_shut

    settings.GITLAB_TOKEN = "sandbox-token"  # mended
    traveller.shift(timedelta(minutes=2))
    probe_doors()
    tasks.sweep()
    assert {row.stage for row in Submission.objects.all()} == {"announced"}
    assert {row.trouble for row in Submission.objects.all()} == {""}
    assert len(sandbox.notes()) == 5
    assert len(alerts()) == 1


def test_a_token_that_may_knock_but_not_write_raises_one_alert(
    issue: Issue,
    make_wish: MakeWish,
    sandbox: Sandbox,
    settings: Settings,
    traveller: time_machine.Traveller,
) -> None:
    settings.GITLAB_TOKEN = "readonly-token"
    wish = make_wish(issue)
    for _ in range(5):
        tasks.process_submission(wish.pk)
        traveller.shift(timedelta(minutes=2))
        probe_doors()
    assert read(wish).stage == "account_resolved"
    assert len(alerts()) == 1
    assert sandbox.notes() == []


def test_gitlab_away_is_asked_less_and_less_often(
    issue: Issue,
    make_wish: MakeWish,
    settings: Settings,
    traveller: time_machine.Traveller,
) -> None:
    settings.GITLAB_URL = "http://127.0.0.1:9"  # nothing listens there
    wish = make_wish(issue)
    waits = []
    for _ in range(9):
        tasks.process_submission(wish.pk)
        row = read(wish)
        assert row.due_at is not None
        assert (row.trouble, row.stage) == ("gitlab_away", "account_resolved")
        waits.append(int((row.due_at - datetime.now(tz=NOW.tzinfo)).total_seconds()))
        traveller.move_to(row.due_at)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600]


@pytest.mark.parametrize(
    ("fault", "back_after"),
    [("503", 5), ("request_limit", 5), ("server_unavailable", 5), ("lock_row", 5)],
)
def test_salesforce_away_keeps_the_request_and_its_place(
    fault: str,
    back_after: int,
    make_wish: MakeWish,
    make_user: Callable[..., User],
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    plant_contact(sandbox)
    wish = make_wish(
        None, account=None, stage="matched", submitter=make_user("lena@contoso.example")
    )
    sandbox.add_faults(Fault(fault, service="salesforce", path=r"/query", nth=1))
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble) == ("matched", "salesforce_away")
    assert row.due_at == NOW + timedelta(seconds=back_after)

    traveller.shift(timedelta(seconds=back_after))
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble, str(row.account)) == ("account_resolved", "", "Contoso")


def test_an_expired_salesforce_session_is_not_noticed(
    make_wish: MakeWish,
    make_user: Callable[..., User],
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    plant_contact(sandbox)
    wish = make_wish(
        None, account=None, stage="matched", submitter=make_user("lena@contoso.example")
    )
    sandbox.add_faults(Fault("expired_session", service="salesforce", path=r"/query", nth=1))
    tasks.process_submission(wish.pk)
    assert read(wish).stage == "account_resolved"


def plant_contact(sandbox: Sandbox) -> None:
    sandbox.put_account(
        id18="001D000000Ab001IAB",
        name="Contoso",
        contacts=[{"name": "Lena Brandt", "email": "lena@contoso.example"}],
    )


def test_nobody_s_account_is_asked_for_again_tomorrow(
    make_wish: MakeWish,
    make_user: Callable[..., User],
    sandbox: Sandbox,
    traveller: time_machine.Traveller,
) -> None:
    wish = make_wish(
        None, account=None, stage="matched", submitter=make_user("lena@contoso.example")
    )
    tasks.process_submission(wish.pk)
    row = read(wish)
    assert (row.stage, row.trouble) == ("matched", "no_account")
    assert row.due_at is not None
    assert row.due_at >= NOW + timedelta(days=1)

    plant_contact(sandbox)
    traveller.move_to(row.due_at)
    tasks.process_submission(wish.pk)
    assert read(wish).stage == "account_resolved"
