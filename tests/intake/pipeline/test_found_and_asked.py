"""One account on one issue, asked for both by a request and by a person in GitLab."""

from collections.abc import Callable

import pytest

from intake.models import CustomerLink, Submission
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account
from portal.sandbox.client import Sandbox
from tests.intake.conftest import Clock, Recipe
from tests.intake.gitlab_desk import Desk, demands, issue, link_to, links
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]
Settle = Callable[..., None]
NORTHWIND = "Northwind Freight"


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock) -> Desk:
    return Desk(sandbox, gitlab, clock)


@pytest.fixture
def iid(desk: Desk, account: Account) -> int:
    (iid,) = desk.plant()
    desk.read()
    return iid


def own_notes(sandbox: Sandbox) -> list[str]:
    return [note["body"] for note in sandbox.notes(deleted=False) if note["author"] == "portal-bot"]


def test_the_label_set_by_hand_beats_the_answer_and_our_note_says_so(
    desk: Desk, iid: int, make_wish: MakeWish, recipe: Recipe, settle: Settle
) -> None:
    recipe(make_wish(issue(iid), urgency="important"))
    assert 'priority::4"' in own_notes(desk.sandbox)[0]
    desk.write(iid, link_to(ACCOUNT_ID, 9))
    desk.read()
    link = links()[iid, NORTHWIND]
    assert demands(link) == [("retention", None, 9)]
    assert link.note_state == "posted"
    assert link.due_at is not None
    settle(link)
    assert 'priority::9"' in own_notes(desk.sandbox)[0]
    assert len(own_notes(desk.sandbox)) == 1


def test_a_tams_override_beats_the_label(
    desk: Desk, iid: int, make_wish: MakeWish, recipe: Recipe
) -> None:
    desk.write(iid, link_to(ACCOUNT_ID, 9))
    desk.read()
    recipe(make_wish(issue(iid), points_override=3))
    link = links()[iid, NORTHWIND]
    assert (link.hand_set_points, demands(link)) == (9, [("retention", None, 3)])
    assert own_notes(desk.sandbox) == []  # the person's link stands


def test_a_persons_link_outlives_the_request(
    desk: Desk, iid: int, make_wish: MakeWish, recipe: Recipe, settle: Settle
) -> None:
    wish = recipe(make_wish(issue(iid), urgency="churn_risk"))
    note = desk.write(iid, link_to(ACCOUNT_ID))
    desk.read()
    Submission.objects.filter(pk=wish.pk).update(withdrawn_at=NOW)
    link = links()[iid, NORTHWIND]
    settle(link)
    link.refresh_from_db()
    assert own_notes(desk.sandbox) == []
    assert (link.note_state, link.note_id) == ("found", note)
    assert demands(link) == [("retention", None, 1)]


def test_a_request_outlives_the_persons_link_and_gets_a_note_of_ours(
    desk: Desk, iid: int, make_wish: MakeWish, recipe: Recipe, settle: Settle
) -> None:
    note = desk.write(iid, link_to(ACCOUNT_ID, 9))
    desk.read()
    recipe(make_wish(issue(iid), urgency="important"))
    desk.delete(iid, note)
    desk.read()
    link = links()[iid, NORTHWIND]
    assert (link.note_state, demands(link)) == ("wanted", [("retention", None, 4)])
    settle(link)
    assert len(own_notes(desk.sandbox)) == 1
    assert links()[iid, NORTHWIND].note_state == "posted"


def test_a_comment_adopted_before_it_was_read_stays_adopted(
    desk: Desk, iid: int, make_wish: MakeWish, recipe: Recipe
) -> None:
    note = desk.write(iid, link_to(ACCOUNT_ID, 6))
    recipe(make_wish(issue(iid)))
    link = CustomerLink.objects.get()
    assert (link.note_state, link.hand_set_points) == ("found", None)
    desk.read()
    link = CustomerLink.objects.get()
    assert (link.note_state, link.note_id, link.hand_set_points) == ("found", note, 6)
    assert demands(link) == [("retention", None, 6)]


@pytest.mark.parametrize("how", ["duplicate", "move"])
def test_links_follow_an_issue_that_went_on(desk: Desk, account: Account, how: str) -> None:
    old, new = desk.plant(2)
    desk.write(old, link_to(ACCOUNT_ID, 8))
    desk.read()
    if how == "duplicate":
        desk.sandbox.act(101, old, "duplicate", of_iid=new)
    else:
        desk.sandbox.act(101, old, "move", to_project_id=102)
    desk.read()
    desk.read()
    rows = CustomerLink.objects.select_related("issue__project").order_by("pk")
    left, came_to = rows
    assert (left.issue.iid, left.note_state, demands(left)) == (old, "removed", [])
    place = (101, new) if how == "duplicate" else (102, 1)
    assert (came_to.issue.project.project_id, came_to.issue.iid) == place
    assert came_to.note_state == "found"
    assert (came_to.note_id is None) == (how == "duplicate")  # a move copies the comments
    assert demands(came_to) == [("retention", None, 8)]


def test_a_chain_is_followed_to_its_end_and_back_when_it_opens_again(
    desk: Desk, account: Account
) -> None:
    first, second, third = desk.plant(3)
    desk.write(first, link_to(ACCOUNT_ID, 8))
    desk.sandbox.act(101, first, "duplicate", of_iid=second)
    desk.read()
    desk.read()
    assert demands(links()[second, NORTHWIND]) == [("retention", None, 8)]
    desk.sandbox.act(101, second, "duplicate", of_iid=third)
    desk.read()
    desk.read()
    counted = {iid: demands(link) for (iid, _), link in links().items()}
    assert counted == {first: [], second: [], third: [("retention", None, 8)]}
    desk.sandbox.act(101, first, "reopen")
    desk.read()
    desk.read()
    counted = {iid: demands(link) for (iid, _), link in links().items()}
    assert counted == {first: [("retention", None, 8)], second: [], third: []}


def test_a_request_on_the_issue_that_goes_on_gets_its_own_note(
    desk: Desk, account: Account, make_wish: MakeWish, recipe: Recipe
) -> None:
    old, new = desk.plant(2)
    desk.write(old, link_to(ACCOUNT_ID, 8))
    desk.sandbox.act(101, old, "duplicate", of_iid=new)
    desk.read()
    desk.read()
    recipe(make_wish(issue(new)))
    assert len(own_notes(desk.sandbox)) == 1
    link = links()[new, NORTHWIND]
    assert (link.note_state, demands(link)) == ("posted", [("retention", None, 8)])
