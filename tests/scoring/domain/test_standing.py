"""A standing sorts as ranks do, under every model."""

import pytest
from hypothesis import given

from scoring.domain.compare import compute
from scoring.domain.records import Inputs
from scoring.domain.standing import LAST, write_standing
from scoring.domain.weights import Model, Weights
from tests.scoring.made_up import worlds
from tests.scoring.worked import read_t3


@pytest.mark.parametrize("model", Model)
@given(inputs=worlds())
def test_a_standing_sorts_as_ranks_do(model: Model, inputs: Inputs) -> None:
    ranked = compute(inputs, Weights(model=model))

    standings = [write_standing(one.active) for one in ranked]

    assert standings == sorted(standings)
    assert len(set(standings)) == len(standings)
    assert [standing < LAST for standing in standings] == [one.rank is not None for one in ranked]


def test_it_is_digits_of_one_length() -> None:
    """Every collation sorts those alike, and they fit their column."""
    standings = [write_standing(one.active) for one in compute(read_t3(), Weights())]

    assert {len(standing) for standing in standings} == {136}
    assert all(standing.isdigit() and standing.isascii() for standing in standings)
