"""Trees by LightGBM: LambdaMART over lists of candidates.

Burges, "From RankNet to LambdaRank to LambdaMART: An Overview", MSR-TR-2010-82. LightGBM is
imported inside: only whoever trains needs it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from intake.matching.columns import Matrix
from intake.matching.features import NAMES
from intake.matching.training.examples import Example, Kind
from intake.matching.trees import Tree

BAGS = 3  # forests with different seeds, averaged
ROUNDS = 150
# Small trees, many and random: there are a thousand lists, and few of their rows are right.
PARAMETERS: dict[str, Any] = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 20,
    "label_gain": [0, 1],
    "learning_rate": 0.07,
    "num_leaves": 7,
    "min_data_in_leaf": 30,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
WEIGHTS = {Kind.DUPLICATE: 1.0, Kind.HIDDEN: 0.5, Kind.VOICE: 2.0}


def boost(examples: Sequence[Example], features: Sequence[str], *, seed: int) -> list[Any]:
    """One LightGBM booster for each bag; new questions teach no order and are left out.

    Raises ValueError when no example has an answer among its candidates.
    """
    from lightgbm import Dataset, train  # noqa: PLC0415

    used = [one for one in examples if one.kind in WEIGHTS and one.right.any()]
    if not used:
        raise ValueError("There is nothing to learn: no question has an answer.")
    columns = [NAMES.index(name) for name in features]
    rows = np.concatenate([one.rows[:, columns] for one in used])
    right = np.concatenate([one.right for one in used]).astype(np.int32)
    sizes = [len(one.right) for one in used]
    weights = np.repeat([WEIGHTS[one.kind] for one in used], sizes)
    boosters = []
    for bag in range(BAGS):
        data = Dataset(rows, right, group=sizes, weight=weights, params={"verbose": -1})
        boosters.append(train({**PARAMETERS, "seed": seed + bag}, data, num_boost_round=ROUNDS))
    return boosters


def export_trees(boosters: Sequence[Any]) -> list[Tree]:
    """The trees of all bags; their sum is the mean of the boosters' raw scores."""
    return [
        _export_tree(tree["tree_structure"], share=1 / len(boosters))
        for booster in boosters
        for tree in booster.dump_model()["tree_info"]
    ]


def _export_tree(root: dict[str, Any], *, share: float) -> Tree:
    nodes: list[dict[str, Any]] = []
    leaves: list[dict[str, Any]] = []
    _list_nodes(root, nodes, leaves)
    leaves.sort(key=lambda leaf: int(leaf.get("leaf_index", 0)))
    nodes.sort(key=lambda node: int(node["split_index"]))
    return Tree(
        features=[int(node["split_feature"]) for node in nodes],
        thresholds=[_round_down(float(node["threshold"])) for node in nodes],
        missing_left=[_sends_missing_left(node) for node in nodes],
        lefts=[_name_child(node["left_child"]) for node in nodes],
        rights=[_name_child(node["right_child"]) for node in nodes],
        leaves=[float(leaf["leaf_value"]) * share for leaf in leaves],
    )


def _list_nodes(
    node: dict[str, Any], nodes: list[dict[str, Any]], leaves: list[dict[str, Any]]
) -> None:
    if "split_index" not in node:
        leaves.append(node)
        return
    if node["decision_type"] != "<=":
        raise ValueError(f"A node decides by {node['decision_type']!r}; only <= is known.")
    nodes.append(node)
    _list_nodes(node["left_child"], nodes, leaves)
    _list_nodes(node["right_child"], nodes, leaves)


def _name_child(node: dict[str, Any]) -> int:
    """LightGBM's own way: ~n is leaf n."""
    return int(node["split_index"]) if "split_index" in node else ~int(node["leaf_index"])


def _sends_missing_left(node: dict[str, Any]) -> bool:
    """Where training saw no missing value, LightGBM takes one for 0."""
    if node["missing_type"] == "NaN":
        return bool(node["default_left"])
    return float(node["threshold"]) >= 0


def _round_down(threshold: float) -> float:
    """The greatest float32 that is not above it: compares alike with every float32."""
    rounded = np.float32(threshold)
    if float(rounded) > threshold:
        rounded = np.nextafter(rounded, np.float32(-np.inf))
    return float(rounded)


def score(boosters: Sequence[Any], rows: Matrix, features: Sequence[str]) -> Matrix:
    """What the exported trees will say, by LightGBM itself."""
    columns = [NAMES.index(name) for name in features]
    predicted = [one.predict(rows[:, columns], raw_score=True, num_threads=1) for one in boosters]
    return np.asarray(np.mean(predicted, axis=0))
