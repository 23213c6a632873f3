"""Accounts and their domains; people and their roles."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import Account, AccountDomain, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> User:
    return make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)


def save_account(client: Client, account: Account, **typed: str):
    """Post the account's page with one new domain line."""
    counts = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "99"}
    posted = {
        f"{part}-{name}": value
        for part in ("domains", "memberships")
        for name, value in counts.items()
    }
    for name in typed:
        posted[f"{name.split('-')[0]}-TOTAL_FORMS"] = "1"
    address = reverse("admin:portal_account_change", args=[account.pk])
    return client.post(address, posted | typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Northwind.example", "northwind.example"),
        ("maya@northwind.example", "northwind.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        (" northwind.example. ", "northwind.example"),
    ],
)
def test_a_domain_is_kept_as_it_is_compared(
    client: Client, tam: User, account: Account, typed: str, kept: str
) -> None:
    client.force_login(tam)
    save_account(client, account, **{"domains-0-domain": typed})
    assert AccountDomain.objects.filter(account=account, domain=kept).exists()


@pytest.mark.parametrize("typed", ["gmail.com", "Someone@GMAIL.com", "localhost", "a..b"])
def test_a_domain_that_belongs_to_nobody_or_everybody_is_refused(
    client: Client, tam: User, account: Account, typed: str
) -> None:
    client.force_login(tam)
    before = AccountDomain.objects.count()
    assert save_account(client, account, **{"domains-0-domain": typed}).status_code == 200
    assert AccountDomain.objects.count() == before


def test_a_domain_leads_to_one_account_only(client: Client, tam: User, account: Account) -> None:
    client.force_login(tam)
    other = Account.objects.create(
        salesforce_id="001X", name="Other", refreshed_at=account.refreshed_at
    )
    answer = save_account(client, other, **{"domains-0-domain": "northwind-freight.example"})
    assert "already exists" in answer.content.decode()


def test_a_product_manager_changes_no_account(
    client: Client, account: Account, make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
    answer = save_account(client, account, **{"domains-0-domain": "new.example"})
    assert answer.status_code == 403
    assert not AccountDomain.objects.filter(domain="new.example").exists()


def test_what_salesforce_says_is_not_changed_here(
    client: Client, tam: User, account: Account
) -> None:
    client.force_login(tam)
    save_account(client, account, name="Changed", arr="1")
    account.refresh_from_db()
    assert account.name == "Northwind Freight"


def test_an_administrator_invites_and_promotes(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    client.post(
        reverse("admin:portal_user_add"),
        {"email": "New.TAM@larkfield.example", "name": "New", "role": "tam"},
    )
    person = User.objects.get(email="new.tam@larkfield.example")
    assert not person.has_usable_password()
    assert person.role == Role.TAM
    client.post(
        reverse("admin:portal_user_change", args=[person.pk]),
        {"name": "New", "role": "product_manager", "email": "other@larkfield.example"},
    )
    person.refresh_from_db()
    assert (person.role, person.is_active) == (Role.PRODUCT_MANAGER, False)
    assert person.email == "new.tam@larkfield.example"


def test_the_same_address_is_not_entered_twice(
    client: Client, administrator: User, maya: User
) -> None:
    client.force_login(administrator)
    answer = client.post(
        reverse("admin:portal_user_add"), {"email": maya.email.upper(), "role": "customer"}
    )
    assert "exists already" in answer.content.decode()


def test_nobody_takes_their_own_rights_away(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    address = reverse("admin:portal_user_change", args=[administrator.pk])
    for typed in ({"role": "customer", "is_active": "on"}, {"role": "administrator"}):
        answer = client.post(address, {"name": "Ada", **typed})
        assert "Ask another administrator" in answer.content.decode()
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == (Role.ADMINISTRATOR, True)


def test_a_tam_gives_no_role(client: Client, tam: User) -> None:
    client.force_login(tam)
    address = reverse("admin:portal_user_change", args=[tam.pk])
    assert client.post(address, {"name": "x", "role": "administrator"}).status_code == 403
    tam.refresh_from_db()
    assert tam.role == Role.TAM
