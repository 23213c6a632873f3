"""Configured fields, odd values, many ids, and text from people."""

import json
from decimal import Decimal
from typing import Any

import pytest

from portal.gateways.errors import Misconfigured, Missing, Unavailable
from portal.gateways.salesforce import (
    FieldNames,
)
from tests.portal.gateways.salesforce_answers import (
    FIELDS,
    after_sign_in,
    answer_world,
    describe,
    list_queries,
    open_gateway,
)
from tests.portal.gateways.scripted import say, serve


class TestDescribedFields:
    def test_names_are_spelt_as_salesforce_spells_them(self) -> None:
        with serve(answer_world("[]")) as server:
            open_gateway(server, fields=FIELDS).accounts(["001D000000IqhSL"])
            assert list_queries(server) == [
                (
                    "SELECT Id, Name, ARR__c, Seats__c, Renewal__c, TAM__r.Email, TAM__r.Name"
                    " FROM Account WHERE Id IN ('001D000000IqhSLIAZ')"
                )
            ]

    @pytest.mark.parametrize(
        ("kind", "email", "name"), [("string", "", "Kim"), ("email", "Kim", "")]
    )
    def test_a_tam_in_a_text_field(self, kind: str, email: str, name: str) -> None:
        account = describe(TAM__c=(kind, None))
        rows = '[{"Id": "001D000000IqhSL", "Name": "Larkfield", "TAM__c": "Kim"}]'
        with serve(answer_world(rows, account=account)) as server:
            gateway = open_gateway(server, fields=FieldNames(tam="TAM__c"))
            found = gateway.account("001D000000IqhSL")
        assert (found.tam_email, found.tam_name) == (email, name)

    def test_what_does_not_fit_is_said_in_sentences(self) -> None:
        account = describe(Seats__c=("string", None), Renewal__c=("date", None))
        with serve(answer_world("[]", account=account)) as server:
            gateway = open_gateway(server, fields=FIELDS)
            assert gateway.missing_fields() == [
                'Salesforce has no field "arr__C" on Account that our user can see (meant: arr).',
                'The Salesforce field "Seats__c" on Account is not a number (meant: seats).',
                'Salesforce has no field "TAM__c" on Account that our user can see (meant: tam).',
            ]
            with pytest.raises(Misconfigured, match="arr__C"):
                gateway.accounts(["001D000000IqhSL"])

    def test_a_field_that_was_mended_is_found_without_a_restart(self) -> None:
        with serve(answer_world("[]", account=describe())) as server:
            gateway = open_gateway(server, fields=FIELDS)
            with pytest.raises(Misconfigured):
                gateway.accounts(["001D000000IqhSL"])
            server.answer = answer_world("[]")
            assert gateway.accounts(["001D000000IqhSL"]) == []

    def test_a_hidden_object_is_said_in_a_sentence(self) -> None:
        missing = say(404, [{"message": "not there", "errorCode": "NOT_FOUND"}])
        with serve(after_sign_in(missing)) as server:
            assert open_gateway(server, fields=FIELDS).missing_fields() == [
                "Salesforce does not show the object Account to our user.",
                "Salesforce does not show the object Opportunity to our user.",
            ]

    @pytest.mark.parametrize("answer", [{}, {"fields": 3}, {"fields": [{"label": "x"}]}, []])
    def test_a_description_that_is_none(self, answer: Any) -> None:
        with serve(after_sign_in(say(200, answer))) as server, pytest.raises(Unavailable):
            open_gateway(server, fields=FIELDS).missing_fields()


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("120000", Decimal("120000.00")),
            ("0.1", Decimal("0.10")),
            ("1234567.125", Decimal("1234567.13")),
            ("-5", Decimal("-5.00")),
            ("1e400000", None),
            ("NaN", None),
            ("Infinity", None),
            ("true", None),
            ('"120000"', None),
            ("null", None),
            ("[1]", None),
        ],
    )
    def test_money_is_exact_or_not_there(self, written: str, expected: Decimal | None) -> None:
        rows = f'[{{"Id": "001D000000IqhSL", "Name": "Larkfield", "ARR__c": {written}}}]'
        with serve(answer_world(rows)) as server:
            assert open_gateway(server, fields=FIELDS).account("001D000000IqhSL").arr == expected

    @pytest.mark.parametrize(
        ("written", "expected"),
        [("40.0", 40), ("40", 40), ("-1", None), ("1e99", None), ("false", None), ('"7"', None)],
    )
    def test_seats_are_a_whole_number(self, written: str, expected: int | None) -> None:
        rows = f'[{{"Id": "001D000000IqhSL", "Name": "Larkfield", "Seats__c": {written}}}]'
        with serve(answer_world(rows)) as server:
            assert open_gateway(server, fields=FIELDS).account("001D000000IqhSL").seats == expected


class TestManyIds:
    def test_they_go_200_at_a_time_and_each_once(self) -> None:
        ids = [f"001D00000{number:06d}" for number in range(450)]
        with serve(answer_world("[]")) as server:
            open_gateway(server, fields=FIELDS).accounts(ids + ids)
            assert [query.count("'001") for query in list_queries(server)] == [200, 200, 50]
            assert max(len(asked.path) for asked in server.asked) < 16_000

    def test_none_asks_nothing(self) -> None:
        with serve(answer_world("[]")) as server:
            gateway = open_gateway(server, fields=FIELDS)
            assert gateway.accounts([]) == []
            assert gateway.opportunities([]) == []
            assert list_queries(server) == []

    @pytest.mark.parametrize(
        "text", ["https://evil.example/x", "006D000000IqhSLIAZ", "x' OR Name != '", ""]
    )
    def test_what_is_no_account_id_is_missing_and_not_asked(self, text: str) -> None:
        with serve(answer_world("[]")) as server:
            with pytest.raises(Missing):
                open_gateway(server, fields=FIELDS).account(text)
            assert list_queries(server) == []


def test_text_from_people_stays_text() -> None:
    with serve(answer_world("[]")) as server:
        gateway = open_gateway(server, fields=FieldNames())
        gateway.search_accounts("100%_o'brien\\ {}\0", limit=5)
        gateway.contacts_by_email("o'brien@x.example")
        search, contacts = list_queries(server)
    assert search.endswith("LIKE '%100\\%\\_o\\'brien\\\\ {}%' ORDER BY Name LIMIT 5")
    assert contacts.endswith("WHERE Email IN ('o\\'brien@x.example')")


def test_an_address_matches_whole_and_in_any_case() -> None:
    rows = json.dumps(
        [
            {"Id": f"003D00000000{n}", "AccountId": account, "Name": "Kim", "Email": email}
            for n, (account, email) in enumerate(
                [
                    ("001D000000IqhSL", "Kim@Larkfield.example"),
                    ("001D000000IqhSL", "kim@larkfield.example.evil.example"),
                    (None, "kim@larkfield.example"),
                ],
                start=100,
            )
        ]
    )
    with serve(answer_world(rows)) as server:
        found = open_gateway(server).contacts_by_email(" kim@larkfield.example ")
    assert [contact.email for contact in found] == ["Kim@Larkfield.example"]
