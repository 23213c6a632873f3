"""Inputs as text: they come back as they were, and equal inputs make equal bytes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from scoring.domain.inputs_text import parse_inputs, write_inputs
from scoring.domain.manual_value import Level, ManualValue, Reason
from scoring.domain.records import Account, Estimates, Inputs, Issue
from scoring.domain.snapshot_text import pack, unpack
from scoring.domain.weights import Model, Weights
from tests.scoring.made_up import worlds
from tests.scoring.worked import TODAY, read_t3


@given(worlds())
def test_what_is_written_is_read_again(inputs: Inputs) -> None:
    again = parse_inputs(write_inputs(inputs))

    assert again.issues == inputs.issues
    assert again.accounts == inputs.accounts
    assert again.opportunities == inputs.opportunities
    assert sorted(map(repr, again.links)) == sorted(map(repr, inputs.links))
    assert write_inputs(again) == write_inputs(inputs)


def test_the_order_of_rows_and_trailing_zeros_leave_no_trace() -> None:
    inputs = read_t3()
    shuffled = Inputs.gather(
        inputs.today,
        accounts=[
            replace(account, arr=Decimal(f"{account.arr}.00"))
            for account in reversed(list(inputs.accounts.values()))
        ],
        opportunities=inputs.opportunities.values(),
        issues=reversed(list(inputs.issues.values())),
        links=reversed(inputs.links),
    )

    assert write_inputs(shuffled) == write_inputs(inputs)


@pytest.mark.parametrize("worth", [Decimal("1200.50"), Decimal(0), Level.HIGH])
def test_a_manual_value_is_kept(worth: Decimal | Level) -> None:
    estimates = Estimates(manual=ManualValue(worth, Reason.DATA_LOSS))
    inputs = Inputs.gather(TODAY, issues=[Issue(1, estimates=estimates)])

    assert parse_inputs(write_inputs(inputs)).issues == inputs.issues


def test_any_difference_makes_other_bytes() -> None:
    inputs = read_t3()
    accounts = inputs.accounts | {"B": Account("B", Decimal("30000.01"))}

    assert write_inputs(replace(inputs, accounts=accounts)) != write_inputs(inputs)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"today": 5}', b"[]"])
def test_other_text_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"inputs of a run|Expecting value"):
        parse_inputs(content)


def test_rules_are_kept_beside_the_inputs() -> None:
    weights = Weights(model=Model.RICE, buckets=3)

    material = unpack(pack(write_inputs(read_t3()), weights, {}))

    assert (material.weights, material.crosswalk) == (weights, {})
    assert material.inputs.issues == read_t3().issues
