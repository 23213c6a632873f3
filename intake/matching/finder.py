"""The duplicate finder: candidates → features → ranking → verdict."""

from collections.abc import Sequence

from intake.matching.candidates import find_identical, gather
from intake.matching.features import Gauge
from intake.matching.index import Hit, IndexReader, Snapshot
from intake.matching.question import Question, prepare
from intake.matching.ranker import LEXICAL
from intake.matching.reasons import SAME, explain
from intake.matching.records import Match, Query, Verdict


class Finder:
    """Finds the issues a submission may repeat. `version` is stored with every verdict."""

    version = "lexical-1"

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader

    def find(self, query: Query, *, limit: int = 10, public_only: bool = False) -> list[Match]:
        """At most `limit` matches, best first; identical ones lead and are certain.

        Raises IndexUnavailable.
        """
        snapshot = self._reader.snapshot()
        question = prepare(query, snapshot)
        identical = find_identical(question, snapshot, public_only=public_only)
        known = {hit.key for hit in identical}
        gathered = gather(question, snapshot, public_only=public_only)
        similar = [hit for hit in gathered if hit.key not in known]
        certain = [Match(hit.key, 1.0, Verdict.CERTAIN, SAME) for hit in identical]
        return [*certain, *_rank(question, similar, snapshot, limit=limit)][:limit]


def _rank(
    question: Question, hits: Sequence[Hit], snapshot: Snapshot, *, limit: int
) -> list[Match]:
    gauge = Gauge(question, snapshot)
    features = [gauge.measure(hit) for hit in hits]
    scores = LEXICAL.score(features, gauge.measure_best())
    rows = sorted(zip(scores, hits, features, strict=True), key=lambda row: (-row[0], row[1].key))
    return [
        Match(hit.key, score, LEXICAL.judge(score), explain(question, hit, row, snapshot))
        for score, hit, row in rows[:limit]
    ]
