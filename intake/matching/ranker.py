"""From features to one score, and from the score to a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.matching.features import Features
from intake.matching.records import Verdict

# Chosen on the earlier 60 % of the duplicates of two public trackers; the optimum is flat.
WEIGHTS = Features(
    text=8.0, body=2.0, asked=3.0, answered=2.0, names=0.3, spelling=4.0, recency=2.0
)
# There, 31 % and 10 % of the duplicates reach it, and 52 % and 75 % of those lead with the
# issue they are marked for; 16 % and 4 % of the other issues reach it, for a person to see.
LIKELY_FROM = 0.6


@dataclass(frozen=True, slots=True)
class LinearRanker:
    """The weighted sum of the features, as a share of the best this question could reach."""

    weights: Features
    likely_from: float

    def score(self, features: Sequence[Features], best: Features) -> list[float]:
        """One score in 0..1 per row; 1 is a new issue that says what the question says."""
        whole = self._add(best)
        return [min(self._add(row) / whole, 1.0) for row in features]

    def judge(self, score: float) -> Verdict:
        """Never certain: a resemblance, however close, may be a sibling."""
        return Verdict.LIKELY if score >= self.likely_from else Verdict.NONE

    def _add(self, row: Features) -> float:
        mine = self.weights
        return (
            mine.text * row.text
            + mine.body * row.body
            + mine.asked * row.asked
            + mine.answered * row.answered
            + mine.names * row.names
            + mine.spelling * row.spelling
            + mine.recency * row.recency
        )


LEXICAL = LinearRanker(weights=WEIGHTS, likely_from=LIKELY_FROM)
