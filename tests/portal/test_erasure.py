"""A person is erased: nothing names them any more, and what they did stays told by reference."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal.actions.audit import record_audit
from portal.actions.erase import AskAnAdministrator, LastAdministrator, erase_person
from portal.actions.invite import invite
from portal.actions.membership import end_membership, settle_memberships
from portal.models import Account, AuditEntry, Invitation, Membership, Role, User
from tests.intake.pages import sign_in
from tests.portal.fresh import sign_in_fresh
from tests.portal.signing_in import read_code
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]


@pytest.fixture
def ada(make_user: MakeUser) -> User:
    return make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)


# --- by oneself -----------------------------------------------------------------------------


def test_what_was_recorded_before_is_left_as_it_is(maya: User, tam: User, ada: User) -> None:
    record_audit("signed in", by=maya, on=maya)
    record_audit("member confirmed", by=tam, on=maya)
    before = list(AuditEntry.objects.order_by("pk").values())
    erase_person(maya, by=maya, now=NOW)
    erase_person(tam, by=ada, now=NOW)
    assert list(AuditEntry.objects.order_by("pk").values())[:2] == before
    assert before[1]["actor"].startswith("Priya Natarajan")


def test_erasing_twice_changes_nothing(maya: User, ada: User) -> None:
    erase_person(maya, by=maya, now=NOW)
    erase_person(maya, by=ada, now=NOW + timedelta(days=1))
    assert User.objects.get(pk=maya.pk).erased_at == NOW
    assert AuditEntry.objects.filter(action="person erased").count() == 1


def test_the_same_address_may_come_back_as_somebody_new(maya: User, make_user: MakeUser) -> None:
    erase_person(maya, by=maya, now=NOW)
    again = make_user("maya@northwind-freight.example")
    assert again.reference != maya.reference
    assert not again.memberships.exists()


def test_nobody_comes_in_any_more_by_an_erased_leads_word(maya: User, account: Account) -> None:
    Membership.objects.update(is_lead=True)
    invite(account, "li@gmail.com", by=maya, now=NOW)
    erase_person(maya, by=maya, now=NOW)
    assert not Invitation.objects.open(NOW).exists()


def test_whoever_was_removed_does_not_come_back_by_erasing_themselves(
    maya: User, tam: User, account: Account, make_user: MakeUser, settings: Settings
) -> None:
    Membership.objects.create(
        user=make_user("ben@northwind-freight.example"), account=account, basis="staff"
    )
    end_membership(maya, account, by=tam, now=NOW)
    erase_person(maya, by=maya, now=NOW)
    assert "northwind" not in Membership.objects.get(user=maya).address
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that was put in its place since then"
    again = make_user("maya@northwind-freight.example")
    settle_memberships(again, email=again.email, now=NOW)
    assert not Membership.objects.get(user=again).is_confirmed


# --- the page -------------------------------------------------------------------------------


def test_it_needs_the_address_typed_in_full(maya: User) -> None:
    client = sign_in_fresh(maya)
    answer = client.post(reverse("erase_me"), {"typed": "maya"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Type maya@northwind-freight.example to go on." in page
    assert 'value="maya"' in page
    assert client.post(reverse("erase_me")).status_code == 200
    assert User.objects.get(pk=maya.pk).erased_at is None


def test_the_typed_address_erases_and_signs_out(maya: User) -> None:
    client = sign_in_fresh(maya)
    assert maya.reference in client.get(reverse("erase_me")).content.decode()
    answer = client.post(reverse("erase_me"), {"typed": " Maya@northwind-freight.example "})
    assert answer.status_code == 302
    assert User.objects.get(pk=maya.pk).erased_at is not None
    page = client.get(answer.url, follow=True)
    assert "Your data are erased." in page.content.decode()
    assert client.get(reverse("your_data")).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_signed_in_long_ago_proves_again_who_they_are(maya: User, method: str) -> None:
    client = sign_in(maya)
    answer = getattr(client, method)(reverse("erase_me"), {"typed": maya.email})
    assert answer.status_code == 302
    assert "next=" in answer.url
    assert User.objects.get(pk=maya.pk).erased_at is None


def test_what_was_typed_before_goes_on_once_the_mailed_code_is_entered(maya: User) -> None:
    client = sign_in(maya)
    confirm = client.post(reverse("erase_me"), {"typed": maya.email}).url
    client.post(confirm, {"send": "yes"})
    assert User.objects.get(pk=maya.pk).erased_at is None
    client.post(confirm, {"code": read_code()})
    assert User.objects.get(pk=maya.pk).erased_at is not None
    assert client.get(reverse("your_data")).status_code == 302


def test_staff_ask_an_administrator(tam: User) -> None:
    client = sign_in_fresh(tam)
    assert "Ask one of them" in client.get(reverse("your_data")).content.decode()
    answer = client.post(reverse("erase_me"), {"typed": tam.email})
    assert "erased by an administrator" in answer.content.decode()
    assert User.objects.get(pk=tam.pk).erased_at is None


# --- by an administrator --------------------------------------------------------------------


def test_an_administrator_erases_staff(ada: User, tam: User, account: Account) -> None:
    Account.objects.update(tam=tam)
    client = sign_in_fresh(ada)
    address = reverse("admin:erase_person", args=[tam.pk])
    assert (
        address in client.get(reverse("admin:portal_user_change", args=[tam.pk])).content.decode()
    )
    refused = client.post(address, {"typed": "Priya"}).content.decode()
    assert f"Type {tam.reference} to go on." in refused
    assert client.post(address, {"typed": tam.reference}).status_code == 302
    assert User.objects.get(pk=tam.pk).erased_at is not None
    assert Account.objects.get().tam is None
    entry = AuditEntry.objects.get(action="person erased")
    assert (entry.actor_reference, entry.object_reference) == (ada.reference, tam.reference)
    assert client.get(address).status_code == 404


def test_the_last_administrator_stays(ada: User, make_user: MakeUser) -> None:
    gone = make_user("old@larkfield.example", role=Role.ADMINISTRATOR, is_active=False)
    client = sign_in_fresh(ada)
    answer = client.post(reverse("admin:erase_person", args=[ada.pk]), {"typed": ada.reference})
    assert "the last administrator" in answer.content.decode()
    with pytest.raises(LastAdministrator):
        erase_person(ada, by=ada, now=NOW)
    erase_person(gone, by=ada, now=NOW)
    assert not User.objects.get(pk=ada.pk).erased_at


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_erase_each_other_leave_one(ada: User, make_user: MakeUser) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory knows one connection; a file lets one write at a time")
    bob = make_user("bob@larkfield.example", name="Bob", role=Role.ADMINISTRATOR)
    barrier = Barrier(2)

    def erase(person: User, by: User) -> str:
        barrier.wait(10)
        try:
            erase_person(person, by=by, now=NOW)
        except LastAdministrator:
            return "refused"
        finally:
            connection.close()
        return "erased"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(erase, (ada, bob), (bob, ada)))
    assert sorted(results) == ["erased", "refused"]
    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1


@pytest.mark.parametrize("role", [Role.TAM, Role.PRODUCT_MANAGER, Role.SUBMITTER, Role.CUSTOMER])
def test_nobody_else_erases_others(maya: User, make_user: MakeUser, role: Role) -> None:
    other = make_user("other@larkfield.example", role=role)
    address = reverse("admin:erase_person", args=[maya.pk])
    assert sign_in_fresh(other).post(address, {"typed": maya.reference}).status_code == 404
    with pytest.raises(AskAnAdministrator):
        erase_person(maya, by=other, now=NOW)
    assert User.objects.get(pk=maya.pk).erased_at is None
