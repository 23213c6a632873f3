"""What a score file may hold, what it stands for, and how each fault is named."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from intake.domain.vocabulary import DemandKind
from scoring.domain.records import Account, Estimates, Health, Inputs, Issue, Link, Severity
from scoring.portable.errors import UnfitFile
from scoring.portable.reading import read_file

TODAY = date(2026, 7, 1)


def read(**sections: Any) -> Inputs:
    return read_file(json.dumps(sections).encode(), today=TODAY)


def read_text(text: str) -> Inputs:
    return read_file(text.encode(), today=TODAY)


def find_faults(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(UnfitFile) as refused:
        read_file(content, today=TODAY)
    return list(refused.value.faults)


def faults_of(**sections: Any) -> list[str]:
    return find_faults(json.dumps(sections))


def test_an_empty_object_is_an_empty_file() -> None:
    assert read() == Inputs.gather(TODAY)
    nothing = dict.fromkeys(("today", "accounts", "opportunities", "issues", "links"))
    assert read(**nothing) == Inputs.gather(TODAY)


def test_the_file_names_its_day() -> None:
    assert read(today="2026-03-15").today == date(2026, 3, 15)


@pytest.mark.parametrize("filler", [{}, None])
def test_null_and_absent_have_the_same_defaults(filler: dict[str, Any] | None) -> None:
    def row(ids: dict[str, Any], *keys: str) -> dict[str, Any]:
        return ids if filler is None else ids | dict.fromkeys(keys)

    inputs = read(
        accounts=[row({"id": "A"}, "arr", "health", "renewal_on", "seats", "strategic")],
        issues=[row({"id": "I"}, "state", "weight", "themes", "duration_weeks", "created_on")],
        links=[
            row(
                {"issue": "I", "account": "A"},
                "opportunity", "points", "value", "urgency_points", "severity",
            )
        ],
    )  # fmt: skip
    assert inputs.accounts["A"] == Account("A", None, Health.UNKNOWN, None, None)
    assert inputs.issues["I"] == Issue("I", is_open=True, estimates=Estimates())
    assert inputs.links == (Link("I", "A", DemandKind.RETENTION, None, 1, 1, 1, Severity.P2),)


def test_a_link_with_an_opportunity_is_growth() -> None:
    inputs = read(
        accounts=[{"id": 1}],
        opportunities=[{"id": 0, "account": 1}],
        issues=[{"id": 1}],
        links=[{"issue": 1, "account": 1, "opportunity": 0}, {"issue": 1, "account": 1}],
    )
    assert [link.kind for link in inputs.links] == [DemandKind.GROWTH, DemandKind.RETENTION]


def test_every_value_arrives() -> None:
    inputs = read(
        accounts=[
            {"id": "A", "arr": "1.50", "health": "red", "renewal_on": "2026-01-02", "seats": 3,
             "strategic": True}
        ],
        issues=[
            {"id": "I", "state": "closed", "type": "bug", "group": "plan", "weight": 3,
             "created_on": "2020-02-29", "themes": ["x"], "reach": 10, "confidence": 80}
        ],
    )  # fmt: skip
    account = Account("A", Decimal("1.50"), Health.RED, date(2026, 1, 2), 3, is_strategic=True)
    assert inputs.accounts["A"] == account
    assert inputs.issues["I"] == Issue(
        "I", is_open=False, type="bug", group="plan", weight=Decimal(3),
        created_on=date(2020, 2, 29), themes=("x",),
        estimates=Estimates(reach=Decimal(10), confidence=Decimal(80)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("0.1", "0.1"),
        ("1e3", "1000"),
        ("900719925474099.3", "900719925474099.3"),
        ('"120000.00"', "120000.00"),
        ("-5", "-5"),
        ('"-5"', "-5"),
        ("123456789012.345678901234567890", "123456789012.345678901234567890"),
    ],
)
def test_amounts_are_exact(written: str, amount: str) -> None:
    inputs = read_text(f'{{"accounts": [{{"id": "A", "arr": {written}}}]}}')
    assert inputs.accounts["A"].arr == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("true", "true"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ('"NaN"', "'NaN'"),
        ('"1_000"', "'1_000'"),
        ('" 5"', "' 5'"),
        ('"٤٨"', "'٤٨'"),
        ('"1e5"', "'1e5'"),
        ('""', "''"),
        ("[1]", "a list"),
        ("{}", "an object"),
        ("1e16", "1E+16"),
        ("1e999999999", "1E+999999999"),
        ("1e-999999999", "1E-999999999"),
        ("1e99999999999999999999", "Infinity"),
        ("9" * 5000, "9" * 40 + "…"),
        ('"a\\nb"', "'a\\nb'"),
        ('"\\ud800"', "'\\ud800'"),
    ],
)
def test_what_is_no_amount_is_named(written: str, told: str) -> None:
    faults = find_faults(f'{{"accounts": [{{"id": "A", "arr": {written}}}]}}')
    expected = 'an amount such as 120000 or "120000.00" is expected'
    assert faults == [f"accounts[0].arr: {expected}, not {told}."]


@pytest.mark.parametrize(
    ("section", "row", "fault"),
    [
        ("accounts", {"health": "purple"}, "health: one of green, yellow, red, unknown"),
        ("accounts", {"renewal_on": "2026-02-30"}, 'renewal_on: a day such as "2026-03-15"'),
        ("accounts", {"renewal_on": "20260315"}, 'renewal_on: a day such as "2026-03-15"'),
        ("accounts", {"renewal_on": 20260315}, 'renewal_on: a day such as "2026-03-15"'),
        ("accounts", {"seats": 1.5}, "seats: a whole number of 0 or more"),
        ("accounts", {"seats": -1}, "seats: a whole number of 0 or more"),
        ("accounts", {"seats": "5"}, "seats: a whole number of 0 or more"),
        ("accounts", {"strategic": 1}, "strategic: true or false"),
        ("issues", {"state": "reopened"}, "state: one of opened, closed"),
        ("issues", {"type": 5}, "type: a text"),
        ("issues", {"group": []}, "group: a text"),
        ("issues", {"weight": "8"}, "weight: a number of 0 or more"),
        ("issues", {"weight": -1}, "weight: a number of 0 or more"),
        ("issues", {"weight": True}, "weight: a number of 0 or more"),
        ("issues", {"confidence": 101}, "confidence: a percentage from 0 to 100"),
        ("issues", {"themes": "x"}, "themes: a list of texts"),
        ("issues", {"themes": [1]}, "themes: a list of texts"),
    ],
)
def test_a_wrong_type_is_named(section: str, row: dict[str, Any], fault: str) -> None:
    (found,) = faults_of(**{section: [{"id": 1} | row]})
    assert found.startswith(f"{section}[0].{fault} is expected, not ")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"points": "7"}, "points: a whole number"),
        ({"points": 1.5}, "points: a whole number"),
        ({"points": False}, "points: a whole number"),
        ({"value": 4}, "value: 1, 2 or 3"),
        ({"urgency_points": 0}, "urgency_points: 1, 2 or 3"),
        ({"severity": "P3"}, "severity: one of P0, P1, P2"),
        ({"severity": 0}, "severity: one of P0, P1, P2"),
    ],
)
def test_a_wrong_type_in_a_link_is_named(row: dict[str, Any], fault: str) -> None:
    link = {"issue": 1, "account": 1} | row
    (found,) = faults_of(accounts=[{"id": 1}], issues=[{"id": 1}], links=[link])
    assert found.startswith(f"links[0].{fault} is expected, not ")


def test_probability_is_in_percent() -> None:
    deal = {"id": 1, "account": 1, "probability": 100.5}
    (found,) = faults_of(accounts=[{"id": 1}], opportunities=[deal])
    assert found.startswith("opportunities[0].probability: a percentage from 0 to 100 is expected")


def test_a_whole_number_may_have_a_point() -> None:
    inputs = read_text(
        '{"accounts": [{"id": 1, "seats": 5.0}], "issues": [{"id": 1}],'
        ' "links": [{"issue": 1, "account": 1, "points": 7.0}]}'
    )
    assert (inputs.accounts[1].seats, inputs.links[0].points) == (5, 7)


@pytest.mark.parametrize("written", ["true", '""', "1.0", "[]", "{}", "1.5"])
def test_what_is_no_id_is_named(written: str) -> None:
    faults = find_faults(f'{{"accounts": [{{"id": {written}}}]}}')
    assert len(faults) == 1
    assert faults[0].startswith("accounts[0].id: a text or a whole number is expected, not ")


def test_ids_are_needed() -> None:
    assert faults_of(accounts=[{}], issues=[{"id": None}], links=[{}]) == [
        "accounts[0].id is missing.",
        "issues[0].id is missing.",
        "links[0].account is missing.",
        "links[0].issue is missing.",
    ]


def test_unknown_keys_are_named_one_by_one() -> None:
    assert faults_of(accounts=[{"id": 1, "ar": 5, "owner\n": 6}], accoutns=[]) == [
        "The key 'accoutns' is unknown.",
        "accounts[0]: the key 'ar' is unknown.",
        "accounts[0]: the key 'owner\\n' is unknown.",
    ]


def test_unknown_ids_are_named_one_by_one() -> None:
    assert faults_of(
        accounts=[{"id": "A"}],
        opportunities=[{"id": "O", "account": "B"}],
        issues=[{"id": 1}],
        links=[
            {"issue": "1", "account": "A"},
            {"issue": 1, "account": "C", "opportunity": "P"},
        ],
    ) == [
        "opportunities[0].account: no account has the id 'B'.",
        "links[0].issue: no issue has the id '1'.",
        "links[1].account: no account has the id 'C'.",
        "links[1].opportunity: no opportunity has the id 'P'.",
    ]


def test_an_opportunity_of_another_account_is_an_error() -> None:
    assert faults_of(
        accounts=[{"id": "A"}, {"id": "B"}],
        opportunities=[{"id": "O", "account": "B"}],
        issues=[{"id": 1}],
        links=[{"issue": 1, "account": "A", "opportunity": "O"}],
    ) == ["links[0].opportunity: 'O' belongs to the account 'B'."]


@pytest.mark.parametrize("section", ["accounts", "issues"])
def test_an_id_that_stands_twice_is_an_error(section: str) -> None:
    rows = [{"id": "A"}, {"id": "B"}, {"id": "A"}]
    assert faults_of(**{section: rows}) == [f"{section}[2].id: 'A' stands twice."]


def test_an_opportunity_that_stands_twice_is_an_error() -> None:
    rows = [{"id": 1, "account": 1}] * 2
    assert faults_of(accounts=[{"id": 1}], opportunities=rows) == [
        "opportunities[1].id: 1 stands twice."
    ]


def test_a_section_that_is_no_list_is_named_once() -> None:
    assert faults_of(
        accounts={"A": {}}, issues=[{"id": 1}], links=[{"issue": 1, "account": 1}]
    ) == ["accounts: a list is expected, not an object."]


def test_a_row_that_is_no_object_is_named() -> None:
    assert faults_of(accounts=[None, 5]) == [
        "accounts[0]: an object is expected, not null.",
        "accounts[1]: an object is expected, not 5.",
    ]


def test_a_day_that_is_none_is_named() -> None:
    assert faults_of(today="soon") == [
        "today: a day such as \"2026-03-15\" is expected, not 'soon'."
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "The file is not JSON: Expecting value: line 1 column 1 (char 0)."),
        (b"{", "The file is not JSON: Expecting property name enclosed in double quotes"),
        (b"[1,]", "The file is not JSON: "),
        (b"\xff\xfe\xff", "The file is not JSON: it is not in UTF-8."),
        (b'{"today": "\xe9"}', "The file is not JSON: it is not in UTF-8."),
        (b"[" * 200_000, "The file is nested too deeply."),
        (b"[]", "The file: an object is expected, not a list."),
        (b"5", "The file: an object is expected, not 5."),
        (b'{"today": null, "today": null}', "The key 'today' stands twice in one object."),
    ],
)
def test_what_is_no_score_file_is_one_sentence(content: bytes, fault: str) -> None:
    (found,) = find_faults(content)
    assert found.startswith(fault)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_file(b"\xef\xbb\xbf{}", today=TODAY) == Inputs.gather(TODAY)
