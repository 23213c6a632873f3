"""What others do while a worker is at a note: nothing is posted twice, nobody is forgotten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from intake.actions import triage
from intake.actions.withdraw import withdraw
from intake.models import CustomerLink, Issue, NoteState, Submission
from intake.pipeline.lease import Lease, LeaseBusy
from portal.gateways.gitlab import GitLabGateway
from portal.models import User
from portal.sandbox.client import Sandbox
from tests.intake.conftest import LEASE, Clock, Recipe
from tests.intake.pipeline.interrupted import InterruptedGateway
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]


@pytest.fixture
def interrupted(gitlab: GitLabGateway, sandbox: Sandbox) -> InterruptedGateway:
    return InterruptedGateway(sandbox)


def live_notes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return sandbox.notes(deleted=False)


def test_a_worker_paused_past_its_lease_does_not_post(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    interrupted.after_listing = clock.pass_lease
    wish = make_wish(issue)
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: interrupted)
    assert sandbox.events(method="POST", path=r"/notes$") == []
    assert recipe(wish).stage == "announced"
    assert len(sandbox.notes()) == 1


def test_a_paused_worker_finds_its_turn_taken_over(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    wish = make_wish(issue)

    def take_over() -> None:
        clock.pass_lease()
        recipe(wish)

    interrupted.after_listing = take_over
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: interrupted)
    assert len(sandbox.notes()) == 1
    assert recipe.read(wish).stage == "announced"
    assert recipe.link_of(wish).note_state == NoteState.POSTED


def test_a_worker_paused_after_posting_does_not_overwrite_its_successor(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
    tam: User,
) -> None:
    wish = make_wish(issue)

    def take_over() -> None:
        clock.pass_lease()
        triage.set_points(wish, 9, by=tam)
        recipe(wish)

    interrupted.after_posting = take_over
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: interrupted)
    recipe(wish)
    (note,) = sandbox.notes()
    assert '~"customer priority::9"' in note["body"]


@pytest.mark.parametrize("act", ["edit", "take back"])
def test_a_paused_worker_neither_edits_nor_removes(
    act: str,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    settle: Callable[..., None],
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
    tam: User,
) -> None:
    wish = recipe(make_wish(issue))
    link = recipe.link_of(wish)
    Submission.objects.filter(pk=wish.pk).update(
        points_override=9, **({} if act == "edit" else {"link": None})
    )
    CustomerLink.objects.filter(pk=link.pk).update(
        note_state="wanted" if act == "edit" else "posted"
    )
    interrupted.after_listing = clock.pass_lease
    seen = sandbox.last_seq()
    with pytest.raises(LeaseBusy):
        settle(link, gitlab=interrupted)
    assert not sandbox.events(since=seen, method="PUT")
    assert not sandbox.events(since=seen, method="DELETE")


@pytest.mark.parametrize("moment", ["after_listing", "after_posting"])
@pytest.mark.parametrize("is_undo", [True, False])
def test_a_decision_taken_back_while_the_note_is_written_is_not_forgotten(
    moment: str,
    is_undo: bool,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    settle: Callable[..., None],
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
    tam: User,
    maya: User,
) -> None:
    wish = make_wish(issue)

    def take_back() -> None:
        clock.advance(seconds=1)
        if is_undo:
            triage.undo(wish, by=tam)
        else:
            withdraw(wish, by=maya)

    setattr(interrupted, moment, take_back)
    recipe(wish, gitlab=lambda: interrupted)
    assert recipe.read(wish).stage != "announced"
    link = CustomerLink.objects.get()
    assert link.due_at is not None  # rung, and not silenced by the end of the turn
    settle(link)
    assert live_notes(sandbox) == []
    assert CustomerLink.objects.get().note_state == NoteState.REMOVED


def test_a_second_request_that_arrives_during_the_turn_is_settled_too(
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    settle: Callable[..., None],
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    first, second = make_wish(issue), make_wish(issue, urgency="churn_risk")

    def arrive() -> None:
        clock.advance(seconds=1)
        with pytest.raises(LeaseBusy) as busy:
            recipe(second)
        assert busy.value.until > clock()

    interrupted.after_listing = arrive
    recipe(first, gitlab=lambda: interrupted)
    link = recipe.link_of(first)
    assert link.due_at is not None
    settle(link)
    assert recipe.read(second).stage == "announced"
    (note,) = sandbox.notes()
    assert '~"customer priority::10"' in note["body"]


def test_an_account_named_while_the_note_is_written(
    issue: Issue,
    make_wish: MakeWish,
    make_account: Callable[[str], Any],
    recipe: Recipe,
    settle: Callable[..., None],
    interrupted: InterruptedGateway,
    sandbox: Sandbox,
    clock: Clock,
    tam: User,
) -> None:
    wish, contoso = make_wish(issue), make_account("Contoso")
    interrupted.after_listing = lambda: triage.assign_account(wish, account=contoso, by=tam)
    recipe(wish, gitlab=lambda: interrupted)
    recipe(wish)
    settle(CustomerLink.objects.get(account__name="Northwind Freight"))
    (note,) = live_notes(sandbox)
    assert contoso.salesforce_id in note["body"]


def test_only_one_of_two_holds_a_link_and_the_other_is_remembered(
    issue: Issue, make_wish: MakeWish, recipe: Recipe
) -> None:
    link = recipe.link_of(recipe(make_wish(issue)))
    held = Lease.take(link.pk, now=NOW, length=LEASE)
    with pytest.raises(LeaseBusy) as busy:
        Lease.take(link.pk, now=NOW + timedelta(seconds=1), length=LEASE)
    assert busy.value.until == NOW + LEASE
    held.finish()
    row = CustomerLink.objects.get()
    assert (row.leased_until, row.due_at) == (None, NOW + timedelta(seconds=1))


def test_a_ring_survives_the_renewal_of_the_lease(
    issue: Issue, make_wish: MakeWish, recipe: Recipe
) -> None:
    link = recipe.link_of(recipe(make_wish(issue)))
    held = Lease.take(link.pk, now=NOW, length=LEASE)
    rung = NOW + timedelta(seconds=1)
    CustomerLink.objects.update(due_at=rung)
    held.renew(now=NOW + timedelta(seconds=2), length=LEASE)
    held.finish()
    assert CustomerLink.objects.get().due_at == rung


def test_a_lease_that_ran_out_while_nobody_came_is_due_again(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, clock: Clock
) -> None:
    link = recipe.link_of(recipe(make_wish(issue)))
    Lease.take(link.pk, now=NOW, length=LEASE)  # and the worker dies
    clock.pass_lease()
    assert list(CustomerLink.objects.due(clock())) == [link]
