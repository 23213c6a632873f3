"""Columns of numbers, one for each candidate."""

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float32]
Matrix = NDArray[np.float32]


def rank(column: Column) -> Column:
    """log(1 + place), the greatest first; equals keep their order."""
    places = np.empty(len(column), np.float32)
    places[np.argsort(-column, kind="stable")] = np.arange(len(column))
    return np.log1p(places)


def share(part: Column, whole: Column | float) -> Column:
    """0 where there is no whole."""
    wholes = np.broadcast_to(np.asarray(whole, np.float32), part.shape)
    shares = np.zeros_like(part)
    np.divide(part, wholes, out=shares, where=wholes > 0)
    return shares


def share_of_best(column: Column) -> Column:
    return share(column, float(column.max(initial=0.0)))


def fill(value: float, count: int) -> Column:
    return np.full(count, value, np.float32)


def best_of_rows(matrix: Matrix) -> Column:
    """The greatest of each row; 0 for rows without columns."""
    return np.asarray(matrix.max(axis=1, initial=0.0), np.float32)
