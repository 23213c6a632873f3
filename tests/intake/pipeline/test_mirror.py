"""GitLab's issues in our tables: what changed, where a run was cut short, what is hidden."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from intake.models import CustomerLink, Issue, Project
from intake.pipeline.mirror import mirror_project, refetch_issue
from portal.gateways.errors import Missing, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account
from portal.sandbox.client import Fault, Sandbox
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

PLATFORM = "larkfield/platform"
LISTING = r"/projects/101/issues$"


class Clock:
    """A minute passes at every look."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mirror(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock) -> Callable[..., set[int]]:
    def run(**how: bool) -> set[int]:
        return mirror_project(PLATFORM, gitlab=gitlab, clock=clock, **how)

    return run


def plant(sandbox: Sandbox, count: int = 1, **fields: object) -> list[int]:
    """Their numbers in the project."""
    rows = [
        {"project_id": 101, "title": f"Wish number {number}", "description": "x", **fields}
        for number in range(count)
    ]
    return [made["iid"] for made in sandbox.seed({"issues": rows})["issues"]]


def test_everything_that_is_shown_is_copied(
    sandbox: Sandbox, mirror: Callable[..., set[int]]
) -> None:
    sandbox.seed(
        {
            "milestones": [{"project_id": 101, "title": "17.3", "due_on": "2027-01-15"}],
            "issues": [
                {"project_id": 101, "title": "T" * 250, "description": "D", "weight": 3,
                 "labels": ["deliverable", "customer"], "milestone": "17.3", "confidential": True}
            ],
        }
    )  # fmt: skip
    assert len(mirror()) == 1
    issue = Issue.objects.get()
    assert (issue.title, issue.weight, issue.milestone) == ("T" * 250, 3, "17.3")
    assert set(issue.labels) == {"deliverable", "customer"}
    assert (issue.is_confidential, issue.is_closed, issue.is_milestone_closed) == (
        True,
        False,
        False,
    )
    assert issue.project.is_public


def test_the_second_run_reads_only_what_is_new_and_writes_only_what_differs(
    sandbox: Sandbox, mirror: Callable[..., set[int]], clock: Clock
) -> None:
    numbers = plant(sandbox, 3)
    assert len(mirror()) == 3
    before = dict(Issue.objects.values_list("iid", "changed_at"))
    assert mirror() == set()
    assert dict(Issue.objects.values_list("iid", "changed_at")) == before

    sandbox.act(101, numbers[1], "labels", add=["deliverable"])
    since = sandbox.last_seq()
    changed = mirror()
    assert changed == {Issue.objects.get(iid=numbers[1]).pk}
    queries = [event["query"] for event in sandbox.events(since, phase="answered", path=LISTING)]
    assert all("updated_after" in str(query) for query in queries)


@pytest.mark.parametrize(
    ("act", "order", "field", "value"),
    [
        ("labels", {"add": ["stretch"]}, "labels", ["stretch"]),
        ("title", {"title": "Another title of it"}, "title", "Another title of it"),
        ("weight", {"value": 5}, "weight", 5),
        ("close", {}, "is_closed", True),
        ("confidential", {"value": True}, "is_confidential", True),
        ("promote", {}, "is_closed", True),
    ],
)
def test_a_change_is_copied(
    sandbox: Sandbox, mirror: Callable[..., set[int]], act: str, order: dict[str, object],
    field: str, value: object,
) -> None:  # fmt: skip
    (number,) = plant(sandbox)
    mirror()
    sandbox.act(101, number, act, **order)
    assert len(mirror()) == 1
    assert getattr(Issue.objects.get(), field) == value


def test_a_run_that_breaks_on_page_three_goes_on_from_there(
    sandbox: Sandbox, mirror: Callable[..., set[int]]
) -> None:
    sandbox.seed(
        {
            "issues": [
                {"project_id": 101, "title": f"Wish {number}", "updated_at": f"{at.isoformat()}"}
                for number in range(250)
                for at in [NOW - timedelta(days=30) + timedelta(hours=number)]
            ]
        }
    )
    # the total, page one, page two, and the third fails
    sandbox.add_faults(Fault(service="gitlab", method="GET", path=LISTING, nth=4, fault="429_text"))
    with pytest.raises(Unavailable):
        mirror()
    assert Issue.objects.count() == 200
    reached = Project.objects.get().synced_to
    assert reached is not None
    assert Project.objects.get().mirrored_at is None
    sandbox.clear_faults()
    since = sandbox.last_seq()
    assert len(mirror()) == 50
    assert Issue.objects.count() == 250
    asked = [event["query"] for event in sandbox.events(since, phase="answered", path=LISTING)]
    assert all("updated_after" in str(query) for query in asked)


