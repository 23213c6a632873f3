"""The duplicate finder: candidates → features → ranking → verdict."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import partial

from intake.matching.candidates import FULL, Effort, find_identical, gather
from intake.matching.columns import Matrix
from intake.matching.errors import EmbeddingUnavailable
from intake.matching.features import measure
from intake.matching.index import Hit, IndexReader, Snapshot
from intake.matching.meaning import Encoder, Vectors, grasp
from intake.matching.question import Question, prepare
from intake.matching.ranker import Ranker, load_ranker
from intake.matching.reasons import SAME, explain
from intake.matching.records import Match, Query, Verdict
from intake.matching.siblings import RIVALS, is_generic, may_be_certain


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known of a query's candidates: `rows` are hits × features.NAMES. Without an encoder,
    or in `trouble`, they know nothing of meaning."""

    question: Question
    hits: Sequence[Hit]
    rows: Matrix
    has_meaning: bool
    trouble: str


class Finder:
    """Finds the issues a submission may repeat: by words and, with an encoder and the issues'
    vectors, by meaning. Where meaning fails it goes by words alone.

    Safe to share between threads; `version` and `trouble` tell of the search that ended last.
    """

    def __init__(
        self, reader: IndexReader, encoder: Encoder | None = None, vectors: Vectors | None = None
    ) -> None:
        self._reader = reader
        self._encoder = encoder
        self._vectors = vectors
        self._has_meaning = encoder is not None and vectors is not None
        self.trouble = ""  # why it went by words alone

    @property
    def version(self) -> str:
        """The model it goes by; stored with every verdict."""
        return _choose_ranker(has_meaning=self._has_meaning).version

    def find(
        self,
        query: Query,
        *,
        limit: int = 10,
        public_only: bool = False,
        effort: Effort = FULL,
    ) -> list[Match]:
        """At most `limit` matches, best first. Identical ones lead and are certain, but for
        texts that say nothing; of the others at most the best is.

        Raises IndexUnavailable.
        """
        snapshot = self._reader.snapshot()
        examined = self.examine(query, snapshot, public_only=public_only, effort=effort)
        identical = find_identical(examined.question, snapshot, public_only=public_only)
        verdict = Verdict.LIKELY if is_generic(query.title, query.body) else Verdict.CERTAIN
        same = [Match(hit.key, 1.0, verdict, SAME) for hit in identical]
        known = {hit.key for hit in identical}
        ranked = _rank(query, examined, snapshot, known=known, limit=limit)
        self._has_meaning, self.trouble = examined.has_meaning, examined.trouble
        return [*same, *ranked][:limit]

    def examine(
        self,
        query: Query,
        snapshot: Snapshot,
        *,
        public_only: bool = False,
        effort: Effort = FULL,
    ) -> Examination:
        """The candidates and their features. Raises IndexUnavailable."""
        question = prepare(query, snapshot)
        search = partial(gather, question, snapshot, public_only=public_only, effort=effort)
        trouble = ""
        if self._encoder is not None and self._vectors is not None:
            try:
                meaning = grasp(query, self._encoder, sentences=effort.sentences)
                found = search(meaning=meaning, vectors=self._vectors)
                rows = measure(question, found, snapshot, meaning)
                return Examination(question, found.hits, rows, has_meaning=True, trouble="")
            except EmbeddingUnavailable as error:
                trouble = str(error)
        found = search()
        rows = measure(question, found, snapshot, None)
        return Examination(question, found.hits, rows, has_meaning=False, trouble=trouble)


def _choose_ranker(*, has_meaning: bool) -> Ranker:
    return load_ranker("semantic" if has_meaning else "lexical")


def _rank(
    query: Query,
    examined: Examination,
    snapshot: Snapshot,
    *,
    known: Set[int],
    limit: int,
) -> list[Match]:
    """The best candidates besides the known ones."""
    ranker = _choose_ranker(has_meaning=examined.has_meaning)
    order, probabilities = ranker.rank(examined.rows)
    ranked = [
        (examined.hits[place], probability, examined.rows[place])
        for place, probability in zip(order, probabilities.tolist(), strict=True)
        if examined.hits[place].key not in known
    ]
    verdicts = [ranker.judge(probability, row) for _, probability, row in ranked[:limit]]
    if Verdict.CERTAIN in verdicts:
        texts = [snapshot.read_original(hit) for hit, _, _ in ranked[: RIVALS + 1]]
        is_safe = not known and may_be_certain(query, texts)
        certain = verdicts.count(Verdict.CERTAIN)
        verdicts[:certain] = [Verdict.LIKELY] * certain
        verdicts[0] = Verdict.CERTAIN if is_safe else Verdict.LIKELY
    return [
        Match(hit.key, probability, verdict, explain(examined.question, hit, row, snapshot))
        for (hit, probability, row), verdict in zip(ranked, verdicts, strict=False)
    ]
