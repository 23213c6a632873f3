"""The index at one moment, and the searches it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import tantivy

from intake.matching.errors import IndexUnavailable
from intake.matching.index.layout import naming_failures
from intake.matching.index.schema import MARK, build_schema, unpack_lines

Found = Sequence[tuple[float, tantivy.DocAddress]]
_READING = "The index cannot be read"


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found, with the terms it was indexed with."""

    key: int
    score: float  # tantivy's
    created_at: int  # seconds since 1970
    title: tuple[str, ...]
    body: tuple[str, ...]
    names: frozenset[str]


class Snapshot:
    """What it answers does not change. Every search raises IndexUnavailable on damage."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._schema = build_schema()
        self._rarities: dict[tuple[str, str], float] = {}
        self.count = max(searcher.num_docs - 1, 0)  # one entry is the watermark
        self.average_length = self._aggregate("avg", "length") or 1.0
        self.newest_at = int(self._aggregate("max", "created_at"))  # seconds since 1970

    def weigh(self, field: str, term: str) -> float:
        """Inverse document frequency as in BM25; a term no document has is the rarest."""
        known = self._rarities.get((field, term))
        if known is None:
            known = self._rarities[field, term] = self.rate(self.count_holders(field, term))
        return known

    def count_holders(self, field: str, term: str) -> int:
        """Documents that have the term, counting some that were replaced since."""
        with naming_failures(_READING):
            return self._searcher.doc_freq(field, term)

    def rate(self, holders: int) -> float:
        """The weight of a term that so many documents have."""
        return log(1 + max(self.count - holders + 0.5, 0.5) / (holders + 0.5))

    def search(
        self, field: str, boosts: dict[str, float], *, limit: int, public_only: bool
    ) -> list[Hit]:
        """Best first by the sum over terms of boost × BM25."""
        if not boosts:
            return []
        terms = [self._term(field, term, boost) for term, boost in boosts.items()]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        if public_only:
            public = tantivy.Query.term_query(self._schema, "public", 1, "basic")
            query = query.and_must_match(tantivy.Query.const_score_query(public, 0.0))
        with naming_failures(_READING):
            return self._read(self._searcher.search(query, limit, count=False).hits)

    def watermark(self) -> str:
        query = tantivy.Query.term_query(self._schema, "mark", MARK, "basic")
        with naming_failures(_READING):
            found = self._searcher.search(query, 1, count=False).hits
            if not found:
                raise IndexUnavailable("The index has lost its watermark; rebuild it.")
            return "\n".join(unpack_lines(self._searcher.doc(found[0][1])))

    def _term(self, field: str, term: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, "freq")
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)

    def _aggregate(self, kind: str, field: str) -> float:
        wanted = {"figure": {kind: {"field": field}}}
        with naming_failures(_READING):
            figures = self._searcher.aggregate(tantivy.Query.all_query(), wanted)
        return float(figures["figure"]["value"] or 0.0)

    def _read(self, found: Found) -> list[Hit]:
        addresses = [address for _, address in found]
        keys = self._searcher.fast_field_values("key", addresses)
        created = self._searcher.fast_field_values("created_at", addresses)
        rows = zip(found, keys, created, strict=True)
        return [self._read_hit(score, place, key, at) for (score, place), key, at in rows]

    def _read_hit(
        self,
        score: float,
        place: tantivy.DocAddress,
        key: float | None,
        at: float | None,
    ) -> Hit:
        title, body, names = unpack_lines(self._searcher.doc(place))
        return Hit(
            key=int(key or 0),
            score=score,
            created_at=int(at or 0),
            title=tuple(title.split()),
            body=tuple(body.split()),
            names=frozenset(names.split()),
        )
