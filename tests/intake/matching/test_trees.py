"""The shipped trees must say what LightGBM says."""

import numpy as np
import pytest

from intake.matching.training.boost import PARAMETERS, export_trees
from intake.matching.trees import Forest, Tree

lightgbm = pytest.importorskip("lightgbm")
FEATURES = 6


def make_rows(count: int, *, seed: int, missing: float) -> np.ndarray:
    """The last column is never missing; some values repeat, so that thresholds are met exactly."""
    source = np.random.default_rng(seed)
    rows = np.round(source.normal(size=(count, FEATURES)), 1).astype(np.float32)
    rows[:, :-1][source.random((count, FEATURES - 1)) < missing] = np.nan
    return rows


@pytest.fixture(scope="module")
def boosters() -> list[lightgbm.Booster]:
    rows = make_rows(4_000, seed=1, missing=0.2)
    values = np.nan_to_num(rows)
    right = (values[:, 0] * values[:, 1] + values[:, 2] - values[:, 5] > 1.2).astype(int)
    sizes = [40] * 100
    return [
        lightgbm.train(
            {**PARAMETERS, "seed": seed},
            lightgbm.Dataset(rows, right, group=sizes, params={"verbose": -1}),
            num_boost_round=40,
        )
        for seed in (1, 2)
    ]


@pytest.mark.parametrize("missing", [0.0, 0.3, 1.0])
def test_the_exported_trees_score_as_lightgbm_does(
    boosters: list[lightgbm.Booster], missing: float
) -> None:
    rows = make_rows(500, seed=2, missing=missing)
    rows[::7, -1] = np.nan  # missing here alone, and not when they grew
    theirs = np.mean([booster.predict(rows, raw_score=True) for booster in boosters], axis=0)
    ours = Forest(export_trees(boosters)).score(rows)
    assert np.ptp(theirs) > 0 or missing == 1.0
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


def test_a_tree_by_hand() -> None:
    tree = Tree(
        features=[0, 1],
        thresholds=[0.5, 2.0],
        missing_left=[True, False],
        lefts=[1, ~0],
        rights=[~1, ~2],
        leaves=[10.0, 20.0, 30.0],
    )
    nan = np.nan
    rows = np.array([[0.5, 2.0], [0.6, 0.0], [0.0, 2.1], [nan, nan], [nan, 1]], np.float32)
    assert Forest([tree, tree]).score(rows).tolist() == [20.0, 40.0, 60.0, 60.0, 20.0]


def test_a_stump_without_a_split_and_no_rows() -> None:
    stump = Tree([], [], [], [], [], [1.5])
    assert Forest([stump]).score(np.zeros((2, 3), np.float32)).tolist() == [1.5, 1.5]
    assert Forest([stump]).score(np.zeros((0, 3), np.float32)).tolist() == []


def test_a_tree_with_too_many_leaves_is_refused() -> None:
    chain = Tree(
        features=[0] * 8,
        thresholds=list(range(8)),
        missing_left=[False] * 8,
        lefts=[~n for n in range(8)],
        rights=[*range(1, 8), ~8],
        leaves=[0.0] * 9,
    )
    with pytest.raises(ValueError, match="9 leaves"):
        Forest([chain])
