"""A new issue that is taken back is closed, if nobody else touched it."""

from collections.abc import Callable
from typing import Any

import pytest

from intake.actions import triage
from intake.actions.withdraw import withdraw
from intake.models import Submission
from intake.pipeline.lease import LeaseBusy
from intake.pipeline.open_issue import CLOSING_WORD
from intake.pipeline.outcome import find_due
from portal.gateways.gitlab import GitLabGateway
from portal.models import User
from portal.sandbox.client import Fault, Sandbox
from tests.intake.conftest import Clock, Recipe
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


def open_issues(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [issue for issue in sandbox.issues() if issue["state"] == "opened"]


def closing_words(sandbox: Sandbox) -> list[str]:
    return [note["body"] for note in sandbox.notes() if note["body"] == CLOSING_WORD]


def test_undo_before_the_post_creates_nothing(
    wanted: Wanted, recipe: Recipe, interrupted: InterruptedGateway, sandbox: Sandbox, tam: User
) -> None:
    wish = wanted()
    interrupted.before_creating = lambda: triage.undo(wish, by=tam)
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: interrupted)
    assert sandbox.issues() == []
    assert recipe.read(wish).issue_lease_until is None


@pytest.mark.parametrize("is_undo", [True, False])
def test_taken_back_during_the_post_it_is_closed_again(
    is_undo: bool,
    wanted: Wanted,
    recipe: Recipe,
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    tam: User,
    maya: User,
) -> None:
    wish = wanted()
    act = (lambda: triage.undo(wish, by=tam)) if is_undo else (lambda: withdraw(wish, by=maya))
    interrupted.after_creating = act
    recipe(wish, gitlab=lambda: interrupted)
    recipe(wish)
    assert len(sandbox.issues()) == 1
    assert open_issues(sandbox) == []
    assert len(closing_words(sandbox)) == 1
    row = recipe.read(wish)
    assert (row.abandoned_issue, row.issue, row.is_issue_wanted) == (None, None, False)


def test_asked_for_again_while_the_first_is_closed_it_is_a_new_one(
    wanted: Wanted, recipe: Recipe, sandbox: Sandbox, tam: User
) -> None:
    wish = recipe(wanted())
    triage.undo(wish, by=tam)
    triage.create_issue(wish, by=tam)
    again = recipe(wish)
    assert [issue["iid"] for issue in open_issues(sandbox)] == [again.issue.iid]
    assert len(sandbox.issues()) == 2


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_an_issue_whose_worker_died_before_it_was_taken_back_is_found_and_closed(
    is_withdrawn: bool,
    wanted: Wanted,
    recipe: Recipe,
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
    maya: User,
) -> None:
    class Died(Exception):
        pass

    def die() -> None:
        raise Died

    wish = wanted()
    interrupted.after_creating = die
    with pytest.raises(Died):
        recipe(wish, gitlab=lambda: interrupted)
    if is_withdrawn:
        withdraw(wish, by=maya)
    else:  # an undo that remembers what may be on its way
        Submission.objects.filter(pk=wish.pk).update(
            is_issue_wanted=False, decision="pending", due_at=NOW
        )
    with pytest.raises(LeaseBusy):
        recipe(wish)
    clock.pass_lease()
    assert find_due(now=clock(), most=9) == [wish.pk]
    recipe(wish)
    assert len(sandbox.issues()) == 1
    assert open_issues(sandbox) == []
    row = recipe.read(wish)
    assert (row.issue_marker, row.issue_lease_until, row.abandoned_issue) == (None, None, None)


def test_a_creation_that_never_arrived_leaves_nothing_to_close(
    wanted: Wanted, recipe: Recipe, sandbox: Sandbox, clock: Clock
) -> None:
    wish = wanted()
    Submission.objects.filter(pk=wish.pk).update(
        is_issue_wanted=False, decision="pending", issue_lease_until=NOW
    )
    recipe(wish)
    row = recipe.read(wish)
    assert (row.issue_marker, row.issue_lease_until, row.abandoned_issue) == (None, None, None)
    assert sandbox.issues() == []


TOUCHES: list[tuple[str, dict[str, Any]]] = [
    ("note", {"body": "Good idea"}),
    ("labels", {"add": ["workflow::in dev"]}),
    ("title", {"title": "A better title"}),
    ("weight", {"value": 3}),
    ("confidential", {"value": False}),
]


@pytest.mark.parametrize(("act", "order"), TOUCHES)
def test_an_issue_that_somebody_touched_is_only_let_go(
    act: str, order: dict[str, Any], wanted: Wanted, recipe: Recipe, sandbox: Sandbox, tam: User
) -> None:
    wish = recipe(wanted())
    sandbox.act(101, wish.issue.iid, act, **order)
    triage.undo(wish, by=tam)
    recipe(wish)
    assert len(open_issues(sandbox)) == 1
    assert closing_words(sandbox) == []
    assert recipe.read(wish).abandoned_issue is None


def test_an_issue_that_another_request_joined_stays_open(
    wanted: Wanted,
    make_wish: Callable[..., Submission],
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
) -> None:
    wish = recipe(wanted())
    recipe(make_wish(wish.issue))
    triage.undo(wish, by=tam)
    recipe(wish)
    assert len(open_issues(sandbox)) == 1


def test_an_abandoned_issue_that_somebody_deleted_holds_nothing_up(
    wanted: Wanted,
    plant_issue: Callable[..., Any],
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
) -> None:
    wish = recipe(wanted())
    sandbox.act(101, wish.issue.iid, "delete")
    triage.undo(wish, by=tam)
    triage.join(wish, issue=plant_issue("Another one"), by=tam)
    done = recipe(wish)
    assert (done.stage, done.abandoned_issue, done.trouble) == ("announced", None, "")


@pytest.mark.parametrize("fault", ["reset_after_commit", "ghost_write", "500"])
def test_the_closing_word_is_said_once(
    fault: str, wanted: Wanted, recipe: Recipe, sandbox: Sandbox, tam: User, clock: Clock
) -> None:
    wish = recipe(wanted())
    triage.undo(wish, by=tam)
    parameters = {"delay": 0.2} if fault == "ghost_write" else {}
    sandbox.add_faults(Fault(fault, method="POST", path=r"/notes$", nth=1, parameters=parameters))
    seen = sandbox.last_seq()
    with pytest.raises(LeaseBusy):
        recipe(wish)
    if fault == "ghost_write":
        sandbox.wait_for(since=seen, phase="committed", method="POST", path=r"/notes$")
    clock.pass_lease()
    recipe(wish)
    assert len(closing_words(sandbox)) == 1
    assert open_issues(sandbox) == []
