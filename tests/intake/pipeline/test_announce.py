"""The note of one account on one issue: posted once, kept up to date, taken back."""

from collections.abc import Callable

import pytest

from intake.actions import triage
from intake.actions.withdraw import withdraw
from intake.models import CustomerLink, Issue, NoteState, Submission
from portal.models import Account, User
from portal.sandbox.client import Sandbox
from tests.intake.conftest import Clock, Recipe
from tests.portal_fixtures import ACCOUNT_ID

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]
LIGHTNING = "https://larkfield.lightning.force.com"
CLASSIC = "https://larkfield.my.salesforce.com"


def live_notes(sandbox: Sandbox) -> list[dict]:
    return sandbox.notes(deleted=False)


def test_the_note_holds_link_and_priority(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    done = recipe(make_wish(issue, urgency="blocker"))
    assert (done.stage, done.trouble, done.public_state) == ("announced", "", "joined")
    (note,) = live_notes(sandbox)
    assert note["body"].splitlines()[2:4] == [
        f"- Link to request: {CLASSIC}/lightning/r/Account/{ACCOUNT_ID}/view",
        '- Priority: ~"customer priority::7"',
    ]
    assert note["internal"]
    assert recipe.link_of(done).note_id == note["id"]


def test_a_new_priority_edits_the_same_note(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox, tam: User
) -> None:
    done = recipe(make_wish(issue))
    (before,) = live_notes(sandbox)
    triage.set_points(done, 9, by=tam)
    recipe(done)
    (after,) = live_notes(sandbox)
    assert after["id"] == before["id"]
    assert '~"customer priority::9"' in after["body"]


def test_nothing_new_writes_nothing(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    done = recipe(make_wish(issue))
    seen = sandbox.last_seq()
    recipe(done)
    assert sandbox.events(since=seen) == []
    assert recipe.link_of(done).leased_until is None


def test_several_requests_of_an_account_share_the_note_with_the_highest_points(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox, maya: User
) -> None:
    calm = recipe(make_wish(issue, urgency="nice_to_have", summary="First words"))
    loud = recipe(make_wish(issue, urgency="churn_risk", summary="Second words"))
    assert calm.link_id == loud.link_id
    (note,) = live_notes(sandbox)
    assert '~"customer priority::10"' in note["body"]
    assert note["body"].index("Second words") < note["body"].index("First words")
    assert [row.points for row in recipe.link_of(calm).demands.all()] == [10]

    withdraw(loud, by=maya)
    recipe(calm)
    (note,) = live_notes(sandbox)
    assert '~"customer priority::1"' in note["body"]
    assert "Second words" not in note["body"]


def test_withdrawn_takes_our_note_back_and_never_a_persons(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    maya: User,
    settle: Callable[[CustomerLink], None],
) -> None:
    done = recipe(make_wish(issue))
    sandbox.act(101, issue.iid, "note", body=f"Call them: {CLASSIC}/{ACCOUNT_ID}")
    withdraw(done, by=maya)
    settle(recipe.link_of(done))
    assert [note["author"] for note in live_notes(sandbox)] == ["dana"]
    assert recipe.link_of(done).note_state == NoteState.REMOVED
    assert not recipe.link_of(done).demands.exists()


def test_a_persons_note_stays_when_it_was_the_only_one(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    maya: User,
    settle: Callable[[CustomerLink], None],
) -> None:
    sandbox.act(101, issue.iid, "note", body=f"{CLASSIC}/{ACCOUNT_ID}")
    done = recipe(make_wish(issue))
    withdraw(done, by=maya)
    settle(recipe.link_of(done))
    assert len(live_notes(sandbox)) == 1


def test_undo_takes_the_note_back_and_a_later_join_posts_again(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
    settle: Callable[[CustomerLink], None],
) -> None:
    done = recipe(make_wish(issue))
    link = recipe.link_of(done)
    triage.undo(done, by=tam)
    settle(link)
    assert live_notes(sandbox) == []

    triage.join(done, issue=issue, by=tam)
    again = recipe(done)
    assert again.stage == "announced"
    assert len(live_notes(sandbox)) == 1


def test_undo_keeps_a_note_that_another_request_holds(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
    settle: Callable[[CustomerLink], None],
) -> None:
    first, _ = recipe(make_wish(issue)), recipe(make_wish(issue))
    link = recipe.link_of(first)
    triage.undo(first, by=tam)
    settle(link)
    (note,) = live_notes(sandbox)
    assert first.reference not in note["body"]


@pytest.mark.parametrize("noticed", ["by an edit", "by a withdrawal"])
def test_a_note_that_a_person_deleted_is_not_posted_again(
    noticed: str,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
    maya: User,
    settle: Callable[[CustomerLink], None],
) -> None:
    done = recipe(make_wish(issue))
    (note,) = live_notes(sandbox)
    sandbox.act(101, issue.iid, "delete_note", note_id=note["id"])
    link = recipe.link_of(done)
    if noticed == "by an edit":
        triage.set_points(done, 9, by=tam)
        recipe(done)
    else:
        withdraw(done, by=maya)
        settle(link)
    assert CustomerLink.objects.get(pk=link.pk).note_state == NoteState.DELETED

    assert recipe(make_wish(issue)).stage == "announced"
    assert live_notes(sandbox) == []


def test_an_account_named_later_moves_the_note(
    issue: Issue,
    make_wish: MakeWish,
    make_account: Callable[[str], Account],
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
    settle: Callable[[CustomerLink], None],
) -> None:
    done = recipe(make_wish(issue))
    wrong = recipe.link_of(done)
    triage.assign_account(done, account=make_account("Contoso"), by=tam)
    moved = recipe(done)
    settle(wrong)
    assert moved.stage == "announced"
    (note,) = live_notes(sandbox)
    assert ACCOUNT_ID not in note["body"]


def test_a_moved_issue_takes_its_requests_and_their_note_along(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    settle: Callable[[CustomerLink], None],
) -> None:
    done = recipe(make_wish(issue))
    old = recipe.link_of(done)
    sandbox.act(101, issue.iid, "move", to_project_id=102)
    Issue.objects.filter(pk=issue.pk).update(is_closed=True)  # as the mirror will say
    Submission.objects.filter(pk=done.pk).update(stage="account_resolved")

    moved = recipe(done)
    settle(old)
    assert moved.issue is not None
    assert moved.issue.project.project_id == 102
    assert [note["project_id"] for note in live_notes(sandbox)] == [102]


def test_an_issue_that_is_gone_asks_a_person(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox, tam: User
) -> None:
    done = recipe(make_wish(issue))
    sandbox.act(101, issue.iid, "delete")
    triage.set_points(done, 9, by=tam)
    stuck = recipe(done)
    assert stuck.trouble == "gitlab_refused"
    assert recipe.link_of(done).note_state == NoteState.REFUSED


def test_a_refusal_is_tried_again_when_a_person_says_so(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
    clock: Clock,
    refuse_once: Callable[[], None],
) -> None:
    refuse_once()
    stuck = recipe(make_wish(issue))
    assert (stuck.stage, stuck.trouble) == ("account_resolved", "gitlab_refused")
    assert stuck.trouble_detail
    clock.pass_lease()
    assert recipe(stuck).trouble == "gitlab_refused"
    assert live_notes(sandbox) == []

    triage.try_again(stuck, by=tam)
    done = recipe(stuck)
    assert (done.stage, done.trouble, done.trouble_detail) == ("announced", "", "")
    assert len(live_notes(sandbox)) == 1


def test_a_refused_edit_reaches_every_request_behind_the_note(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    tam: User,
) -> None:
    first, second = recipe(make_wish(issue)), recipe(make_wish(issue))
    sandbox.act(101, issue.iid, "delete")
    triage.set_points(first, 9, by=tam)
    recipe(first)
    assert recipe.read(second).trouble == "gitlab_refused"
