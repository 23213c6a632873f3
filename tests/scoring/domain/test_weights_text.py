"""Weights as JSON and by dotted names: there and back, and what is refused."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from scoring.domain.weights import InvalidWeights, Model, RetentionUrgency, UrgencyRow, Weights
from scoring.domain.weights_text import (
    Change,
    find_changes,
    flatten,
    nest,
    parse_weights,
    write_weights,
)

TUNED = Weights(
    model=Model.RICE,
    retention=RetentionUrgency(
        near_months=6, red=UrgencyRow(Decimal("2.25"), Decimal("3.10"), Decimal(100))
    ),
    weeks_per_point=Decimal("0.5"),
    total_seats=90_000,
    is_reach_in_people=True,
    buckets=10,
)


@pytest.mark.parametrize("weights", [Weights(), TUNED])
def test_what_is_written_reads_back_the_same(weights: Weights) -> None:
    assert parse_weights(json.loads(json.dumps(write_weights(weights)))) == weights


def test_numbers_with_a_point_are_plain_text() -> None:
    content = write_weights(TUNED)
    assert content["retention"]["red"] == {"far": "2.25", "middle": "3.1", "near": "100"}
    assert (content["weeks_per_point"], content["total_seats"]) == ("0.5", 90_000)


def test_what_is_missing_has_its_default() -> None:
    assert parse_weights({}) == Weights()
    weights = parse_weights({"retention": {"red": {"near": "5"}}})
    assert weights.retention.red == UrgencyRow(Decimal(2), Decimal(3), Decimal(5))
    assert weights.growth == Weights().growth


@pytest.mark.parametrize(
    ("flat", "problem"),
    [
        ({"model": "magic"}, "There is no such model."),
        ({"model": ["cipf"]}, "There is no such model."),
        ({"buckets": "4"}, "A whole number is expected."),
        ({"buckets": True}, "A whole number is expected."),
        ({"buckets": -1}, "A whole number is expected."),
        ({"buckets": None}, "A whole number is expected."),
        ({"total_seats": "many"}, "A whole number is expected."),
        ({"retention.near_months": 1.5}, "A whole number is expected."),
        ({"is_reach_in_people": 1}, "True or false is expected."),
        ({"weeks_per_point": 1.5}, "A number such as 1.5 is expected."),
        ({"weeks_per_point": "1e3"}, "A number such as 1.5 is expected."),
        ({"weeks_per_point": "NaN"}, "A number such as 1.5 is expected."),
        ({"weeks_per_point": "-1"}, "A number such as 1.5 is expected."),
        ({"growth.even.far": "٣"}, "A number such as 1.5 is expected."),
        ({"growth.even": "2"}, "An object is expected."),
        ({"growth.even.soon": "2"}, "Unknown."),
    ],
)
def test_what_is_wrong_is_named(flat: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidWeights) as refused:
        parse_weights(nest(flat))
    (fault,) = refused.value.faults
    assert (fault.field, fault.problem) == (next(iter(flat)), problem)


def test_limits_hold_for_text_as_well() -> None:
    with pytest.raises(InvalidWeights) as refused:
        parse_weights(nest({"retention.red.near": "101", "buckets": 11}))
    assert [fault.field for fault in refused.value.faults] == ["retention.red.near", "buckets"]


def test_dotted_names_lead_there_and_back() -> None:
    content = write_weights(TUNED)
    flat = flatten(content)
    assert flat["retention.red.far"] == "2.25"
    assert nest(flat) == content


def test_changes_are_told_by_name() -> None:
    changed = replace(TUNED, model=Model.CIPF, total_seats=None)
    assert find_changes(TUNED, changed) == [
        Change("model", "rice", "cipf"),
        Change("total_seats", 90_000, None),
    ]
    assert find_changes(TUNED, TUNED) == []
