"""Staff have the word who belongs where: confirmed, entered, ended, leads, invitations."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.selectors.visibility import accounts_of
from portal.actions.membership import end_membership, settle_memberships
from portal.models import Account, AuditEntry, Invitation, Membership, Role, User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]
MEMBERSHIPS = "admin:portal_membership"
INVITATIONS = "admin:portal_invitation"
FREE = "guest@gmail.com"


@pytest.fixture
def first(account: Account, make_user: MakeUser) -> User:
    """The first of the domain: waits."""
    user = make_user("first@northwind-freight.example", name="First")
    settle_memberships(user, email=user.email, now=NOW)
    return user


@pytest.fixture
def foreign(make_user: MakeUser) -> Membership:
    """A member of an account that another TAM manages."""
    other_tam = make_user("other@larkfield.example", role=Role.TAM)
    account = Account.objects.create(
        salesforce_id="001X", name="Quillbrook", tam=other_tam, refreshed_at=NOW
    )
    user = make_user("eve@quillbrook.example", name="Evelyn Quill")
    return Membership.objects.create(user=user, account=account, basis="staff", is_confirmed=False)


def act(client: Client, action: str, row: Membership | Invitation) -> str:
    name = INVITATIONS if isinstance(row, Invitation) else MEMBERSHIPS
    posted = {"action": action, "_selected_action": [row.pk], "index": "0"}
    answer = client.post(reverse(f"{name}_changelist"), posted, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def add(client: Client, name: str, **typed: Any):
    return client.post(reverse(f"{name}_add"), typed, follow=True)


class TestMembers:
    def test_a_tam_confirms_the_first_of_a_domain(
        self, client: Client, tam: User, first: User, account: Account, make_user: MakeUser
    ) -> None:
        membership = Membership.objects.get(user=first)
        client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
        act(client, "confirm", membership)
        assert accounts_of(first) == []
        client.force_login(tam)
        assert "1 confirmed." in act(client, "confirm", membership)
        assert accounts_of(first) == [account]
        membership.refresh_from_db()  # a changed address still takes it along
        assert (membership.basis, membership.address) == (Membership.Basis.DOMAIN, first.email)
        (entry,) = AuditEntry.objects.filter(action="member confirmed")
        assert (entry.actor_reference, entry.object_reference) == (tam.reference, first.reference)

    def test_ends_names_as_lead_and_brings_back(
        self, client: Client, tam: User, maya: User, account: Account
    ) -> None:
        client.force_login(tam)
        membership = Membership.objects.get(user=maya)
        assert "1 named as lead." in act(client, "name_lead", membership)
        assert "0 named as lead." in act(client, "name_lead", membership)
        assert "1 lead no more." in act(client, "take_lead_back", membership)
        assert "1 ended." in act(client, "end", membership)
        assert accounts_of(maya) == []
        assert "1 confirmed." in act(client, "confirm", membership)
        assert accounts_of(maya) == [account]

    def test_staff_enter_a_member(
        self, client: Client, tam: User, account: Account, make_user: MakeUser
    ) -> None:
        client.force_login(tam)
        guest = make_user(FREE)
        add(client, MEMBERSHIPS, user=guest.pk, account=account.pk, is_lead="on")
        membership = Membership.objects.get(user=guest)
        assert (membership.account, membership.basis) == (account, Membership.Basis.STAFF)
        assert (membership.is_confirmed, membership.is_lead) == (True, True)

    def test_somebody_who_waits_or_was_removed_is_entered_like_anybody(
        self, client: Client, tam: User, first: User, account: Account
    ) -> None:
        client.force_login(tam)
        for _ in range(2):
            add(client, MEMBERSHIPS, user=first.pk, account=account.pk)
            assert accounts_of(first) == [account]
            end_membership(first, account, now=NOW)

    def test_what_cannot_be_is_said(
        self, client: Client, tam: User, maya: User, account: Account, submitter: User
    ) -> None:
        client.force_login(tam)
        again = add(client, MEMBERSHIPS, user=maya.pk, account=account.pk)
        assert "They belong to this account already." in again.content.decode()
        Membership.objects.all().delete()
        ours = add(client, MEMBERSHIPS, user=submitter.pk, account=account.pk)
        assert ours.status_code == 200
        assert not Membership.objects.exists()

    def test_the_accounts_page_shows_its_members(
        self, client: Client, tam: User, maya: User, account: Account
    ) -> None:
        client.force_login(tam)
        page = client.get(reverse("admin:portal_account_change", args=[account.pk]))
        assert "Maya Lindqvist" in page.content.decode()

    def test_another_tams_members_do_not_exist(
        self, client: Client, tam: User, foreign: Membership
    ) -> None:
        client.force_login(tam)
        address = reverse(f"{MEMBERSHIPS}_changelist")
        assert "Evelyn" not in client.get(address).content.decode()
        assert "Evelyn" not in client.get(address, {"q": "quillbrook"}).content.decode()
        change = reverse(f"{MEMBERSHIPS}_change", args=[foreign.pk])
        assert client.get(change).status_code == 404
        for action in ("confirm", "end", "name_lead", "take_lead_back"):
            act(client, action, foreign)
        foreign.refresh_from_db()
        assert (foreign.is_confirmed, foreign.ended_at) == (False, None)


class TestInvitations:
    def test_staff_invite_the_first_lead_and_withdraw(
        self, client: Client, tam: User, account: Account
    ) -> None:
        client.force_login(tam)
        answer = add(client, INVITATIONS, account=account.pk, email="Guest@Gmail.com", is_lead="on")
        assert "Please tell them yourself" in answer.content.decode()
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.is_lead, invitation.invited_by) == (FREE, True, tam)
        assert invitation.expires_at > timezone.now()
        act(client, "withdraw", invitation)
        invitation.refresh_from_db()
        assert invitation.withdrawn_at is not None

    def test_inviting_again_is_no_error_and_a_member_is_said(
        self, client: Client, tam: User, maya: User, account: Account
    ) -> None:
        client.force_login(tam)
        for _ in range(2):
            add(client, INVITATIONS, account=account.pk, email=FREE)
        assert Invitation.objects.count() == 1
        answer = add(client, INVITATIONS, account=account.pk, email=maya.email)
        assert "belongs to Northwind Freight already" in answer.content.decode()

    def test_to_another_tams_account_nobody_is_invited(
        self, client: Client, tam: User, foreign: Membership
    ) -> None:
        client.force_login(tam)
        answer = add(client, INVITATIONS, account=foreign.account_id, email=FREE)
        assert answer.status_code == 200
        assert "Quillbrook" not in answer.content.decode()
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("role", [Role.PRODUCT_MANAGER, Role.SUBMITTER, Role.CUSTOMER])
    def test_is_for_who_keeps_accounts(
        self, client: Client, account: Account, make_user: MakeUser, role: Role
    ) -> None:
        client.force_login(make_user("x@larkfield.example", role=role))
        answer = client.post(reverse(f"{INVITATIONS}_add"), {"account": account.pk, "email": FREE})
        assert answer.status_code in {403, 404}
        assert not Invitation.objects.exists()
