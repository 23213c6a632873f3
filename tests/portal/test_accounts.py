"""Salesforce's accounts and opportunities in our tables."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.domain.salesforce_id import to_18
from portal.gateways.errors import Unavailable
from portal.gateways.records import AccountRecord
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account, Opportunity, Role, User
from portal.pipeline.accounts import refresh_accounts, store_account, store_accounts
from portal.sandbox.client import Fault, Sandbox
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

DEAL = "006D000000IqhSLIAZ"
LATER = NOW + timedelta(minutes=10)


def plant(sandbox: Sandbox, **fields: Any) -> None:
    deal = {
        "id18": DEAL, "name": "Roll-out", "net_arr": "21500.00", "probability": 55,
        "closes_on": "2027-02-26", "is_closed": False, "is_won": False,
    }  # fmt: skip
    values: dict[str, Any] = {
        "id18": ACCOUNT_ID, "name": "Northwind Freight", "arr": "48000.00", "seats": 160,
        "renewal_on": "2027-04-30", "health": "Yellow", "is_strategic": True, "tam_email": None,
        "tam_name": None, "segment": "mid-market", "contacts": [], "opportunities": [deal],
    }  # fmt: skip
    sandbox.put_account(**values | fields)


def refresh(salesforce: SalesforceGateway, **fields: Any) -> int:
    return refresh_accounts(salesforce, **{"since": None, "now": NOW} | fields)


def test_an_account_and_its_opportunity_are_copied(
    sandbox: Sandbox, salesforce: SalesforceGateway
) -> None:
    plant(sandbox)
    assert refresh(salesforce) == 1
    account = Account.objects.get()
    assert (account.salesforce_id, account.arr, account.seats) == (
        ACCOUNT_ID, Decimal("48000.00"), 160
    )  # fmt: skip
    assert (account.health, account.is_strategic) == ("yellow", True)
    assert account.renewal_on == date(2027, 4, 30)
    deal = Opportunity.objects.get()
    assert (deal.account, deal.net_arr, deal.probability) == (account, Decimal("21500.00"), 55)


def test_the_second_run_changes_what_changed_and_adds_nothing(
    sandbox: Sandbox, salesforce: SalesforceGateway
) -> None:
    plant(sandbox)
    refresh(salesforce)
    plant(sandbox, name="Northwind Freight SE", arr=None)
    assert refresh(salesforce, now=LATER) == 1
    account = Account.objects.get()
    assert (account.name, account.arr, account.refreshed_at) == (
        "Northwind Freight SE",
        None,
        LATER,
    )


def test_an_opportunity_that_salesforce_no_longer_tells_of_counts_as_lost(
    sandbox: Sandbox, salesforce: SalesforceGateway
) -> None:
    plant(sandbox)
    refresh(salesforce)
    deleted = Opportunity.objects.create(
        salesforce_id="006Lf00000G4u1yIAB",
        account=Account.objects.get(),
        name="Deleted there",
        refreshed_at=NOW,
        changed_at=NOW,
    )
    refresh(salesforce, now=LATER)
    deleted.refresh_from_db()
    assert (deleted.is_closed, deleted.is_won, deleted.changed_at) == (True, False, LATER)
    assert Opportunity.objects.open().get().salesforce_id == DEAL


def test_an_opportunity_we_know_of_an_account_without_any(
    sandbox: Sandbox, salesforce: SalesforceGateway
) -> None:
    plant(sandbox)
    refresh(salesforce)
    assert Opportunity.objects.open().count() == 1
    refresh(salesforce, now=LATER)
    assert Opportunity.objects.open().count() == 1


def test_salesforce_away_in_between_loses_nothing(
    sandbox: Sandbox, salesforce: SalesforceGateway
) -> None:
    plant(sandbox)
    sandbox.add_faults(Fault(service="salesforce", query="Opportunity", fault="server_unavailable"))
    with pytest.raises(Unavailable):
        refresh(salesforce)
    sandbox.clear_faults()
    refresh(salesforce)
    assert (Account.objects.count(), Opportunity.objects.count()) == (1, 1)


@pytest.fixture
def record() -> AccountRecord:
    return AccountRecord(
        salesforce_id=ACCOUNT_ID, name="Northwind", arr=None, seats=None, renewal_on=None,
        health="unknown", is_strategic=False, tam_email="", tam_name="Priya N.", segment="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "email", "is_active", "is_found"),
    [
        (Role.TAM, "PRIYA@larkfield.example", True, True),
        (Role.PRODUCT_MANAGER, "priya@larkfield.example", True, True),
        (Role.CUSTOMER, "priya@larkfield.example", True, False),
        (Role.TAM, "priya@larkfield.example", False, False),
        (Role.TAM, "", True, False),
        (Role.TAM, "other@larkfield.example", True, False),
    ],
)
def test_the_tam_is_a_member_of_staff_with_that_address(
    record: AccountRecord, make_user: Callable[..., User], role: str, email: str,
    is_active: bool, is_found: bool,
) -> None:  # fmt: skip
    tam = make_user("priya@larkfield.example", role=role, is_active=is_active)
    account = store_account(replace(record, tam_email=email), now=NOW)
    assert account.tam == (tam if is_found else None)
    assert account.tam_name == "Priya N."


def test_long_names_are_cut_rather_than_refused(record: AccountRecord) -> None:
    long = replace(record, name="N" * 400, segment="S" * 300, tam_name="T" * 300)
    store_account(long, now=NOW)
    account = Account.objects.get()
    assert (len(account.name), len(account.segment), len(account.tam_name)) == (255, 40, 120)


@pytest.fixture
def moved(sandbox: Sandbox, salesforce: SalesforceGateway) -> Callable[..., tuple[bool, bool]]:
    """Whether the account, and its opportunity, say that they changed in a second run."""
    plant(sandbox)
    refresh(salesforce)

    def run(**fields: Any) -> tuple[bool, bool]:
        plant(sandbox, **fields)
        refresh(salesforce, now=LATER)
        rows = (Account.objects.get(), Opportunity.objects.get())
        assert all(row.refreshed_at == LATER for row in rows)
        return rows[0].changed_at == LATER, rows[1].changed_at == LATER

    return run


def test_what_was_read_again_the_same_has_not_changed(
    moved: Callable[..., tuple[bool, bool]],
) -> None:
    assert moved() == (False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"arr": "48000.01"}, {"arr": None}, {"seats": 161}, {"renewal_on": "2027-05-01"},
        {"health": "Red"}, {"is_strategic": False}, {"segment": "enterprise"}, {"name": "N"},
    ],
)  # fmt: skip
def test_an_account_changes_with_any_field(
    moved: Callable[..., tuple[bool, bool]], change: dict[str, Any]
) -> None:
    assert moved(**change) == (True, False)


@pytest.mark.parametrize(
    "change",
    [{"net_arr": "1.00"}, {"probability": 33.333}, {"closes_on": "2027-03-01"},
     {"is_closed": True, "is_won": True}],
)  # fmt: skip
def test_an_opportunity_changes_with_any_field(
    sandbox: Sandbox, salesforce: SalesforceGateway, change: dict[str, Any]
) -> None:
    deal = {
        "id18": DEAL, "name": "Roll-out", "net_arr": "21500.00", "probability": 55,
        "closes_on": "2027-02-26", "is_closed": False, "is_won": False,
    }  # fmt: skip
    plant(sandbox)
    refresh(salesforce)
    plant(sandbox, opportunities=[deal | change])
    for now in (LATER, LATER + timedelta(hours=1)):  # the third run finds it as it is
        refresh(salesforce, now=now)
        assert Opportunity.objects.get().changed_at == LATER


def test_what_the_last_run_knew_and_this_one_hears_nothing_of_still_holds(
    sandbox: Sandbox, salesforce: SalesforceGateway
) -> None:
    plant(sandbox)
    refresh(salesforce)
    forgotten = Account.objects.create(
        salesforce_id="001Lf000008FMPcIAO", name="Lost sight of", refreshed_at=NOW - timedelta(30)
    )
    refresh(salesforce, since=NOW - timedelta(minutes=15), now=LATER)
    assert Account.objects.get(salesforce_id=ACCOUNT_ID).refreshed_at == LATER
    forgotten.refresh_from_db()
    assert forgotten.refreshed_at == NOW - timedelta(30)


def test_many_accounts_are_stored_in_a_fixed_number_of_queries(
    record: AccountRecord, make_user: Callable[..., User]
) -> None:
    make_user("priya@larkfield.example", role=Role.TAM)

    def count(number: int, arr: int) -> int:
        records = [
            replace(
                record, salesforce_id=to_18(f"001D00000{at:06d}"), arr=Decimal(arr),
                tam_email="priya@larkfield.example",
            )
            for at in range(number)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            store_accounts(records, now=NOW)
        return len(seen)

    count(50, 1)
    assert count(2, 2) == count(50, 3) <= 8
