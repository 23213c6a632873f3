"""Salesforce links that people left in GitLab become customer links, and vanish with them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from intake.models import CustomerLink, FoundLink, Submission
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account, Opportunity
from portal.sandbox.client import Sandbox
from tests.intake.conftest import Clock, Recipe
from tests.intake.gitlab_desk import CLASSIC, Desk, demands, issue, link_to, links
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

NORTHWIND = "Northwind Freight"
DEAL = "006Lf00000G4u1yIAB"


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock) -> Desk:
    return Desk(sandbox, gitlab, clock)


def add_deal(account: Account, **fields: Any) -> Opportunity:
    values = {"salesforce_id": DEAL, "name": "Depot teams", "refreshed_at": NOW}
    return Opportunity.objects.create(account=account, **values | fields)


def state_of(link: CustomerLink) -> tuple[str, int | None, int | None]:
    link.refresh_from_db()
    return link.note_state, link.note_id, link.hand_set_points


@pytest.mark.parametrize(
    "spelling",
    [
        f"{CLASSIC}/{ACCOUNT_ID}",
        f"{CLASSIC}/{ACCOUNT_ID[:15]}/e",
        f"https://larkfield.lightning.force.com/lightning/r/Account/{ACCOUNT_ID}/view",
        f"https://larkfield.lightning.force.com/one/one.app#/sObject/{ACCOUNT_ID}/view",
    ],
)
def test_a_link_in_a_comment_is_a_customer_link(
    desk: Desk, account: Account, sandbox: Sandbox, spelling: str
) -> None:
    (iid,) = desk.plant()
    note = desk.write(iid, f'For {spelling} ~"customer priority::7"', author="miles", internal=True)
    before = sandbox.notes()
    desk.read()
    link = links()[iid, NORTHWIND]
    assert state_of(link) == ("found", note, 7)
    assert link.is_note_internal
    assert demands(link) == [("retention", None, 7)]
    row = link.demands.get()
    assert (row.value, row.pilot_urgency, row.severity) == (3, 2, "P1")
    found = FoundLink.objects.get()
    assert (found.author_name, found.account, found.source) == ("Miles Abara", account, "note")
    assert (link.due_at, sandbox.notes()) == (None, before)


def test_a_link_in_the_description_is_one_too(desk: Desk, account: Account) -> None:
    (iid,) = desk.plant(description=link_to(ACCOUNT_ID))
    desk.read()
    link = links()[iid, NORTHWIND]
    assert state_of(link) == ("in_issue", None, None)
    assert demands(link) == [("retention", None, 1)]
    assert FoundLink.objects.get().author_name == "Dana Whitcombe"
    desk.sandbox.act(101, iid, "description", description="Nobody asks any more.")
    desk.read()
    assert state_of(link) == ("removed", None, None)
    assert demands(link) == []


def test_a_comment_beats_the_description(desk: Desk, account: Account) -> None:
    (iid,) = desk.plant(description=link_to(ACCOUNT_ID, 10))
    first = desk.write(iid, link_to(ACCOUNT_ID, 4))
    desk.read()
    link = links()[iid, NORTHWIND]
    assert state_of(link) == ("found", first, 4)
    desk.delete(iid, first)
    desk.read()
    assert state_of(link) == ("in_issue", None, 10)


def test_the_later_comment_counts_and_an_edit_makes_it_later(desk: Desk, account: Account) -> None:
    (iid,) = desk.plant()
    first, second = desk.write(iid, link_to(ACCOUNT_ID, 9)), desk.write(iid, link_to(ACCOUNT_ID, 2))
    desk.read()
    link = links()[iid, NORTHWIND]
    assert state_of(link) == ("found", second, 2)
    desk.edit(iid, first, link_to(ACCOUNT_ID, 8))
    desk.read(everything=True)  # an edit does not show on the issue
    assert state_of(link) == ("found", first, 8)
    assert demands(link) == [("retention", None, 8)]


def test_one_comment_may_name_several_accounts(
    desk: Desk, account: Account, make_account: Callable[[str], Account]
) -> None:
    other = make_account("Contoso")
    (iid,) = desk.plant()
    desk.write(iid, link_to(ACCOUNT_ID, 5) + " " + link_to(other.salesforce_id, 9))
    desk.read()
    assert {key: link.hand_set_points for key, link in links().items()} == {
        (iid, NORTHWIND): 5,
        (iid, "Contoso"): 5,
    }


def test_a_removed_comment_takes_its_link_along(desk: Desk, account: Account) -> None:
    (iid,) = desk.plant()
    note = desk.write(iid, link_to(ACCOUNT_ID))
    desk.read()
    link = links()[iid, NORTHWIND]
    changed_at = link.demand_changed_at
    desk.delete(iid, note)
    desk.read()
    assert state_of(link) == ("removed", None, None)
    assert demands(link) == []
    assert link.demand_changed_at > changed_at
    desk.write(iid, link_to(ACCOUNT_ID, 6))  # somebody asks again
    desk.read()
    assert state_of(link)[0] == "found"
    assert demands(link) == [("retention", None, 6)]


def test_the_portals_own_notes_are_not_found(
    desk: Desk, account: Account, make_wish: Callable[..., Submission], recipe: Recipe
) -> None:
    (iid,) = desk.plant()
    desk.read()
    recipe(make_wish(issue(iid), intent="expand"))
    desk.write(iid, f"Also {CLASSIC}/001D000000XXXXXIAZ, we do not know them.")
    desk.read()
    assert [found.account for found in FoundLink.objects.all()] == [None]
    link = links()[iid, NORTHWIND]
    assert state_of(link)[0] == "posted"
    assert demands(link) == [("growth", None, 4)]  # our row says growth; the note cannot


def test_an_account_is_known_as_soon_as_salesforce_tells_of_it(desk: Desk, db: None) -> None:
    (iid,) = desk.plant()
    desk.write(iid, link_to(ACCOUNT_ID, 7))
    desk.read()
    assert links() == {}
    assert FoundLink.objects.get().account is None
    Account.objects.create(salesforce_id=ACCOUNT_ID, name=NORTHWIND, refreshed_at=NOW)
    desk.read()
    assert demands(links()[iid, NORTHWIND]) == [("retention", None, 7)]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, ("growth", True)),
        ({"is_closed": True, "is_won": True}, ("retention", False)),
        ({"is_closed": True}, ("growth", True)),  # lost: no money, but it feeds the lost ARR
    ],
)
def test_a_link_to_an_opportunity_counts_for_its_account(
    desk: Desk, account: Account, state: dict[str, Any], expected: tuple[str, bool]
) -> None:
    deal = add_deal(account, **state)
    (iid,) = desk.plant()
    desk.write(iid, link_to(DEAL, 5))
    desk.read()
    kind, has_opportunity = expected
    link = links()[iid, NORTHWIND]
    assert demands(link) == [(kind, deal.pk if has_opportunity else None, 5)]
    assert link.hand_set_points == 5


def test_an_opportunity_that_is_won_becomes_revenue_to_keep(desk: Desk, account: Account) -> None:
    deal = add_deal(account)
    (iid,) = desk.plant()
    desk.write(iid, link_to(DEAL))
    desk.read()
    link = links()[iid, NORTHWIND]
    Opportunity.objects.update(is_closed=True, is_won=True, changed_at=NOW + timedelta(hours=1))
    desk.read()
    assert demands(link) == [("retention", None, 1)]
    Opportunity.objects.update(is_closed=False, is_won=False, changed_at=NOW + timedelta(hours=2))
    desk.read()
    assert demands(link) == [("growth", deal.pk, 1)]


def test_an_opportunity_that_moves_takes_its_link_to_the_other_account(
    desk: Desk, account: Account, make_account: Callable[[str], Account]
) -> None:
    deal = add_deal(account)
    (iid,) = desk.plant()
    desk.write(iid, link_to(DEAL, 3))
    desk.read()
    Opportunity.objects.update(account=make_account("Contoso"))
    desk.read()
    assert demands(links()[iid, "Contoso"]) == [("growth", deal.pk, 3)]
    assert demands(links()[iid, NORTHWIND]) == []


def test_reading_the_same_again_changes_nothing(desk: Desk, account: Account) -> None:
    (iid,) = desk.plant()
    desk.write(iid, link_to(ACCOUNT_ID, 7))
    desk.read()
    before = CustomerLink.objects.values().get(), FoundLink.objects.values().get()
    desk.read(everything=True)
    assert (CustomerLink.objects.values().get(), FoundLink.objects.values().get()) == before
