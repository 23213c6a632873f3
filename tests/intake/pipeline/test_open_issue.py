"""A new issue for a request: opened once, whatever happens between, and closed when taken back."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from intake.actions import triage
from intake.actions.refusals import AlreadyDecided
from intake.models import Submission
from intake.pipeline.lease import LeaseBusy
from portal.gateways.errors import Misconfigured, Refused, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.models import User
from portal.sandbox.client import Fault, Sandbox
from tests.intake.conftest import LEASE, Clock, Recipe
from tests.intake.pipeline.interrupted import InterruptedGateway
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

Wanted = Callable[[], Submission]
POST_ISSUE = {"service": "gitlab", "method": "POST", "path": r"/projects/\d+/issues$"}
LOST = [
    ("reset_before", {}),
    ("reset_after_commit", {}),
    ("truncate_after_commit", {}),
    ("bad_json_after_commit", {}),
    ("500", {}),
    ("502_html", {}),
    ("hang", {}),
    ("ghost_write", {"delay": 0.2}),
]


@pytest.fixture
def wanted(make_wish: Callable[..., Submission], tam: User) -> Wanted:
    """A request for which a TAM asked for a new issue."""

    def make() -> Submission:
        wish = make_wish(None)
        triage.create_issue(wish, by=tam)
        return wish

    return make


@pytest.fixture
def interrupted(gitlab: GitLabGateway, sandbox: Sandbox) -> InterruptedGateway:
    return InterruptedGateway(sandbox)


@pytest.mark.parametrize(("fault", "parameters"), LOST)
def test_a_lost_answer_opens_no_second_issue(
    fault: str,
    parameters: dict[str, Any],
    wanted: Wanted,
    recipe: Recipe,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    hasty = GitLabGateway(sandbox.gitlab_url, "sandbox-token", timeout=5, write_deadline=0.8)
    sandbox.add_faults(Fault(fault, **POST_ISSUE, nth=1, parameters=parameters))
    wish = wanted()
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: hasty)
    assert recipe.read(wish).issue_lease_until == NOW + LEASE
    with pytest.raises(LeaseBusy):  # whoever comes too early
        recipe(wish)
    if fault == "ghost_write":
        sandbox.wait_for(phase="committed", method="POST", path=r"/issues$")
    clock.pass_lease()
    done = recipe(wish)
    assert (done.stage, done.is_issue_wanted) == ("announced", False)
    assert [issue["iid"] for issue in sandbox.issues()] == [done.issue.iid]
    assert len(sandbox.notes()) == 1


@pytest.mark.parametrize(
    ("fault", "heard"), [("429_text", Unavailable), ("401", Misconfigured), ("404", Refused)]
)
def test_a_clear_no_frees_the_request_for_the_next_try(
    fault: str, heard: type[Exception], wanted: Wanted, recipe: Recipe, sandbox: Sandbox
) -> None:
    sandbox.add_faults(Fault(fault, **POST_ISSUE, nth=1))
    wish = wanted()
    with pytest.raises(heard):
        recipe(wish)
    assert recipe.read(wish).issue_lease_until is None
    assert recipe(wish).stage == "announced"
    assert len(sandbox.issues()) == 1


@pytest.mark.parametrize("project", ["", "no/such-project"])
def test_without_a_project_a_person_is_asked_and_nothing_else_stops(
    project: str, wanted: Wanted, recipe: Recipe, gitlab: GitLabGateway, settings: Settings
) -> None:
    settings.GITLAB_NEW_ISSUE_PROJECT = project
    wish = wanted()
    with pytest.raises(Refused, match="GITLAB_NEW_ISSUE_PROJECT"):
        recipe(wish)
    assert recipe.read(wish).issue_lease_until is None


def test_two_people_decide_and_one_issue_is_opened(
    wanted: Wanted, recipe: Recipe, sandbox: Sandbox, make_user: Callable[..., User]
) -> None:
    wish = wanted()
    other = make_user("olga@larkfield.example", name="Olga", role="tam")
    with pytest.raises(AlreadyDecided, match="Priya"):
        triage.create_issue(wish, by=other)
    recipe(wish)
    recipe(wish)
    assert len(sandbox.issues()) == 1


def test_a_second_worker_waits_while_the_first_is_creating(
    wanted: Wanted, recipe: Recipe, interrupted: InterruptedGateway, sandbox: Sandbox
) -> None:
    wish = wanted()

    def come_too() -> None:
        with pytest.raises(LeaseBusy):
            recipe(wish)

    interrupted.before_creating = come_too
    recipe(wish, gitlab=lambda: interrupted)
    assert len(sandbox.issues()) == 1


def test_a_worker_paused_past_its_hold_does_not_create(
    wanted: Wanted, recipe: Recipe, interrupted: InterruptedGateway, sandbox: Sandbox, clock: Clock
) -> None:
    wish = wanted()

    def take_over() -> None:
        clock.pass_lease()
        recipe(wish)

    interrupted.before_creating = take_over
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: interrupted)
    assert len(sandbox.issues()) == 1
    assert recipe.read(wish).stage == "announced"


def test_the_rule_opens_an_issue_where_nothing_is_alike(
    make_wish: Callable[..., Submission], recipe: Recipe, sandbox: Sandbox, settings: Settings
) -> None:
    settings.CREATE_UNMATCHED_ISSUES = True
    done = recipe(make_wish(None, verdict="none"))
    assert (done.decision, done.decided_by_kind, done.stage) == ("new_issue", "rule", "announced")
    assert recipe(make_wish(None, verdict="likely")).decision == "pending"
    assert len(sandbox.issues()) == 1


def test_the_rule_does_not_decide_what_a_person_took_back(
    make_wish: Callable[..., Submission],
    recipe: Recipe,
    sandbox: Sandbox,
    settings: Settings,
    tam: User,
) -> None:
    settings.CREATE_UNMATCHED_ISSUES = True
    wish = recipe(make_wish(None, verdict="none", form_token=uuid4()))
    triage.undo(wish, by=tam)
    assert recipe(wish).decision == "pending"
    assert [issue["state"] for issue in sandbox.issues()] == ["closed"]