def test_notes_are_rewritten_when_an_issue_becomes_confidential_or_public(
    sandbox: Sandbox, mirror: Callable[..., set[int]], account: Account
) -> None:
    (number,) = plant(sandbox)
    mirror()
    link = CustomerLink.objects.create(issue=Issue.objects.get(), account=account)
    for is_hidden in (True, False):
        sandbox.act(101, number, "confidential", value=is_hidden)
        mirror()
        link.refresh_from_db()
        assert link.due_at is not None
        CustomerLink.objects.update(due_at=None)


def test_a_project_that_is_hidden_from_us_is_frozen_and_comes_back(
    sandbox: Sandbox, mirror: Callable[..., set[int]], gitlab: GitLabGateway, clock: Clock
) -> None:
    plant(sandbox, 2)
    mirror()
    before = Issue.objects.order_by("pk").values_list("changed_at", flat=True)[0]
    sandbox.add_faults(Fault(service="gitlab", path=r"/projects/", fault="404"))
    with pytest.raises(Missing):
        mirror()
    assert (Issue.objects.count(), Issue.objects.filter(is_gone=True).count()) == (2, 0)
    assert not Issue.objects.shown_to_customers().exists()
    assert Issue.objects.order_by("pk")[0].changed_at > before  # the index hears of it
    with pytest.raises(Missing):
        refetch_issue(Project.objects.get(), 1, gitlab=gitlab, clock=clock)
    assert not Issue.objects.filter(is_gone=True).exists()
    sandbox.clear_faults()
    mirror()
    assert Issue.objects.shown_to_customers().count() == 2


def test_the_nightly_run_finds_deleted_issues_and_lost_changes(
    sandbox: Sandbox, mirror: Callable[..., set[int]]
) -> None:
    kept, deleted = plant(sandbox, 2)
    mirror()
    sandbox.act(101, deleted, "delete")
    Issue.objects.filter(iid=kept).update(labels=["lost"])
    mirror()
    assert not Issue.objects.filter(is_gone=True).exists()
    mirror(everything=True)
    assert Issue.objects.get(is_gone=True).iid == deleted
    assert Issue.objects.get(iid=kept).labels == []
    assert mirror(everything=True) == set()


def test_an_issue_that_only_the_list_left_out_is_not_gone(
    sandbox: Sandbox, mirror: Callable[..., set[int]]
) -> None:
    plant(sandbox, 3)
    mirror()
    sandbox.add_faults(
        Fault(service="gitlab", path=LISTING, fault="short_page", parameters={"drop": 2})
    )
    mirror(everything=True)
    assert not Issue.objects.filter(is_gone=True).exists()


def test_an_older_reading_does_not_overwrite_a_newer_one(
    sandbox: Sandbox, mirror: Callable[..., set[int]], gitlab: GitLabGateway, clock: Clock
) -> None:
    plant(sandbox)
    mirror()
    Issue.objects.update(updated_at=NOW + timedelta(days=900), title="Read later")
    refetch_issue(Project.objects.get(), 1, gitlab=gitlab, clock=clock)
    assert Issue.objects.get().title == "Read later"


def test_what_was_read_again_says_so(sandbox: Sandbox, mirror: Callable[..., set[int]]) -> None:
    plant(sandbox)
    mirror()
    first = Issue.objects.get().mirrored_at
    mirror()
    assert Issue.objects.get().mirrored_at > first


def test_a_project_by_its_number(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock) -> None:
    plant(sandbox)
    assert len(mirror_project("101", gitlab=gitlab, clock=clock)) == 1
    assert Project.objects.get().path == PLATFORM


def test_a_project_that_becomes_private_hides_its_issues(
    sandbox: Sandbox, mirror: Callable[..., set[int]]
) -> None:
    plant(sandbox)
    mirror()
    before = Issue.objects.get().changed_at
    Project.objects.update(is_public=False)
    mirror()
    assert Issue.objects.shown_to_customers().count() == 1
    assert Issue.objects.get().changed_at > before
