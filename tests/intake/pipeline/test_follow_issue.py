"""Requests follow their issue: told once, never lost, to the end of a chain."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.domain.vocabulary import Stage, Trouble
from intake.models import CustomerLink, Event, Issue, Project, Submission
from intake.pipeline.follow_issue import follow_changes
from intake.pipeline.mirror import mirror_project, refetch_issue
from portal.gateways.errors import Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account, User
from portal.sandbox.client import Fault, Sandbox
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

ONE_ISSUE = r"/projects/\d+/issues/\d+$"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def look(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock) -> Callable[[], list[int]]:
    """One turn of the mirror, and what follows from it."""

    def run() -> list[int]:
        mirror_project("larkfield/platform", gitlab=gitlab, clock=clock)
        return follow_changes(gitlab=gitlab, clock=clock)

    return run


@pytest.fixture
def joined(
    sandbox: Sandbox, look: Callable[[], list[int]], maya: User, tam: User,
    make_draft: Callable[..., SubmissionDraft],
) -> Submission:  # fmt: skip
    """A request joined to issue 1 of three."""
    titles = ("Limit approvals by path", "The same in other words", "And a third time")
    sandbox.seed({"issues": [{"project_id": 101, "title": title} for title in titles]})
    look()
    sent = submit(make_draft(), by=maya)
    triage.join(sent, issue=Issue.objects.get(iid=1), by=tam)
    look()
    return sent


def told(submission: Submission) -> list[str]:
    kinds = Event.objects.filter(submission=submission, kind="progressed")
    return [event.facts["state"] for event in kinds]


def test_a_change_is_told_once(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]]
) -> None:
    sandbox.seed({"milestones": [{"project_id": 101, "title": "17.3"}]})
    sandbox.act(101, 1, "milestone", title="17.3")
    for _ in range(3):
        look()
    joined.refresh_from_db()
    assert (joined.public_state, joined.release) == ("scheduled", "17.3")
    sandbox.act(101, 1, "labels", add=["deliverable"])
    look()
    sandbox.act(101, 1, "labels", add=["unrelated"])
    look()
    assert told(joined) == ["scheduled", "committed"]


def test_a_change_survives_a_run_that_ends_between_copying_and_telling(
    sandbox: Sandbox, joined: Submission, gitlab: GitLabGateway, clock: Clock
) -> None:
    sandbox.act(101, 1, "labels", add=["workflow::in dev"])
    mirror_project("larkfield/platform", gitlab=gitlab, clock=clock)  # and the worker dies
    mirror_project("larkfield/platform", gitlab=gitlab, clock=clock)
    follow_changes(gitlab=gitlab, clock=clock)
    assert told(joined) == ["in_progress"]


def test_gitlab_away_while_following_is_tried_again(
    sandbox: Sandbox, joined: Submission, gitlab: GitLabGateway, clock: Clock
) -> None:
    sandbox.act(101, 1, "duplicate", of_project_id=101, of_iid=2)
    mirror_project("larkfield/platform", gitlab=gitlab, clock=clock)
    sandbox.add_faults(Fault(service="gitlab", path=ONE_ISSUE, fault="502_html"))
    with pytest.raises(Unavailable):
        follow_changes(gitlab=gitlab, clock=clock)
    joined.refresh_from_db()
    assert joined.issue is not None
    assert joined.issue.iid == 1
    sandbox.clear_faults()
    assert follow_changes(gitlab=gitlab, clock=clock) == [joined.pk]


def test_a_duplicate_of_a_duplicate_counts_on_the_last_one(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]], account: Account
) -> None:
    first = Issue.objects.get(iid=1)
    link = CustomerLink.objects.create(issue=first, account=account)
    Submission.objects.update(link=link, stage=Stage.ANNOUNCED)
    sandbox.act(101, 1, "duplicate", of_project_id=101, of_iid=2)
    sandbox.act(101, 2, "duplicate", of_project_id=101, of_iid=3)
    assert look() == [joined.pk]
    joined.refresh_from_db()
    link.refresh_from_db()
    assert joined.issue is not None
    assert (joined.issue.iid, joined.link, joined.stage) == (3, None, Stage.ACCOUNT_RESOLVED)
    assert link.due_at is not None  # its note is taken back
    assert told(joined) == []
    first.refresh_from_db()
    assert first.successor == joined.issue


def test_a_later_link_of_the_chain_is_followed_too(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]]
) -> None:
    sandbox.act(101, 1, "duplicate", of_project_id=101, of_iid=2)
    look()
    sandbox.act(101, 2, "duplicate", of_project_id=101, of_iid=3)
    look()
    joined.refresh_from_db()
    assert joined.issue is not None
    assert joined.issue.iid == 3
    assert {issue.iid for issue in joined.issue.predecessors.all()} == {1, 2}


def test_a_moved_issue_is_followed_into_another_project(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]]
) -> None:
    sandbox.act(101, 1, "move", to_project_id=102)
    look()
    joined.refresh_from_db()
    assert joined.issue is not None
    assert joined.issue.project.project_id == 102
    assert not joined.issue.is_shown_to_customers
    assert Project.objects.filter(project_id=102, is_public=False).exists()


def test_a_circle_leaves_the_request_where_it_is(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]]
) -> None:
    sandbox.act(101, 1, "duplicate", of_project_id=101, of_iid=2)
    sandbox.act(101, 2, "duplicate", of_project_id=101, of_iid=1)
    assert look() == []
    joined.refresh_from_db()
    assert joined.issue is not None
    assert (joined.issue.iid, joined.needs_reason) == (1, True)


@pytest.mark.parametrize("act", ["close", "promote"])
def test_closed_without_a_release_waits_for_a_person(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]], act: str
) -> None:
    sandbox.act(101, 1, act)
    look()
    joined.refresh_from_db()
    assert (joined.public_state, joined.needs_reason) == ("joined", True)
    assert told(joined) == []
    assert Submission.objects.awaiting_triage().get() == joined


def test_a_scheduled_request_keeps_its_release_when_the_issue_is_closed(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]]
) -> None:
    sandbox.seed({"milestones": [{"project_id": 101, "title": "17.3"}]})
    sandbox.act(101, 1, "milestone", title="17.3")
    look()
    sandbox.act(101, 1, "milestone", title=None)
    sandbox.act(101, 1, "close")
    look()
    joined.refresh_from_db()
    assert (joined.public_state, joined.release, joined.needs_reason) == ("scheduled", "17.3", True)
    assert told(joined) == ["scheduled"]


def test_an_issue_that_is_gone_asks_for_a_person_and_one_that_is_back_does_not(
    sandbox: Sandbox, joined: Submission, gitlab: GitLabGateway, clock: Clock
) -> None:
    sandbox.add_faults(Fault(service="gitlab", path=r"/issues/1$", fault="404"))
    Issue.objects.exclude(iid=1).delete()
    mirror_project("larkfield/platform", gitlab=gitlab, clock=clock)
    refetch_issue(Project.objects.get(project_id=101), 1, gitlab=gitlab, clock=clock)
    follow_changes(gitlab=gitlab, clock=clock)
    joined.refresh_from_db()
    assert joined.trouble == Trouble.ISSUE_GONE
    assert not Issue.objects.get(iid=1).is_shown_to_customers
    sandbox.clear_faults()
    refetch_issue(Project.objects.get(project_id=101), 1, gitlab=gitlab, clock=clock)
    follow_changes(gitlab=gitlab, clock=clock)
    joined.refresh_from_db()
    assert (joined.trouble, joined.due_at is not None) == ("", True)


def test_one_refusal_does_not_hold_up_the_others(
    sandbox: Sandbox, joined: Submission, look: Callable[[], list[int]], maya: User, tam: User,
    make_draft: Callable[..., SubmissionDraft],
) -> None:  # fmt: skip
    second = submit(make_draft(), by=maya)
    triage.join(second, issue=Issue.objects.get(iid=2), by=tam)
    sandbox.act(101, 1, "close")
    sandbox.act(101, 2, "labels", add=["workflow::in dev"])
    sandbox.add_faults(Fault(service="gitlab", path=r"/issues/1$", fault="404"))
    look()
    assert told(second) == ["in_progress"]
