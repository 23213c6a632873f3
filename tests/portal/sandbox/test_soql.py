"""The SOQL subset: what is found, and what is refused."""

from typing import Any

import pytest

from portal.sandbox.salesforce.records import lengthen_id, put_account
from portal.sandbox.salesforce.schema import Schema
from portal.sandbox.soql import Engine
from portal.sandbox.soql_tokens import SoqlError
from portal.sandbox.state import SalesforceState

OBRIEN = "001Sb00000AbcDEIAZ"


@pytest.fixture
def engine() -> Engine:
    state = SalesforceState()
    put_account(
        state,
        {
            "id18": OBRIEN,
            "name": "O'Brien",
            "arr": 100,
            "seats": 40,
            "renewal_on": "2027-03-31",
            "is_strategic": True,
            "segment": "Enterprise",
            "tam_email": "tess@larkfield.example",
            "tam_name": "Tess Arden",
            "contacts": [{"name": "Ann Lee", "email": "Ann@obrien.example"}],
        },
    )
    put_account(state, {"name": "100% Pure_Cotton", "arr": 250.5, "renewal_on": "2026-12-24"})
    put_account(state, {"name": "back\\slash\nline", "arr": None, "segment": "enterprise"})
    put_account(state, {"name": "Gone", "arr": 1, "is_deleted": True})
    return Engine(Schema(set(), "61.0"), state.rows)


def names(engine: Engine, where: str) -> set[str]:
    return {row["Name"] for row in engine.run(f"SELECT Name FROM Account WHERE {where}")[1]}


BRI, PUR, BAC = "O'Brien", "100% Pure_Cotton", "back\\slash\nline"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (r"Name = 'O\'Brien'", {BRI}),
        (r"name = 'o\'BRIEN'", {BRI}),
        (r"Name = 'back\\slash\nline'", {BAC}),
        ("Name != 'gone'", {BRI, PUR, BAC}),
        ("Segment__c = 'ENTERPRISE'", {BRI, BAC}),
        ("Segment__c != 'Enterprise'", {PUR}),
        ("Segment__c = null", {PUR}),
        ("Segment__c != NULL", {BRI, BAC}),
        ("CARR_This_Account__c > 100", {PUR}),
        ("CARR_This_Account__c >= 100.0", {BRI, PUR}),
        ("CARR_This_Account__c < 250.5", {BRI}),
        ("CARR_This_Account__c <= 250.5", {BRI, PUR}),
        ("CARR_This_Account__c <> 100", {PUR, BAC}),
        ("CARR_This_Account__c = -1", set()),
        ("Strategic_Account__c = TRUE", {BRI}),
        ("Strategic_Account__c = false", {PUR, BAC}),
        ("Next_Renewal_Date__c > 2026-12-24", {BRI}),
        ("Next_Renewal_Date__c = 2026-12-24", {PUR}),
        ("LastModifiedDate > 2020-01-01T00:00:00Z", {BRI, PUR, BAC}),
        ("LastModifiedDate < 2020-01-01T00:00:00.000+01:00", set()),
        ("Name LIKE '%brien'", {BRI}),
        ("Name LIKE '100%'", {PUR}),
        (r"Name LIKE '100\%%'", {PUR}),
        (r"Name LIKE '%e\_c%'", {PUR}),
        (r"Name LIKE 'o_brien'", {BRI}),
        (r"Name LIKE 'pure'", set()),
        (f"Id = '{OBRIEN}'", {BRI}),
        (f"Id = '{OBRIEN[:15]}'", {BRI}),
        (f"Id IN ('{OBRIEN[:15]}', '001000000000000AAA')", {BRI}),
        (f"Id NOT IN ('{OBRIEN}')", {PUR, BAC}),
        ("Segment__c IN ('enterprise', 'x')", {BRI, BAC}),
        ("Segment__c NOT IN ('enterprise')", {PUR}),
        ("Technical_Account_Manager__r.Email = 'TESS@larkfield.example'", {BRI}),
        ("Technical_Account_Manager__r.Email = null", {PUR, BAC}),
        ("Owner.Name LIKE 'Ola%'", {BRI, PUR, BAC}),
        ("CARR_This_Account__c = 100 AND Strategic_Account__c = true", {BRI}),
        ("CARR_This_Account__c = 100 OR CARR_This_Account__c = null", {BRI, BAC}),
        ("(CARR_This_Account__c = 100 OR Segment__c = null) AND Name LIKE '%u%'", {PUR}),
        ("NOT Name = 'x'", {BRI, PUR, BAC}),
        ("(NOT Name LIKE '100%') AND (NOT (Segment__c = 'x' OR Name LIKE 'back%'))", {BRI}),
        ("CARR_This_Account__c=100", {BRI}),
    ],
)
def test_what_is_found(engine: Engine, where: str, expected: set[str]) -> None:
    assert names(engine, where) == expected


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("ORDER BY CARR_This_Account__c", [BAC, BRI, PUR]),
        ("ORDER BY CARR_This_Account__c DESC", [BAC, PUR, BRI]),
        ("ORDER BY CARR_This_Account__c DESC NULLS LAST", [PUR, BRI, BAC]),
        ("order by CARR_This_Account__c asc nulls last", [BRI, PUR, BAC]),
        ("ORDER BY Segment__c NULLS LAST, Name DESC", [BRI, BAC, PUR]),
        ("ORDER BY Name LIMIT 1", [PUR]),
        ("ORDER BY Name LIMIT 1 OFFSET 1", [BAC]),
        ("ORDER BY Name OFFSET 2", [BRI]),
        ("ORDER BY Name LIMIT 0", []),
    ],
)
def test_order_and_limits(engine: Engine, tail: str, expected: list[str]) -> None:
    rows = engine.run(f"SELECT Name FROM Account {tail}")[1]
    assert [row["Name"] for row in rows] == expected


