"""The colleagues' page: who sees whom, what a lead does there, and what nobody else can."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from intake.selectors.visibility import accounts_of
from portal.models import Account, Invitation, Membership, Role, User
from portal.selectors.colleagues import SHOWN
from tests.intake.pages import sign_in
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]
PAGE = "/colleagues/"
ACTS = ("invite_colleague", "withdraw_expected", "confirm_waiting", "remove_member", "change_lead")
FREE = "li.wei@gmail.com"


def join(user: User, account: Account, **fields: Any) -> User:
    Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF, **fields)
    return user


@pytest.fixture
def lead(maya: User) -> User:
    Membership.objects.filter(user=maya).update(is_lead=True)
    return maya


@pytest.fixture
def ben(account: Account, make_user: MakeUser) -> User:
    return join(make_user("ben@northwind-freight.example", name="Ben Okafor"), account)


@pytest.fixture
def waiting(account: Account, make_user: MakeUser) -> User:
    user = make_user("kim@northwind-freight.example", name="Kim Waits")
    return join(user, account, is_confirmed=False)


@pytest.fixture
def stranger(make_user: MakeUser) -> User:
    """A lead elsewhere."""
    other = Account.objects.create(salesforce_id="001X", name="Quillbrook", refreshed_at=NOW)
    return join(make_user("eve@quillbrook.example", name="Eve"), other, is_lead=True)


def act(by: User, name: str, account: Account, **fields: str):
    posted = {"account": str(account.pk), **fields}
    return sign_in(by).post(reverse(name), posted, follow=True)


def read(user: User, **query: str) -> str:
    answer = sign_in(user).get(PAGE, query)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


class TestWhatIsShown:
    def test_a_member_reads_names_and_who_leads(
        self, lead: User, ben: User, waiting: User, stranger: User
    ) -> None:
        page = read(ben)
        assert "Maya Lindqvist" in page
        assert "Lead" in page
        assert lead.email not in page
        for hidden in ("Kim Waits", "Eve", "Quillbrook", "Invite", "Remove", "Change"):
            assert hidden not in page

    def test_a_lead_reads_addresses_who_waits_and_who_is_expected(
        self, lead: User, ben: User, waiting: User, account: Account
    ) -> None:
        act(lead, "invite_colleague", account, email=FREE)
        page = read(lead)
        for shown in (ben.email, "Kim Waits", FREE, "Let in", "Remove", "mailto:"):
            assert shown in page

    def test_who_was_removed_or_barred_is_not_there(
        self, lead: User, ben: User, account: Account, make_user: MakeUser
    ) -> None:
        join(make_user("zoe@x.example", name="Zoe Barred"), account)
        User.objects.filter(name="Zoe Barred").update(is_active=False)
        act(lead, "remove_member", account, person=ben.reference)
        page = sign_in(lead).get(PAGE).content.decode()
        assert "Ben Okafor" not in page
        assert "Zoe Barred" not in page

    def test_both_accounts_of_somebody_with_two(
        self, lead: User, stranger: User, account: Account
    ) -> None:
        join(stranger, account)
        page = read(stranger)
        assert "Northwind Freight" in page
        assert "Quillbrook" in page
        assert page.count("Invite a colleague") == 1  # leads one of them

    def test_somebody_of_no_account_is_told_what_happens(self, make_user: MakeUser) -> None:
        page = read(make_user("x@y.example"))
        assert "We could not match your address to a customer account" in page
        assert "it is saved, and we will link it" in page

    @pytest.mark.parametrize("role", [Role.SUBMITTER, Role.TAM, Role.ADMINISTRATOR])
    def test_staff_belong_to_no_customer(
        self, role: Role, ben: User, account: Account, make_user: MakeUser
    ) -> None:
        staff = join(make_user("p@larkfield.example", role=role), account, is_lead=True)
        page = read(staff)
        assert "You work for us" in page
        assert "Ben Okafor" not in page
        assert act(staff, "remove_member", account, person=ben.reference).status_code == 404

    def test_many_colleagues_are_looked_for(
        self, lead: User, account: Account, make_user: MakeUser
    ) -> None:
        for number in range(SHOWN + 5):
            join(make_user(f"u{number}@x.example", name=f"Person {number:03}"), account)
        page = read(lead)
        assert "6 more" in page
        assert "Person 054" not in page
        assert "Person 054" in read(lead, name="u54@")
        assert "Nobody of this name" in read(lead, name="nobody at all\0")

    def test_a_member_does_not_find_by_addresses_they_are_not_shown(
        self, lead: User, ben: User
    ) -> None:
        assert "Maya Lindqvist" in read(ben, name="lindq")
        assert "Maya Lindqvist" not in read(ben, name="maya@")

    def test_the_queries_do_not_grow(
        self,
        lead: User,
        account: Account,
        make_user: MakeUser,
        django_assert_max_num_queries: Any,
    ) -> None:
        for number in range(20):
            join(make_user(f"u{number}@x.example"), account, is_confirmed=number % 2 == 0)
        client = sign_in(lead)
        with django_assert_max_num_queries(8):
            client.get(PAGE)

    def test_only_for_the_signed_in(self, client: Client) -> None:
        for name in ("colleagues", *ACTS):
            answer = client.post(reverse(name)) if name in ACTS else client.get(PAGE)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/account/login/")


class TestWhatALeadDoes:
    def test_invites_withdraws_and_tells_what_to_pass_on(
        self, lead: User, account: Account
    ) -> None:
        answer = act(lead, "invite_colleague", account, email=" Li.Wei@Gmail.com ")
        assert f"{FREE} is expected" in text_of(answer)
        assert f"mailto:{FREE}?subject=" in text_of(answer)
        act(lead, "withdraw_expected", account, email=FREE)
        assert FREE not in read(lead)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("", "Please give the address"),
            ("li.wei", "This is not an e-mail address"),
            ("maya@northwind-freight.example", "belongs to Northwind Freight already"),
        ],
    )
    def test_what_cannot_be_invited_is_said_beside_the_field(
        self, lead: User, account: Account, typed: str, told: str
    ) -> None:
        answer = act(lead, "invite_colleague", account, email=typed)
        page = text_of(answer)
        assert answer.status_code == 200
        assert told in page
        assert f'value="{typed}"' in page or not typed
        assert not Invitation.objects.exists()

    def test_lets_in_who_waits(self, lead: User, waiting: User, account: Account) -> None:
        act(lead, "confirm_waiting", account, person=waiting.reference)
        assert accounts_of(waiting) == [account]

    def test_refuses_who_waits(self, lead: User, waiting: User, account: Account) -> None:
        act(lead, "remove_member", account, person=waiting.reference)
        assert Membership.objects.get(user=waiting).ended_at is not None
        assert "Kim Waits" not in read(lead)

    def test_removes_and_twice_is_once(self, lead: User, ben: User, account: Account) -> None:
        for _ in range(2):
            answer = act(lead, "remove_member", account, person=ben.reference)
            assert "sees nothing of Northwind Freight any more" in text_of(answer)
        assert accounts_of(ben) == []

    def test_does_not_remove_oneself_by_a_slip(self, lead: User, account: Account) -> None:
        answer = act(lead, "remove_member", account, person=lead.reference)
        assert "Ask another lead" in text_of(answer)
        assert accounts_of(lead) == [account]

    def test_names_a_lead_and_takes_it_back(self, lead: User, ben: User, account: Account) -> None:
        for leads, is_lead in [("yes", True), ("no", False)]:
            act(lead, "change_lead", account, person=ben.reference, leads=leads)
            assert Membership.objects.get(user=ben).is_lead == is_lead

    def test_names_nobody_lead_who_waits(self, lead: User, waiting: User, account: Account) -> None:
        act(lead, "change_lead", account, person=waiting.reference, leads="yes")
        assert not Membership.objects.get(user=waiting).is_lead


class TestWhatNobodyElseCan:
    @pytest.mark.parametrize("name", ACTS)
    @pytest.mark.parametrize("who", ["member", "lead elsewhere", "removed lead", "waiting lead"])
    def test_acts_are_for_leads_of_that_account(
        self,
        name: str,
        who: str,
        lead: User,
        ben: User,
        stranger: User,
        account: Account,
        make_user: MakeUser,
    ) -> None:
        act(lead, "invite_colleague", account, email=FREE)
        former = make_user("former@northwind-freight.example")
        if who == "removed lead":
            join(former, account, is_confirmed=False, is_lead=True, ended_at=NOW)
        if who == "waiting lead":
            join(former, account, is_confirmed=False, is_lead=True)
        by = {"member": ben, "lead elsewhere": stranger}.get(who, former)
        before = sorted(Membership.objects.values_list("user", "is_confirmed", "is_lead"))
        email = FREE if name == "withdraw_expected" else "new@x.example"
        answer = act(by, name, account, email=email, person=lead.reference, leads="no")
        assert answer.status_code == 404
        assert sorted(Membership.objects.values_list("user", "is_confirmed", "is_lead")) == before
        assert Invitation.objects.get().withdrawn_at is None

    def test_a_lead_touches_nobody_of_another_account(
        self, lead: User, stranger: User, account: Account
    ) -> None:
        for name in ("confirm_waiting", "remove_member", "change_lead"):
            answer = act(lead, name, account, person=stranger.reference, leads="no")
            assert answer.status_code == 404
        assert Membership.objects.get(user=stranger).is_lead

    @pytest.mark.parametrize("key", ["", "0", "-1", "x", "9" * 40, "\u0663"])
    def test_what_is_no_account_is_not_found(self, lead: User, key: str) -> None:
        posted = {"account": key, "email": FREE}
        assert sign_in(lead).post(reverse("invite_colleague"), posted).status_code == 404

    @pytest.mark.parametrize("name", ACTS)
    def test_nothing_happens_by_reading(self, lead: User, name: str) -> None:
        assert sign_in(lead).get(reverse(name)).status_code == 405

    def test_an_expired_invitation_is_not_shown_as_open(self, lead: User, account: Account) -> None:
        act(lead, "invite_colleague", account, email=FREE)
        Invitation.objects.update(expires_at=NOW - timedelta(days=9000))
        assert FREE not in read(lead)
