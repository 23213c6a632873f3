"""Who was removed, or has another address now: what ends, what stays, and what brings it back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from intake.models import Follower, Share, Submission
from intake.selectors.visibility import accounts_of, visible_submissions
from portal.actions.invite import invite
from portal.actions.membership import (
    admit_contact,
    confirm_membership,
    end_membership,
    follow_new_address,
    settle_memberships,
)
from portal.models import Account, AccountDomain, AuditEntry, Invitation, Membership, User
from tests.intake.pages import at
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]
HOME, PRIVATE = "li@northwind-freight.example", "li@elsewhere.example"
Basis = Membership.Basis


@pytest.fixture
def lead(maya: User) -> User:
    Membership.objects.filter(user=maya).update(is_lead=True)
    return maya


@pytest.fixture
def li(lead: User, account: Account, make_user: MakeUser) -> User:
    """Belongs by the domain: not the first one there."""
    user = make_user(HOME, name="Li")
    settle_memberships(user, email=HOME, now=NOW)
    assert accounts_of(user) == [account]
    return user


@pytest.fixture
def wish(lead: User, li: User, account: Account) -> Submission:
    """Of the organisation; Li follows it, and was named on it once."""
    sent = Submission.objects.create(
        form_token="11111111-1111-4111-8111-000000000001", submitter=lead, account=account,
        summary="A wish", problem="x", urgency="blocker", intent="retain",
        answer_by=NOW, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    Follower.objects.create(submission=sent, user=li)
    Share.objects.create(submission=sent, user=li)
    return sent


def move(user: User, new: str) -> None:
    """As allauth does it: the person has the new address when we hear of it."""
    old = user.email
    user.emailaddress_set.update(email=new)
    user.email = new
    user.save()
    follow_new_address(user, old=old, new=new, now=NOW)


class TestRemoved:
    def test_access_ends_with_the_next_click(
        self, client: Client, li: User, lead: User, account: Account, wish: Submission
    ) -> None:
        client.force_login(li)
        assert client.get(at("request", wish)).status_code == 200
        assert end_membership(li, account, by=lead, now=NOW)
        assert client.get(at("request", wish)).status_code == 404
        assert not Follower.objects.filter(user=li).exists()
        assert not Share.objects.filter(user=li).exists()
        assert not end_membership(li, account, by=lead, now=NOW)  # once

    def test_what_they_sent_stays_with_the_organisation_alone(
        self, li: User, lead: User, account: Account, wish: Submission
    ) -> None:
        Submission.objects.update(submitter=li)
        end_membership(li, account, now=NOW)
        assert not visible_submissions(li).exists()
        assert visible_submissions(lead).get() == wish

    def test_no_domain_and_no_contact_brings_them_back(self, li: User, account: Account) -> None:
        end_membership(li, account, now=NOW)
        settle_memberships(li, email=HOME, now=NOW)
        admit_contact(li, [account], now=NOW)
        assert accounts_of(li) == []

    def test_nor_does_the_same_mailbox_as_somebody_new(
        self, li: User, account: Account, make_user: MakeUser
    ) -> None:
        """They change their address away and sign in with the old one as a new person."""
        end_membership(li, account, now=NOW)
        move(li, PRIVATE)
        again = make_user(HOME)
        settle_memberships(again, email=HOME, now=NOW)
        admit_contact(again, [account], now=NOW)
        assert accounts_of(again) == []
        assert not Membership.objects.get(user=again).is_confirmed  # somebody has to say

    def test_nor_an_invitation_of_before_to_or_from_them(
        self, li: User, lead: User, account: Account, make_user: MakeUser
    ) -> None:
        """A lead who is removed must not have left a door open for another address of theirs."""
        Membership.objects.filter(user=li).update(is_lead=True)
        invite(account, PRIVATE, by=li, now=NOW)
        other = Invitation.objects.create(
            account=account, email=HOME, invited_by=lead, created_at=NOW,
            expires_at=NOW + timedelta(days=30),
        )  # fmt: skip
        end_membership(li, account, by=lead, now=NOW)
        for user, email in [(li, HOME), (make_user(PRIVATE), PRIVATE)]:
            settle_memberships(user, email=email, now=NOW)
            assert accounts_of(user) == []
        other.refresh_from_db()
        assert other.withdrawn_at == NOW

    @pytest.mark.parametrize("way", ["staff", "invitation"])
    def test_staff_and_a_new_invitation_do(
        self, li: User, lead: User, account: Account, tam: User, way: str
    ) -> None:
        end_membership(li, account, by=lead, now=NOW)
        if way == "staff":
            confirm_membership(li, account, basis=Basis.STAFF, by=tam)
        else:
            invite(account, HOME, by=lead, now=NOW)
            settle_memberships(li, email=HOME, now=NOW)
        assert accounts_of(li) == [account]
        membership = Membership.objects.get(user=li)
        assert (membership.ended_at, membership.is_lead) == (None, False)

    def test_only_at_that_account(self, li: User, account: Account) -> None:
        other = Account.objects.create(salesforce_id="001X", name="Quillbrook", refreshed_at=NOW)
        confirm_membership(li, other, basis=Basis.STAFF)
        end_membership(li, account, now=NOW)
        assert accounts_of(li) == [other]

    def test_it_is_recorded_with_references_alone(
        self, li: User, lead: User, account: Account
    ) -> None:
        end_membership(li, account, by=lead, now=NOW)
        entry = AuditEntry.objects.get(action="membership ended")
        assert (entry.actor, entry.object_reference) == (lead.reference, li.reference)
        assert "northwind" not in str(entry.details).lower()


class TestAnotherAddress:
    def test_what_came_from_the_old_domain_goes(self, li: User, wish: Submission) -> None:
        move(li, PRIVATE)
        assert accounts_of(li) == []
        assert not Follower.objects.filter(user=li).exists()

    def test_and_comes_back_with_the_old_address(self, li: User, account: Account) -> None:
        move(li, PRIVATE)
        move(li, HOME)
        assert accounts_of(li) == [account]

    def test_within_the_account_everything_stays(
        self, li: User, account: Account, wish: Submission
    ) -> None:
        AccountDomain.objects.create(account=account, domain="northwind-depots.example")
        Membership.objects.filter(user=li).update(is_lead=True)
        move(li, "li.wei@northwind-depots.example")
        membership = Membership.objects.get(user=li)
        assert (membership.is_confirmed, membership.is_lead) == (True, True)
        assert membership.address == "li.wei@northwind-depots.example"
        assert Follower.objects.filter(user=li).exists()

    def test_the_new_domain_leads_to_its_own_account(self, li: User) -> None:
        other = Account.objects.create(salesforce_id="001X", name="Quillbrook", refreshed_at=NOW)
        AccountDomain.objects.create(account=other, domain="elsewhere.example")
        move(li, PRIVATE)
        membership = Membership.objects.get(user=li)
        assert (membership.account, membership.is_confirmed) == (other, False)

    @pytest.mark.parametrize("basis", [Basis.STAFF, Basis.INVITATION])
    def test_what_a_person_vouched_for_stays(self, li: User, account: Account, basis: str) -> None:
        Membership.objects.filter(user=li).update(basis=basis)
        move(li, PRIVATE)
        assert accounts_of(li) == [account]

    def test_an_invitation_to_the_new_address_holds(
        self, li: User, lead: User, account: Account
    ) -> None:
        Invitation.objects.create(
            account=account, email=PRIVATE, invited_by=lead, created_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )  # fmt: skip
        settle_memberships(li, email=PRIVATE, now=NOW)  # its code was entered
        move(li, PRIVATE)
        assert accounts_of(li) == [account]

    def test_somebody_removed_does_not_come_back_by_it(self, li: User, account: Account) -> None:
        end_membership(li, account, now=NOW)
        move(li, "li.wei@northwind-freight.example")
        assert accounts_of(li) == []
