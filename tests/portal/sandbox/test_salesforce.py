"""Salesforce through simple-salesforce: sign-in, queries in batches, records, descriptions."""

from typing import Any

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)
from simple_salesforce.format import format_soql

from portal.sandbox.client import Sandbox

LOGIN = "portal@larkfield.example"
AUDIENCE = "https://login.salesforce.com"
OBRIEN = "001Sb00000AbcDEIAZ"


@pytest.mark.usefixtures("accounts")
def test_a_whole_account(sf: Salesforce) -> None:
    query = format_soql(
        "SELECT Id, Name, CARR_This_Account__c, Number_of_Licensed_Users__c, Next_Renewal_Date__c, "
        "Account_Health__c, Strategic_Account__c, Technical_Account_Manager_Name__c, "
        "Technical_Account_Manager__r.Email, Owner.Email, Website, Segment__c, IsDeleted "
        "FROM Account WHERE Name = {}",
        "O'Brien & Söhne",
    )
    (row,) = sf.query(query)["records"]
    assert row["Id"] == OBRIEN
    assert row["CARR_This_Account__c"] == 120000.5
    assert row["Number_of_Licensed_Users__c"] == 40
    assert row["Next_Renewal_Date__c"] == "2027-03-31"
    assert (row["Account_Health__c"], row["Strategic_Account__c"]) == ("Red", True)
    assert row["Technical_Account_Manager_Name__c"] == "Tess Arden"
    assert row["Technical_Account_Manager__r"]["Email"] == "tess@larkfield.example"
    assert row["Website"] == "https://www.obrien.example"
    assert row["Segment__c"] == "Enterprise"


@pytest.mark.usefixtures("accounts")
def test_like_with_wildcards_in_the_text(sf: Salesforce) -> None:
    query = format_soql("SELECT Name FROM Account WHERE Name LIKE '%{:like}%'", "100%")
    assert [row["Name"] for row in sf.query(query)["records"]] == ["Northwind 100%"]


@pytest.mark.usefixtures("accounts")
def test_contacts_and_opportunities(sf: Salesforce) -> None:
    query = "SELECT AccountId, Account.Name FROM Contact WHERE Email = 'ann@OBRIEN.example'"
    (contact,) = sf.query(query)["records"]
    assert (contact["AccountId"], contact["Account"]["Name"]) == (OBRIEN, "O'Brien & Söhne")
    query = (
        "SELECT Name, Net_ARR__c, Probability, StageName FROM Opportunity "
        f"WHERE AccountId = '{OBRIEN[:15]}' AND IsClosed = false"
    )
    (opportunity,) = sf.query(query)["records"]
    assert (opportunity["Net_ARR__c"], opportunity["Probability"]) == (5000, 60)
    closed = sf.query("SELECT IsWon, StageName FROM Opportunity WHERE IsClosed = true")["records"]
    assert [(row["IsWon"], row["StageName"]) for row in closed] == [(True, "Closed Won")]


@pytest.mark.parametrize(("batch", "requests_made"), [(None, 1), (2, 3)])
def test_batches(sandbox: Sandbox, sf: Salesforce, batch: int | None, requests_made: int) -> None:
    sandbox.seed({"accounts": [{"name": f"A{n}"} for n in range(5)]})
    headers = {"Sforce-Query-Options": f"batchSize={batch}"} if batch else {}
    rows = list(sf.query_all_iter("SELECT Name FROM Account ORDER BY Name", headers=headers))
    assert [row["Name"] for row in rows] == [f"A{n}" for n in range(5)]
    assert len(sandbox.events(phase="answered", path="/query")) == requests_made


