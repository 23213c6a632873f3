"""A query made ready: its terms, weighed by how rare the index finds them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from intake.matching.index import Snapshot
from intake.matching.records import Query
from intake.matching.terms import find_words, join_terms, pick_names
from intake.matching.text import fingerprint
from intake.matching.trimming import trim_body, trim_title

TITLE_BOOST = 2.0
TERM_LIMIT = 60  # of a long body only the most telling terms are searched


@dataclass(frozen=True, slots=True)
class Question:
    """`text` maps terms to boosts: title twice, body once; only terms the index has.

    `rarity` has the inverse document frequency of every term, `missing` the boosts of those
    that no document has: nothing is found by them, yet they are part of what was asked.
    """

    title: tuple[str, ...]
    body: tuple[str, ...]
    names: dict[str, str]  # folded → as the customer wrote it
    text: dict[str, float]
    missing: dict[str, float]
    rarity: dict[str, float]
    name_rarity: dict[str, float]
    fingerprint: str


def prepare(query: Query, snapshot: Snapshot) -> Question:
    """Split, weigh and shorten a query. Raises IndexUnavailable."""
    heading, rest = find_words(trim_title(query.title)), find_words(trim_body(query.body))
    title, body = join_terms(heading).split(), join_terms(rest).split()
    names = pick_names(rest) | pick_names(heading)
    boosts = _boost(title, body)
    known = {term for term in boosts if snapshot.count_holders("text", term)}
    rarity = {term: snapshot.weigh("text", term) for term in boosts}
    heads = frozenset(title)
    ranked = sorted(
        boosts, key=lambda term: (term not in heads, -boosts[term] * rarity[term], term)
    )
    text = [term for term in ranked if term in known][:TERM_LIMIT]
    missing = [term for term in ranked if term not in known][:TERM_LIMIT]
    return Question(
        title=tuple(title),
        body=tuple(body),
        names=names,
        text={term: boosts[term] for term in text},
        missing={term: boosts[term] for term in missing},
        rarity=rarity,
        name_rarity={name: snapshot.weigh("names", name) for name in names},
        fingerprint=fingerprint(query.title, query.body),
    )


def _boost(title: Sequence[str], body: Sequence[str]) -> dict[str, float]:
    boosts = {term: float(count) for term, count in Counter(body).items()}
    for term in title:
        boosts[term] = boosts.get(term, 0.0) + TITLE_BOOST
    return boosts
