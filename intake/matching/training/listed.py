"""The vectors of a whole issue file in memory, seen as they were at one moment."""

from collections.abc import Sequence

import numpy as np

from intake.matching.meaning import Rows


class ListedVectors:
    """The first `count` of some rows, whose keys are their places: set `count` as time goes on.

    Keys in `hidden` are as if they had not been encoded yet.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.count = 0
        self.hidden: frozenset[int] = frozenset()

    def search(
        self, vector: Rows, *, limit: int, public_only: bool = False
    ) -> list[tuple[int, float]]:
        """Keys and cosines, best first. All are public."""
        cosines = self._rows[: self.count] @ vector
        cosines[[key for key in self.hidden if key < self.count]] = -2.0
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(int(key), float(cosines[key])) for key in best if cosines[key] >= -1.0]

    def get(self, keys: Sequence[int]) -> Rows:
        """NaN for those not there."""
        found = np.full((len(keys), self._rows.shape[1]), np.nan, np.float32)
        known = [
            place for place, key in enumerate(keys) if key < self.count and key not in self.hidden
        ]
        found[known] = self._rows[[keys[place] for place in known]]
        return found
