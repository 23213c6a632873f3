"""The index at one moment, and the searches it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import tantivy

from intake.matching.errors import IndexUnavailable
from intake.matching.index.layout import naming_failures
from intake.matching.index.schema import MARK, build_schema, count_words, unpack_lines, unpack_text

Found = Sequence[tuple[float, tantivy.DocAddress]]
BODY_READ = 300  # terms of a body that are compared one by one
_READING = "The index cannot be read"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One entry found, not read yet."""

    key: int
    score: float  # tantivy's; 0 when found by its key
    created_at: int  # seconds since 1970
    place: tantivy.DocAddress


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found, with the terms it was indexed with."""

    key: int
    created_at: int  # seconds since 1970
    title: Sequence[str]
    body: Sequence[str]  # its first BODY_READ terms
    body_length: int  # all of its terms
    names: Sequence[str]
    place: tantivy.DocAddress


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
    ) -> list[Sighting]:
        """Best first by the sum over terms of boost × BM25."""
        if not boosts:
            return []
        terms = [self._term(field, term, boost) for term, boost in boosts.items()]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        return self._find(query, limit=limit, public_only=public_only)

    def locate(self, keys: Sequence[int], *, public_only: bool) -> list[Sighting]:
        """The entries of these keys, as far as there are any; each scores 0."""
        if not keys:
            return []
        query = tantivy.Query.term_set_query(self._schema, "key", list(keys))
        silent = tantivy.Query.const_score_query(query, 0.0)
        return self._find(silent, limit=len(keys), public_only=public_only)

    def read(self, sightings: Sequence[Sighting]) -> list[Hit]:
        """The terms of entries, in the order given; read in that of the file, which is quicker."""
        by_place = sorted(sightings, key=lambda one: (one.place.segment_ord, one.place.doc))
        with naming_failures(_READING):
            hits = {one.key: self._read(one) for one in by_place}
        return [hits[one.key] for one in sightings]

    def read_original(self, hit: Hit) -> tuple[str, str]:
        """The title and the beginning of the body as they were written."""
        with naming_failures(_READING):
            title, _, body = unpack_text(self._searcher.doc(hit.place), "original").partition("\n")
        return title, body

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

    def _find(self, query: tantivy.Query, *, limit: int, public_only: bool) -> list[Sighting]:
        if public_only:
            public = tantivy.Query.term_query(self._schema, "public", 1, "basic")
            query = query.and_must_match(tantivy.Query.const_score_query(public, 0.0))
        with naming_failures(_READING):
            found: Found = self._searcher.search(query, limit, count=False).hits
            places = [place for _, place in found]
            keys = self._searcher.fast_field_values("key", places)
            created = self._searcher.fast_field_values("created_at", places)
        return [
            Sighting(int(key or 0), score, int(at or 0), place)
            for (score, place), key, at in zip(found, keys, created, strict=True)
        ]

    def _read(self, sighting: Sighting) -> Hit:
        title, body, names = unpack_lines(self._searcher.doc(sighting.place))
        return Hit(
            key=sighting.key,
            created_at=sighting.created_at,
            title=title.split(),
            body=body.split(" ", BODY_READ)[:BODY_READ],
            body_length=count_words(body),
            names=names.split(),
            place=sighting.place,
        )