def test_counting_gives_no_records(engine: Engine) -> None:
    assert engine.run("SELECT COUNT() FROM Account WHERE Segment__c = null") == (1, [])
    assert engine.run("SELECT COUNT() FROM Account", include_deleted=True) == (4, [])


def test_shape_of_a_record_with_parents(engine: Engine) -> None:
    query = (
        "SELECT id, Account.NAME, Account.Technical_Account_Manager__r.Email, Account.Segment__c "
        "FROM contact"
    )
    (row,) = engine.run(query)[1]
    assert row["attributes"]["type"] == "Contact"
    account: dict[str, Any] = row["Account"]
    assert (account["Name"], account["Segment__c"]) == (BRI, "Enterprise")
    assert account["attributes"]["url"].endswith(f"/sobjects/Account/{OBRIEN}")
    assert account["Technical_Account_Manager__r"]["Email"] == "tess@larkfield.example"


def test_a_missing_parent_is_null(engine: Engine) -> None:
    query = "SELECT Technical_Account_Manager__r.Email FROM Account WHERE Segment__c = null"
    (row,) = engine.run(query)[1]
    assert row["Technical_Account_Manager__r"] is None


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT FROM Account",
        "SELECT * FROM Account",
        "SELECT Id Name FROM Account",
        "SELECT Id, FROM Account",
        "SELECT Id, id FROM Account",
        "SELECT Id FROM",
        "SELECT Id FROM Account a",
        "SELECT Id FROM Account WHERE",
        "SELECT Id FROM Account WHERE Name",
        "SELECT Id FROM Account WHERE Name = ",
        "SELECT Id FROM Account WHERE Name = x",
        'SELECT Id FROM Account WHERE Name = "x"',
        "SELECT Id FROM Account WHERE Name = 'x",
        "SELECT Id FROM Account WHERE Name = 'x' 'y'",
        r"SELECT Id FROM Account WHERE Name = 'a\qb'",
        "SELECT Id FROM Account WHERE Id IN ()",
        "SELECT Id FROM Account WHERE Id IN ('001000000000000AAA',)",
        "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
        "SELECT Id FROM Account WHERE NOT Name = 'a' AND Name = 'b'",
        "SELECT Id FROM Account WHERE (Name = 'a'",
        "SELECT Id FROM Account WHERE Name == 'a'",
        "SELECT Id FROM Account WHERE Next_Renewal_Date__c = 2026-13-01",
        "SELECT Id FROM Account WHERE Next_Renewal_Date__c = NEXT_WEEK",
        "SELECT Id FROM Account GROUP BY Name",
        "SELECT COUNT(Id) FROM Account",
        "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
        "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)",
        "SELECT Id FROM Account LIMIT x",
        "SELECT Id FROM Account LIMIT 1.5",
        "SELECT Id FROM Account OFFSET 1 LIMIT 1",
        "SELECT Id FROM Account ORDER BY",
        "SELECT Id FROM Account ORDER Name",
        "SELECT Id FROM Account FOR UPDATE",
        "SELECT Id FROM Account; DELETE",
        "UPDATE Account SET Name = 'x'",
        "SELECT Id FROM Account WHERE Name = 1abc",
    ],
)
def test_unknown_syntax_is_malformed(engine: Engine, query: str) -> None:
    with pytest.raises(SoqlError) as refused:
        engine.run(query)
    assert refused.value.code == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Id FROM Ghost", "INVALID_TYPE"),
        ("SELECT Ghost__c FROM Account", "INVALID_FIELD"),
        ("SELECT Ghost.Name FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Ghost__c = 1", "INVALID_FIELD"),
        ("SELECT Id FROM Account ORDER BY Ghost__c", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE CARR_This_Account__c = '1'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Name = 1", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Next_Renewal_Date__c = '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Strategic_Account__c = 'true'", "INVALID_FIELD"),
        (
            "SELECT Id FROM Account WHERE CARR_This_Account__c LIKE '1%'",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        (
            "SELECT Id FROM Account WHERE Strategic_Account__c > false",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        ("SELECT Id FROM Account WHERE Id = 'nonsense'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_what_does_not_exist_or_fit(engine: Engine, query: str, code: str) -> None:
    with pytest.raises(SoqlError) as refused:
        engine.run(query)
    assert refused.value.code == code


def test_a_field_the_organisation_lacks() -> None:
    engine = Engine(Schema({"account.segment__c"}, "61.0"), {})
    with pytest.raises(SoqlError) as refused:
        engine.run("SELECT Segment__c FROM Account")
    assert refused.value.code == "INVALID_FIELD"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("001Sb00000AbcDE", OBRIEN),
        ("001000000000000", "001000000000000AAA"),
        ("00130000000aBcD", "00130000000aBcDAAU"),
        ("ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"),
    ],
)
def test_ids_of_eighteen_characters(short: str, long: str) -> None:
    assert lengthen_id(short) == long
