"""Gradient-boosted trees, evaluated with numpy for all candidates at once.

Lucchese et al., "QuickScorer: a Fast Algorithm to Rank Documents with Additive Ensembles of
Regression Trees", SIGIR 2015: every node that sends a row to the right strikes out the leaves
on its left; the first leaf that is left is the row's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.matching.columns import Matrix

MOST_LEAVES = 8
_ALL = np.uint8(255)
_FIRST = np.array([0] + [(bits & -bits).bit_length() - 1 for bits in range(1, 256)], np.intp)


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes and leaves in the order of LightGBM. A child ~n (negative) is leaf n.

    A row goes left at a node if its feature is at most the threshold, or is missing and
    `missing_left`.
    """

    features: Sequence[int]
    thresholds: Sequence[float]
    missing_left: Sequence[bool]
    lefts: Sequence[int]
    rights: Sequence[int]
    leaves: Sequence[float]


class Forest:
    """The sum of trees of at most eight leaves. Raises ValueError for larger ones."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        nodes = max((len(tree.features) for tree in trees), default=0)
        shape = (len(trees), nodes)
        self._features = np.zeros(shape, np.intp)
        self._thresholds = np.full(shape, np.inf, np.float32)  # a node that is none sends left
        self._missing_right = np.zeros(shape, np.bool_)
        self._masks = np.full(shape, _ALL)
        self._leaves = np.zeros((len(trees), MOST_LEAVES))
        for place, tree in enumerate(trees):
            self._set(place, tree)

    def score(self, rows: Matrix) -> NDArray[np.float64]:
        """One number for each row; NaN is a missing value."""
        values = np.ascontiguousarray(rows.T, np.float32)[self._features.ravel()]
        is_right = values > self._thresholds.reshape(-1, 1)
        is_right |= np.isnan(values) & self._missing_right.reshape(-1, 1)
        struck = np.where(is_right, self._masks.reshape(-1, 1), _ALL)
        left = np.bitwise_and.reduce(struck.reshape(*self._masks.shape, len(rows)), axis=1)
        chosen = np.take_along_axis(self._leaves, _FIRST[left], axis=1)
        return np.asarray(chosen.sum(axis=0), np.float64)

    def _set(self, place: int, tree: Tree) -> None:
        order, masks = _order_leaves(tree)
        if len(order) > MOST_LEAVES:
            raise ValueError(f"A tree has {len(order)} leaves; {MOST_LEAVES} are the most.")
        size = len(tree.features)
        self._features[place, :size] = tree.features
        self._thresholds[place, :size] = tree.thresholds
        self._missing_right[place, :size] = np.logical_not(tree.missing_left)
        self._masks[place, :size] = masks
        self._leaves[place, : len(order)] = [tree.leaves[leaf] for leaf in order]


def _order_leaves(tree: Tree) -> tuple[list[int], list[int]]:
    """The leaves from left to right; and for each node the mask without those on its left."""
    if not tree.features:
        return [0], []
    order: list[int] = []
    masks = [0] * len(tree.features)

    def walk(child: int) -> None:
        if child < 0:
            order.append(~child)
            return
        start = len(order)
        walk(tree.lefts[child])
        struck = sum(1 << place for place in range(start, len(order)))
        masks[child] = int(_ALL) & ~struck
        walk(tree.rights[child])

    walk(0)
    return order, masks


def read_trees(rows: Sequence[Mapping[str, Any]]) -> list[Tree]:
    """As the model file has them. Raises KeyError, TypeError."""
    return [
        Tree(
            features=row["features"],
            thresholds=row["thresholds"],
            missing_left=[bool(value) for value in row["missing_left"]],
            lefts=row["lefts"],
            rights=row["rights"],
            leaves=row["leaves"],
        )
        for row in rows
    ]
