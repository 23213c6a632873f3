"""From features to an order, from the order to probabilities, and from those to verdicts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from intake.matching.columns import Column, Matrix
from intake.matching.features import NAMES
from intake.matching.records import Verdict
from intake.matching.trees import Forest, read_trees

MODELS = Path(__file__).parent / "model"
EVIDENCE = ("score", "lead")  # beside the features a calibration may name: see `gather_evidence`

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression on standardised evidence (Platt 1999, with more than one input)."""

    inputs: tuple[str, ...]  # of EVIDENCE, or features
    lows: Scores  # evidence beyond what training saw counts as its end
    highs: Scores
    means: Scores
    deviations: Scores
    weights: Scores
    bias: float

    def rate(self, rows: Matrix, scores: Scores) -> Scores:
        """The probability that each candidate is what was asked for; what is missing is taken as
        average. `rows` are candidates × NAMES."""
        evidence = np.clip(gather_evidence(self.inputs, rows, scores), self.lows, self.highs)
        standard = np.nan_to_num((evidence - self.means) / self.deviations)
        logits = standard @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-logits)), np.float64)


def gather_evidence(inputs: Sequence[str], rows: Matrix, scores: Scores) -> Scores:
    """Candidates × inputs. `score` is the trees', `lead` how far it is above the best of the
    others: negative for all but the first, 0 where there are no others."""
    lead = np.zeros(len(scores))
    if len(scores) > 1:
        second, best = np.partition(scores, len(scores) - 2)[-2:]
        lead = scores - np.where(scores == best, second, best)
    own = {"score": scores, "lead": lead}
    columns = [own[name] if name in own else rows[:, NAMES.index(name)] for name in inputs]
    return np.column_stack(columns).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Ranker:
    """One model file. `version` is stored with every verdict."""

    version: str
    forest: Forest
    columns: NDArray[np.intp]  # of NAMES, in the order the trees count them
    calibration: Calibration
    likely_from: float
    certain_from: float
    certain_share: float  # of the question's text that a certain one says at least (`text_share`)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises ValueError if the file is no model of these features."""
        try:
            content = json.loads(path.read_text())
            return cls(
                version=str(content["version"]),
                forest=Forest(read_trees(content["trees"])),
                columns=np.array([NAMES.index(name) for name in content["features"]], np.intp),
                calibration=_read_calibration(content["calibration"]),
                likely_from=float(content["likely_from"]),
                certain_from=float(content["certain_from"]),
                certain_share=float(content["certain_share"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name} is no ranker: {error!r}") from error

    def rank(self, rows: Matrix) -> tuple[NDArray[np.intp], Scores]:
        """The order of the candidates, best first, and their probabilities in that order.

        `rows` are candidates × NAMES. Probabilities never rise down the list.
        """
        scores = self.forest.score(rows[:, self.columns])
        order = np.argsort(-scores, kind="stable")
        probabilities = self.calibration.rate(rows, scores)[order]
        return order, np.minimum.accumulate(probabilities)

    def judge(self, probability: float, row: Column) -> Verdict:
        """What the numbers alone allow: the finder looks for what speaks against certain."""
        says_much = row[NAMES.index("text_share")] >= self.certain_share
        if probability >= self.certain_from and says_much:
            return Verdict.CERTAIN
        return Verdict.LIKELY if probability >= self.likely_from else Verdict.NONE


def _read_calibration(content: Mapping[str, Any]) -> Calibration:
    numbers = {
        name: np.array(content[name], np.float64)
        for name in ("lows", "highs", "means", "deviations", "weights")
    }
    return Calibration(inputs=tuple(content["inputs"]), bias=float(content["bias"]), **numbers)


@cache
def load_ranker(name: str) -> Ranker:
    """A shipped model: "semantic" or "lexical"."""
    return Ranker.load(MODELS / f"{name}.json")
