"""Invitations: who may expect whom, for how long, and what follows when they sign in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from intake.selectors.visibility import accounts_of
from portal.actions.colleagues import set_lead
from portal.actions.invite import MOST_OPEN, CannotInvite, invite, withdraw_invitation
from portal.actions.membership import settle_memberships
from portal.actions.refusals import NotAllowed
from portal.models import Account, AuditEntry, Invitation, Membership, Role, User
from portal.selectors.invitations import is_expected
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]
FREE = "li.wei@gmail.com"
DAY = timedelta(days=1)


@pytest.fixture
def lead(maya: User) -> User:
    Membership.objects.filter(user=maya).update(is_lead=True)
    return maya


def arrive(make_user: MakeUser, email: str = FREE, *, after: timedelta = DAY) -> User:
    """Somebody proves this address."""
    user = make_user(email)
    settle_memberships(user, email=email, now=NOW + after)
    return user


def test_the_invited_belong_at_once_also_with_free_mail(
    lead: User, account: Account, make_user: MakeUser
) -> None:
    invite(account, "Li.Wei@Gmail.com", by=lead, now=NOW)
    assert is_expected(FREE, now=NOW)
    user = arrive(make_user)
    assert accounts_of(user) == [account]
    membership = Membership.objects.get(user=user)
    assert (membership.basis, membership.address) == (Membership.Basis.INVITATION, FREE)
    assert not membership.is_lead
    assert not is_expected(FREE, now=NOW + DAY)  # used up


def test_nobody_is_mailed(lead: User, account: Account) -> None:
    invite(account, FREE, by=lead, now=NOW)
    assert mail.outbox == []


def test_who_is_to_lead_leads(lead: User, account: Account, make_user: MakeUser) -> None:
    invite(account, FREE, is_lead=True, by=lead, now=NOW)
    assert Membership.objects.get(user=arrive(make_user)).is_lead


def test_somebody_who_waits_is_let_in_by_it(
    lead: User, account: Account, make_user: MakeUser
) -> None:
    user = make_user("li@northwind-freight.example")
    Membership.objects.create(
        user=user, account=account, basis=Membership.Basis.DOMAIN, is_confirmed=False
    )
    invite(account, user.email, by=lead, now=NOW)
    settle_memberships(user, email=user.email, now=NOW)
    assert accounts_of(user) == [account]


def test_an_address_that_is_only_alike_is_not_expected(
    lead: User, account: Account, make_user: MakeUser
) -> None:
    invite(account, FREE, by=lead, now=NOW)
    for email in ("liwei@gmail.com", f"{FREE}.example", f"x{FREE}"):
        assert accounts_of(arrive(make_user, email)) == []


@pytest.mark.parametrize(("days", "belongs"), [(29, True), (30, False)])
def test_it_holds_for_thirty_days(
    lead: User, account: Account, make_user: MakeUser, days: int, belongs: bool
) -> None:
    invite(account, FREE, by=lead, now=NOW)
    user = arrive(make_user, after=timedelta(days=days))
    assert (accounts_of(user) == [account]) == belongs


def test_inviting_again_begins_the_time_again(lead: User, account: Account) -> None:
    first = invite(account, FREE, by=lead, now=NOW)
    again = invite(account, FREE, is_lead=True, by=lead, now=NOW + timedelta(days=60))
    assert (again.pk, again.is_lead) == (first.pk, True)
    assert is_expected(FREE, now=NOW + timedelta(days=80))


def test_withdrawn_is_withdrawn(lead: User, account: Account, make_user: MakeUser) -> None:
    invitation = invite(account, FREE, by=lead, now=NOW)
    withdraw_invitation(invitation, by=lead, now=NOW)
    withdraw_invitation(invitation, by=lead, now=NOW)
    assert accounts_of(arrive(make_user)) == []
    assert AuditEntry.objects.filter(action="invitation withdrawn").count() == 1


@pytest.mark.parametrize("reason", ["leads no more", "may not sign in"])
def test_what_somebody_promised_who_has_no_say_any_more_counts_for_nothing(
    lead: User, account: Account, make_user: MakeUser, tam: User, reason: str
) -> None:
    invite(account, FREE, by=lead, now=NOW)
    if reason == "leads no more":
        set_lead(lead, account, is_lead=False, by=tam, now=NOW)
    else:
        User.objects.filter(pk=lead.pk).update(is_active=False)
    assert not is_expected(FREE, now=NOW)
    assert accounts_of(arrive(make_user)) == []


def test_members_are_not_invited_again(lead: User, account: Account) -> None:
    with pytest.raises(CannotInvite, match=r"maya@northwind-freight.example belongs to"):
        invite(account, lead.email.upper(), by=lead, now=NOW)


def test_at_most_twenty_are_open_at_once(lead: User, account: Account) -> None:
    for number in range(MOST_OPEN):
        invite(account, f"c{number}@x.example", by=lead, now=NOW)
    with pytest.raises(CannotInvite, match="20 invitations are open"):
        invite(account, FREE, by=lead, now=NOW)
    invite(account, "c7@x.example", by=lead, now=NOW)  # again is not one more
    withdraw_invitation(Invitation.objects.get(email="c3@x.example"), by=lead, now=NOW)
    invite(account, FREE, by=lead, now=NOW)


@pytest.mark.parametrize(
    "who", ["member", "stranger", "lead of another", "submitter", "product manager", "other's tam"]
)
def test_nobody_else_invites_or_withdraws(
    who: str, lead: User, account: Account, make_user: MakeUser, tam: User
) -> None:
    Account.objects.update(tam=tam)
    roles = {
        "submitter": Role.SUBMITTER, "product manager": Role.PRODUCT_MANAGER,
        "other's tam": Role.TAM,
    }  # fmt: skip
    by = make_user("x@y.example", role=roles.get(who, Role.CUSTOMER))
    if who == "member":
        Membership.objects.create(user=by, account=account, basis=Membership.Basis.STAFF)
    if who == "lead of another":
        other = Account.objects.create(salesforce_id="001X", name="Other", refreshed_at=NOW)
        Membership.objects.create(
            user=by, account=other, basis=Membership.Basis.STAFF, is_lead=True
        )
    with pytest.raises(NotAllowed):
        invite(account, FREE, by=by, now=NOW)
    invitation = invite(account, FREE, by=lead, now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation, by=by, now=NOW)


def test_its_own_tam_invites(account: Account, tam: User, make_user: MakeUser) -> None:
    Account.objects.update(tam=tam)
    invite(account, FREE, is_lead=True, by=tam, now=NOW)
    assert accounts_of(arrive(make_user)) == [account]


def test_one_address_may_be_expected_by_two(
    lead: User, account: Account, tam: User, make_user: MakeUser
) -> None:
    other = Account.objects.create(salesforce_id="001X", name="Quillbrook", refreshed_at=NOW)
    invite(account, FREE, by=lead, now=NOW)
    invite(other, FREE, by=tam, now=NOW)
    assert accounts_of(arrive(make_user)) == [account, other]
