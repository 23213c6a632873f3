"""Accounts and what belongs to them, read from the sandbox over HTTP."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from portal.gateways.errors import Misconfigured, Missing
from portal.gateways.salesforce import (
    FieldNames,
    SalesforceGateway,
)
from portal.sandbox.client import Sandbox
from tests.portal.gateways.salesforce_planting import (
    BIRCH,
    CONTACT,
    LARKFIELD,
    OPPORTUNITY,
    open_gateway,
    plant,
)


@pytest.fixture
def gateway(sandbox: Sandbox) -> SalesforceGateway:
    return open_gateway(sandbox)


class TestFields:
    def test_all_there(self, gateway: SalesforceGateway) -> None:
        assert gateway.missing_fields() == []

    def test_one_that_is_not(self, sandbox: Sandbox) -> None:
        wrong = FieldNames(arr="ARR__c", net_arr="Net_ARR__c")
        gateway = open_gateway(sandbox, fields=wrong)
        (problem,) = gateway.missing_fields()
        assert "ARR__c" in problem
        with pytest.raises(Misconfigured, match="ARR__c"):
            gateway.search_accounts("north")

    def test_what_an_organisation_does_not_keep_is_left_out(self, sandbox: Sandbox) -> None:
        plant(sandbox)
        found = open_gateway(sandbox, fields=FieldNames()).account(LARKFIELD)
        assert (found.name, found.arr, found.health) == ("Northwind Freight", None, "unknown")


class TestCurrency:
    def test_the_corporate_one_of_several(self, gateway: SalesforceGateway) -> None:
        assert gateway.corporate_currency() == "USD"

    def test_a_single_one_is_not_named(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        sandbox.seed({"salesforce": {"missing_fields": ["CurrencyType"]}})
        assert gateway.corporate_currency() is None


class TestAccounts:
    def test_everything_of_one(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        plant(sandbox)
        found = gateway.account(LARKFIELD)
        assert (found.salesforce_id, found.name) == (LARKFIELD, "Northwind Freight")
        assert found.arr == Decimal("48000.10")
        assert isinstance(found.arr, Decimal)
        assert (found.seats, found.renewal_on) == (160, date(2027, 4, 30))
        assert (found.health, found.is_strategic) == ("yellow", True)
        assert (found.tam_email, found.tam_name) == ("kim@larkfield.example", "Kim Osei")
        assert found.segment == "mid-market"

    def test_by_the_short_id(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        plant(sandbox)
        assert gateway.account(LARKFIELD[:15]).salesforce_id == LARKFIELD

    def test_a_tam_by_name_alone(self, sandbox: Sandbox) -> None:
        plant(sandbox)
        fields = FieldNames(tam="Technical_Account_Manager_Name__c")
        found = open_gateway(sandbox, fields=fields).account(LARKFIELD)
        assert (found.tam_email, found.tam_name) == ("", "Kim Osei")

    def test_without_any_of_it(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        nothing = dict.fromkeys(
            ("arr", "seats", "renewal_on", "health", "tam_email", "tam_name", "segment")
        )
        plant(sandbox, is_strategic=False, **nothing)
        found = gateway.account(LARKFIELD)
        assert (found.arr, found.seats, found.renewal_on) == (None, None, None)
        assert (found.health, found.tam_email, found.segment) == ("unknown", "", "")

    def test_deleted_is_missing(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        sandbox.delete_account(plant(sandbox))
        with pytest.raises(Missing):
            gateway.account(LARKFIELD)

    def test_several(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        plant(sandbox)
        plant(sandbox, id18=BIRCH, name="Birch")
        found = gateway.accounts([LARKFIELD, BIRCH, BIRCH[:15], "001D000000IqhSX", "rubbish"])
        assert {account.salesforce_id for account in found} == {LARKFIELD, BIRCH}

    def test_those_that_changed(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        plant(sandbox)
        now = datetime.now(UTC)
        assert [a.name for a in gateway.accounts_changed_since(None)] == ["Northwind Freight"]
        recent = gateway.accounts_changed_since(now - timedelta(hours=1))
        assert [a.name for a in recent] == ["Northwind Freight"]
        assert list(gateway.accounts_changed_since(now + timedelta(hours=1))) == []

    def test_search(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        plant(sandbox)
        plant(sandbox, id18=BIRCH, name="100% O'Brien")
        assert [a.name for a in gateway.search_accounts("NORTH")] == ["Northwind Freight"]
        assert [a.name for a in gateway.search_accounts("100% o'b")] == ["100% O'Brien"]
        assert gateway.search_accounts("%") == gateway.search_accounts("100%")
        assert gateway.search_accounts("  ") == []
        assert len(gateway.search_accounts("r", limit=1)) == 1


class TestOpportunities:
    def test_open_and_closed(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        plant(
            sandbox,
            opportunities=[
                {
                    "id18": OPPORTUNITY,
                    "name": "Roll-out",
                    "net_arr": "21500.00",
                    "probability": 55,
                    "closes_on": "2027-02-26",
                    "is_closed": False,
                    "is_won": False,
                }
            ],
        )
        (found,) = gateway.opportunities([LARKFIELD])
        assert (found.salesforce_id, found.account_id) == (OPPORTUNITY, LARKFIELD)
        assert (found.net_arr, found.probability) == (Decimal("21500.00"), Decimal(55))
        assert found.closes_on == date(2027, 2, 26)
        assert (found.is_closed, found.is_won) == (False, False)
        assert gateway.opportunities([BIRCH]) == []


class TestContacts:
    def test_by_the_whole_address(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        contact = {"id18": CONTACT, "name": "Maya Lindqvist", "email": "maya@northwind.example"}
        plant(sandbox, contacts=[contact])
        (found,) = gateway.contacts_by_email("MAYA@northwind.example")
        assert (found.salesforce_id, found.account_id) == (CONTACT, LARKFIELD)
        assert found.email == "maya@northwind.example"
        assert gateway.contacts_by_email("maya@northwind") == []
        assert gateway.contacts_by_email("") == []


class TestWorld:
    def test_every_account_of_the_demo_world(self, sandbox_world: Sandbox) -> None:
        gateway = open_gateway(sandbox_world)
        accounts = list(gateway.accounts_changed_since(None))
        assert len(accounts) >= 40
        assert len({account.salesforce_id for account in accounts}) == len(accounts)
        assert any(account.arr for account in accounts)
        ids = [account.salesforce_id for account in accounts]
        assert {o.account_id for o in gateway.opportunities(ids)} <= set(ids)
