"""Whose contact somebody is: asked of Salesforce by the worker, never by the page."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from intake.selectors.visibility import accounts_of
from portal.actions.membership import end_membership, settle_memberships
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account, Door, Job, Membership, Role, User
from portal.sandbox.client import Fault, Sandbox
from portal.tasks import find_contact, find_contacts
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]
LENA = "lena@contoso.example"
CONTOSO, FABRIKAM = "001D000000Ab001IAB", "001D000000Ab002IAB"


@pytest.fixture(autouse=True)
def tied(salesforce: SalesforceGateway) -> Iterator[None]:
    """The settings lead to the sandbox, and the clock stands."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lena(make_user: MakeUser) -> User:
    return make_user(LENA, name="Lena Brandt", last_login=NOW - timedelta(days=2))


def plant(sandbox: Sandbox, id18: str, name: str, email: str = "Lena@Contoso.example") -> None:
    sandbox.put_account(id18=id18, name=name, contacts=[{"name": "Lena Brandt", "email": email}])


def names(user: User) -> list[str]:
    return [account.name for account in accounts_of(user)]


def test_a_contact_belongs_without_waiting_for_a_person(lena: User, sandbox: Sandbox) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    find_contact(lena.pk)
    assert names(lena) == ["Contoso"]
    membership = Membership.objects.get(user=lena)
    assert (membership.basis, membership.address) == (Membership.Basis.CONTACT, LENA)


def test_the_doorbell_is_rung_when_the_address_is_proven(
    lena: User, sandbox: Sandbox, django_capture_on_commit_callbacks: Any
) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    current_app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            settle_memberships(lena, email=LENA, now=NOW)
            assert names(lena) == []  # the page has asked nobody
    finally:
        current_app.conf.task_always_eager = False
    assert names(lena) == ["Contoso"]


@pytest.mark.parametrize("email", ["lena@contoso.example.org", "elena@contoso.example"])
def test_an_address_that_is_only_alike_leads_nowhere(
    lena: User, sandbox: Sandbox, email: str
) -> None:
    plant(sandbox, CONTOSO, "Contoso", email=email)
    find_contact(lena.pk)
    assert names(lena) == []


def test_the_first_of_a_domain_who_is_a_contact_does_not_wait(lena: User, sandbox: Sandbox) -> None:
    """Also when Salesforce knows the address at a second account."""
    plant(sandbox, CONTOSO, "Contoso")
    plant(sandbox, FABRIKAM, "Fabrikam")
    account = Account.objects.create(salesforce_id=CONTOSO, name="Contoso", refreshed_at=NOW)
    account.domains.create(domain="contoso.example")
    settle_memberships(lena, email=LENA, now=NOW)
    assert names(lena) == []
    find_contact(lena.pk)
    assert names(lena) == ["Contoso"]
    assert Membership.objects.filter(user=lena).count() == 1


def test_of_several_accounts_a_person_has_to_choose(lena: User, sandbox: Sandbox) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    plant(sandbox, FABRIKAM, "Fabrikam")
    find_contact(lena.pk)
    assert not Membership.objects.exists()


def test_who_was_removed_does_not_come_back_as_a_contact(lena: User, sandbox: Sandbox) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    find_contact(lena.pk)
    end_membership(lena, Account.objects.get(), now=NOW)
    find_contact(lena.pk)
    assert names(lena) == []


@pytest.mark.parametrize("fields", [{"role": Role.TAM}, {"is_active": False}])
def test_staff_and_the_barred_are_not_looked_up(
    lena: User, sandbox: Sandbox, fields: dict[str, Any]
) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    User.objects.filter(pk=lena.pk).update(**fields)
    find_contact(lena.pk)
    find_contacts()
    assert not Membership.objects.exists()


@pytest.mark.parametrize("kind", ["503", "401"])
def test_while_salesforce_is_away_nothing_is_lost(lena: User, sandbox: Sandbox, kind: str) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    sandbox.add_faults(Fault(kind, service="salesforce", first=100))
    find_contact(lena.pk)
    assert names(lena) == []
    sandbox.clear_faults()
    Door.objects.all().delete()
    find_contacts()
    assert names(lena) == ["Contoso"]


def test_the_clock_finds_contacts_that_were_entered_later(
    lena: User, make_user: MakeUser, sandbox: Sandbox
) -> None:
    late = make_user("late@contoso.example", last_login=NOW - timedelta(days=31))
    unproven = make_user("new@contoso.example", last_login=NOW)
    unproven.emailaddress_set.update(verified=False)
    find_contact(lena.pk)
    contacts = [{"name": one.name, "email": one.email} for one in (lena, late, unproven)]
    sandbox.put_account(id18=CONTOSO, name="Contoso", contacts=contacts)
    find_contacts()
    assert names(lena) == ["Contoso"]
    assert names(late) == names(unproven) == []
    assert Job.objects.get(pk="find_contacts").finished_at == timezone.now()


def test_many_who_wait_are_asked_for_in_few_queries(make_user: MakeUser, sandbox: Sandbox) -> None:
    people = [make_user(f"u{number}@contoso.example", last_login=NOW) for number in range(60)]
    contacts = [{"name": "x", "email": person.email} for person in people]
    sandbox.put_account(id18=CONTOSO, name="Contoso", contacts=contacts)
    before = sandbox.last_seq()
    find_contacts()
    assert Membership.objects.filter(is_confirmed=True).count() == 60
    asked = sandbox.events(before, phase="answered", status=200, path="/query")
    contacts_asked = [event for event in asked if "FROM Contact" in event["query"]["q"]]
    assert len(contacts_asked) == 2
