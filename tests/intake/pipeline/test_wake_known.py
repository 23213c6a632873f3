"""Saved, though nobody knew whose it is: it goes on once somebody says who the author is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from intake.models import Submission
from intake.pipeline.wake_known import wake_known
from intake.tasks import sweep
from portal.actions.invite import invite
from portal.actions.membership import (
    confirm_membership,
    grant_domain_membership,
    settle_memberships,
)
from portal.models import Account, Membership, User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def author(make_user: Callable[..., User], account: Account) -> User:
    """The first of a second domain of the account."""
    account.domains.create(domain="northwind-depots.example")
    return make_user("first@northwind-depots.example")


@pytest.fixture
def make_saved(make_wish: Callable[..., Submission], author: User) -> Callable[..., Submission]:
    """A request without an account, as the recipe leaves it: asked about again tomorrow."""
    values = {"stage": "matched", "trouble": "no_account", "due_at": TOMORROW, "account": None}
    return lambda **fields: make_wish(None, **{**values, "submitter": author, **fields})


@pytest.mark.parametrize("way", ["confirmed by a TAM", "invited"])
def test_it_goes_on_at_once_when_the_author_is_known(
    way: str,
    make_saved: Callable[..., Submission],
    author: User,
    account: Account,
    tam: User,
    recipe: Any,
) -> None:
    grant_domain_membership(author, email=author.email)
    saved = make_saved()
    assert wake_known(now=NOW) == 0  # waits for a word
    if way == "invited":
        invite(account, author.email, by=tam, now=NOW)
        settle_memberships(author, email=author.email, now=NOW)
    else:
        confirm_membership(author, account, basis=Membership.Basis.STAFF, by=tam)
    assert wake_known(now=NOW) == 1
    after = recipe(saved)
    assert (after.account, after.trouble, after.stage) == (account, "", "account_resolved")
    assert wake_known(now=NOW) == 0


def test_with_two_accounts_a_person_is_asked_once(
    make_saved: Callable[..., Submission], author: User, account: Account, recipe: Any
) -> None:
    other = Account.objects.create(salesforce_id="001X", name="Quillbrook", refreshed_at=NOW)
    for one in (account, other):
        confirm_membership(author, one, basis=Membership.Basis.STAFF)
    saved = make_saved()
    assert wake_known(now=NOW) == 1
    assert recipe(saved).trouble == "several_accounts"
    assert wake_known(now=NOW) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": NOW + timedelta(minutes=3)},  # a run is under way
        {"withdrawn_at": NOW},
        {"trouble": "salesforce_away"},
    ],
)
def test_what_is_not_waiting_for_this_is_left_alone(
    fields: dict[str, Any],
    make_saved: Callable[..., Submission],
    author: User,
    account: Account,
) -> None:
    confirm_membership(author, account, basis=Membership.Basis.STAFF)
    make_saved(**fields)
    assert wake_known(now=NOW) == 0


def test_the_sweep_does_it(
    make_saved: Callable[..., Submission],
    author: User,
    account: Account,
    salesforce: Any,
    inline: None,
    traveller: Any,
) -> None:
    confirm_membership(author, account, basis=Membership.Basis.STAFF)
    saved = make_saved()
    sweep()
    saved.refresh_from_db()
    assert saved.account == account