def test_more_than_two_thousand_come_in_two_batches(sandbox: Sandbox, sf: Salesforce) -> None:
    sandbox.seed({"accounts": [{"name": f"A{n}"} for n in range(2001)]})
    first = sf.query("SELECT Id FROM Account")
    assert (first["totalSize"], first["done"], len(first["records"])) == (2001, False, 2000)
    second = sf.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert (second["done"], len(second["records"])) == (True, 1)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id FROM Account WHERE Id IN ()", "MALFORMED_QUERY"),
        ("SELECT Ghost__c FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Ghost", "INVALID_TYPE"),
    ],
)
def test_query_errors_are_lists(sf: Salesforce, query: str, code: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query(query)
    assert refused.value.content[0]["errorCode"] == code


def test_long_uris_are_refused(sf: Salesforce) -> None:
    query = f"SELECT Id FROM Account WHERE Name = '{'x' * 17_000}'"
    answer = sf.session.get(f"{sf.base_url}query/", params={"q": query}, headers=sf.headers)
    assert answer.status_code == 414


@pytest.mark.usefixtures("accounts")
def test_usage_is_told_on_every_answer(sf: Salesforce) -> None:
    sf.query("SELECT Id FROM Account")
    assert sf.api_usage["api-usage"].used == 1
    with pytest.raises(SalesforceMalformedRequest):
        sf.query("SELECT nonsense FROM Account")
    sf.query("SELECT Id FROM Account")
    assert sf.api_usage["api-usage"].used == 3
    assert sf.limits()["DailyApiRequests"]["Remaining"] == 100_000 - 4


@pytest.mark.usefixtures("accounts")
def test_read_and_upsert(sf: Salesforce) -> None:
    assert sf.Account.get(OBRIEN)["Name"] == "O'Brien & Söhne"
    with pytest.raises(SalesforceResourceNotFound):
        sf.Account.get("001000000000000AAA")
    path = "sobjects/Account/External_Id__c/portal-7"
    made = sf.restful(path, method="PATCH", json={"Name": "New", "CARR_This_Account__c": 5})
    again = sf.restful(path, method="PATCH", json={"Name": "Newer"})
    assert (made["created"], again["created"], made["id"]) == (True, False, again["id"])
    row = sf.Account.get(made["id"])
    assert (row["Name"], row["CARR_This_Account__c"]) == ("Newer", 5)
    found = sf.query("SELECT Id FROM Account WHERE External_Id__c = 'PORTAL-7'")["records"]
    assert [row["Id"] for row in found] == [made["id"]]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "REQUIRED_FIELD_MISSING"),
        ({"Name": "x", "Ghost__c": 1}, "INVALID_FIELD"),
        ({"Name": "x", "SystemModstamp": "now"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Name": "x", "CARR_This_Account__c": "1"}, "INVALID_TYPE_ON_FIELD_IN_RECORD"),
    ],
)
def test_upserts_that_are_refused(sf: Salesforce, values: dict[str, Any], code: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.restful("sobjects/Account/External_Id__c/k", method="PATCH", json=values)
    assert refused.value.content[0]["errorCode"] == code


def test_describe_and_a_missing_field(sandbox: Sandbox, sf: Salesforce) -> None:
    fields = {row["name"]: row for row in sf.Account.describe()["fields"]}
    assert fields["CARR_This_Account__c"]["type"] == "currency"
    tam = fields["Technical_Account_Manager__c"]
    assert (tam["relationshipName"], tam["referenceTo"]) == (
        "Technical_Account_Manager__r",
        ["User"],
    )
    sandbox.seed({"salesforce": {"missing_fields": ["Account.Segment__c"]}})
    assert "Segment__c" not in {row["name"] for row in sf.Account.describe()["fields"]}
    with pytest.raises(SalesforceMalformedRequest):
        sf.query("SELECT Segment__c FROM Account")
    with pytest.raises(SalesforceResourceNotFound):
        sf.Ghost.describe()


@pytest.mark.usefixtures("accounts")
def test_deleted_accounts_are_left_to_query_all(sandbox: Sandbox, sf: Salesforce) -> None:
    sandbox.delete_account(OBRIEN)
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 2
    rows = sf.query("SELECT Id FROM Account WHERE IsDeleted = true", include_deleted=True)
    assert [row["Id"] for row in rows["records"]] == [OBRIEN]


@pytest.mark.usefixtures("accounts")
def test_changes_move_the_stamp(sandbox: Sandbox, sf: Salesforce) -> None:
    query = f"SELECT SystemModstamp, CARR_This_Account__c, Name FROM Account WHERE Id = '{OBRIEN}'"
    before = sf.query(query)["records"][0]
    sandbox.put_account(id18=OBRIEN, arr=7)
    after = sf.query(query)["records"][0]
    assert (after["CARR_This_Account__c"], after["Name"]) == (7, "O'Brien & Söhne")
    assert after["SystemModstamp"] > before["SystemModstamp"]
    assert after["SystemModstamp"].endswith("+0000")


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("record", [f"lightning/r/Account/{OBRIEN}/view", OBRIEN, OBRIEN[:15]])
def test_the_record_page(sandbox: Sandbox, record: str) -> None:
    page = requests.get(f"{sandbox.salesforce_url}/{record}", timeout=10)
    assert page.status_code == 200
    assert "O&#x27;Brien &amp; Söhne" in page.text
    assert (
        requests.get(f"{sandbox.salesforce_url}/lightning/r/x/view", timeout=10).status_code == 404
    )
