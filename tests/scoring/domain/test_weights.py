"""What may be tuned, and what is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.domain.weights import (
    GrowthUrgency,
    InvalidWeights,
    Model,
    RetentionUrgency,
    UrgencyRow,
    Weights,
    check_weights,
)

ONE = Decimal(1)


def test_the_defaults_are_the_frameworks() -> None:
    weights = Weights()
    check_weights(weights)
    assert weights.model == Model.CIPF
    assert (weights.buckets, weights.minimum_group) == (4, 4)
    assert (weights.minimum_accounts, weights.minimum_accounts_public) == (1, 3)


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        (Weights(retention=RetentionUrgency(red=UrgencyRow(ONE, ONE, Decimal(0)))),
         "retention.red.near"),
        (Weights(growth=GrowthUrgency(even=UrgencyRow(Decimal(-1), ONE, ONE))), "growth.even.far"),
        (Weights(growth=GrowthUrgency(likely=UrgencyRow(ONE, Decimal("NaN"), ONE))),
         "growth.likely.middle"),
        (Weights(retention=RetentionUrgency(green=UrgencyRow(Decimal(101), ONE, ONE))),
         "retention.green.far"),
        (Weights(retention=RetentionUrgency(near_months=18)), "retention.near_months"),
        (Weights(growth=GrowthUrgency(near_months=-1)), "growth.near_months"),
        (Weights(growth=GrowthUrgency(unlikely_percent=Decimal(60))), "growth.unlikely_percent"),
        (Weights(growth=GrowthUrgency(even_percent=Decimal(101))), "growth.unlikely_percent"),
        (Weights(growth=GrowthUrgency(even_percent=Decimal("NaN"))), "growth.unlikely_percent"),
        (Weights(buckets=0), "buckets"),
        (Weights(buckets=11), "buckets"),
        (Weights(minimum_group=0), "minimum_group"),
        (Weights(minimum_accounts=0), "minimum_accounts"),
        (Weights(minimum_accounts_public=0), "minimum_accounts_public"),
        (Weights(weeks_per_point=Decimal(0)), "weeks_per_point"),
        (Weights(weeks_per_point=Decimal("Infinity")), "weeks_per_point"),
        (Weights(total_seats=0), "total_seats"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(weights: Weights, field: str) -> None:
    with pytest.raises(InvalidWeights) as refused:
        check_weights(weights)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert str(refused.value).startswith(f"{field}: ")


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InvalidWeights) as refused:
        check_weights(replace(Weights(), buckets=0, minimum_group=0, total_seats=-1))
    fields = [fault.field for fault in refused.value.faults]
    assert fields == ["buckets", "minimum_group", "total_seats"]
