"""Every way in which the POST of a note can go wrong: in the end there is exactly one note."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from intake.models import CustomerLink, Issue, NoteState, Submission
from intake.pipeline.lease import LeaseBusy
from portal.gateways.errors import Misconfigured, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Fault, Sandbox
from tests.intake.conftest import LEASE, Clock, Recipe
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]


@dataclass(frozen=True)
class Case:
    """One fault on the first POST: what the worker hears, and how many notes there are then."""

    fault: str
    heard: type[Exception]
    notes: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)

    def strike(self, sandbox: Sandbox, **which: Any) -> None:
        order = {"service": "gitlab", "method": "POST", "path": r"/notes$", "nth": 1} | which
        sandbox.add_faults(Fault(self.fault, **order, parameters=self.parameters))


LOST = [
    Case("reset_before", LeaseBusy),
    Case("reset_after_commit", LeaseBusy, notes=1),
    Case("truncate_after_commit", LeaseBusy, notes=1),
    Case("bad_json_after_commit", LeaseBusy, notes=1),
    Case("500", LeaseBusy),
    Case("502_html", LeaseBusy),
    Case("503", LeaseBusy),
    Case("hang", LeaseBusy),
    Case("drip", LeaseBusy, notes=1, parameters={"seconds_per_byte": 0.05}),
    Case("ghost_write", LeaseBusy, parameters={"delay": 0.2}),
    Case("ghost_write", LeaseBusy, parameters={"delay": 0.2, "answer": "hang"}),
]
LOST_WITHOUT_BODY = [
    case for case in LOST if case.fault not in {"truncate_after_commit", "bad_json_after_commit"}
]
SAID_NO = [
    Case("429_text", Unavailable, parameters={"retry_after": 7}),
    Case("429_json", Unavailable),
    Case("401", Misconfigured),
]


def name(case: Case) -> str:
    return "-".join([case.fault, *map(str, case.parameters.values())])


@pytest.fixture
def hasty(gitlab: GitLabGateway, sandbox: Sandbox) -> GitLabGateway:
    """The gateway with a short total deadline."""
    return GitLabGateway(sandbox.gitlab_url, "sandbox-token", timeout=5, write_deadline=0.8)


def live_notes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return sandbox.notes(deleted=False)


@pytest.mark.parametrize("case", LOST, ids=name)
def test_a_lost_answer_keeps_the_lease_and_is_looked_for(
    case: Case,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    hasty: GitLabGateway,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    case.strike(sandbox)
    wish = make_wish(issue)
    with pytest.raises(case.heard):
        recipe(wish, gitlab=lambda: hasty)

    link = recipe.link_of(wish)
    assert (link.note_state, link.leased_until) == (NoteState.WANTED, NOW + LEASE)
    assert recipe.read(wish).stage == "account_resolved"
    with pytest.raises(LeaseBusy) as busy:  # whoever comes too early
        recipe(wish)
    assert busy.value.until == NOW + LEASE

    if case.fault == "ghost_write":
        sandbox.wait_for(phase="committed", method="POST", path=r"/notes$")
    elif not case.notes:
        assert live_notes(sandbox) == []
    clock.pass_lease()
    done = recipe(wish)
    assert (done.stage, done.trouble) == ("announced", "")
    assert recipe.link_of(wish).note_state == NoteState.POSTED
    assert len(sandbox.notes()) == 1


@pytest.mark.parametrize("case", SAID_NO, ids=name)
def test_a_clear_no_frees_the_link_for_the_next_try(
    case: Case,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    case.strike(sandbox)
    wish = make_wish(issue)
    with pytest.raises(case.heard):
        recipe(wish)
    link = recipe.link_of(wish)
    assert link.leased_until is None
    wait = case.parameters.get("retry_after", 5)
    assert link.due_at == NOW + timedelta(seconds=wait)
    assert live_notes(sandbox) == []

    clock.advance(seconds=wait)
    assert recipe(wish).stage == "announced"
    assert len(sandbox.notes()) == 1


@pytest.mark.parametrize("fault", ["403", "404"])
def test_a_refused_internal_note_becomes_a_public_one_without_words(
    fault: str, issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    Case(fault, Exception).strike(sandbox)
    assert recipe(make_wish(issue)).stage == "announced"
    (note,) = sandbox.notes()
    assert not note["internal"]
    assert "payment" not in note["body"]


def test_a_token_that_may_not_post_at_all_is_misconfigured(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    Case("403", Misconfigured).strike(sandbox, nth=None, first=2)
    wish = make_wish(issue)
    with pytest.raises(Misconfigured):
        recipe(wish)
    assert recipe.read(wish).stage == "account_resolved"
    assert recipe.link_of(wish).leased_until is None


@pytest.mark.parametrize("case", LOST, ids=name)
def test_a_lost_edit_is_made_again(
    case: Case,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    hasty: GitLabGateway,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    wish = recipe(make_wish(issue))
    case.strike(sandbox, method="PUT", path=r"/notes/\d+$")
    set_points(wish, 9)
    with pytest.raises(LeaseBusy):
        recipe(wish, gitlab=lambda: hasty)
    set_points(wish, None)  # what the row said before; GitLab may say the other
    if case.fault == "ghost_write":
        sandbox.wait_for(phase="committed", method="PUT", path=r"/notes/\d+$")
    clock.pass_lease()
    recipe(wish)
    (note,) = sandbox.notes()
    assert '~"customer priority::4"' in note["body"]


def set_points(wish: Submission, points: int | None) -> None:
    Submission.objects.filter(pk=wish.pk).update(points_override=points)


@pytest.mark.parametrize("case", LOST_WITHOUT_BODY, ids=name)
def test_a_lost_removal_does_not_fool_the_next_join(
    case: Case,
    issue: Issue,
    make_wish: MakeWish,
    recipe: Recipe,
    settle: Callable[..., None],
    hasty: GitLabGateway,
    sandbox: Sandbox,
    clock: Clock,
) -> None:
    wish = recipe(make_wish(issue))
    link = recipe.link_of(wish)
    case.strike(sandbox, method="DELETE", path=r"/notes/\d+$")
    Submission.objects.filter(pk=wish.pk).update(link=None)
    with pytest.raises(LeaseBusy):
        settle(link, gitlab=hasty)
    if case.fault == "ghost_write":
        sandbox.wait_for(phase="committed", method="DELETE", path=r"/notes/\d+$")
    clock.pass_lease()
    recipe(wish)
    assert len(sandbox.notes(deleted=False)) == 1
    assert CustomerLink.objects.get(pk=link.pk).note_state == NoteState.POSTED


def test_an_unreadable_list_posts_nothing(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    sandbox.add_faults(Fault("truncate_after_commit", method="GET", path=r"/notes$", nth=1))
    wish = make_wish(issue)
    with pytest.raises(Unavailable):
        recipe(wish)
    assert sandbox.events(method="POST", path=r"/notes$") == []
    assert recipe.link_of(wish).leased_until is None


def test_a_short_page_is_not_the_last_one(
    issue: Issue, make_wish: MakeWish, recipe: Recipe, sandbox: Sandbox
) -> None:
    for number in range(101):
        sandbox.act(101, issue.iid, "note", body=f"Word {number}")
    link = "https://larkfield.my.salesforce.com/001D000000IqhSLIAZ"
    sandbox.act(101, issue.iid, "note", body=link)
    sandbox.add_faults(Fault("short_page", method="GET", path=r"/notes$", parameters={"drop": 3}))
    recipe(make_wish(issue))
    assert not [note for note in sandbox.notes() if note["author"] == "portal-bot"]
