"""A query made ready: its terms, weighed by how rare the index finds them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from intake.matching.index import Snapshot
from intake.matching.records import Query
from intake.matching.terms import read_words
from intake.matching.text import fingerprint
from intake.matching.trimming import trim_body, trim_title

TITLE_BOOST = 2.0
TERM_LIMIT = 60  # of a long body only the most telling terms are searched
COMPARED_LIMIT = 120  # and so many compared with a candidate's
REPEATED = 3.0  # a word said more often than this says no more


@dataclass(frozen=True, slots=True)
class Question:
    """`text` maps terms to boosts: title twice, body once; only terms the index has.

    `rarity` has the inverse document frequency of every term. `compared` are the title's terms,
    then the most telling of the body, known to the index or not.
    """

    title: tuple[str, ...]
    body: tuple[str, ...]
    compared: tuple[str, ...]
    names: dict[str, str]  # folded → as the customer wrote it
    text: dict[str, float]
    rarity: dict[str, float]
    name_rarity: dict[str, float]
    fingerprint: str


def prepare(query: Query, snapshot: Snapshot) -> Question:
    """Split, weigh and shorten a query. Raises IndexUnavailable."""
    heading, named = read_words(trim_title(query.title))
    rest, also_named = read_words(trim_body(query.body))
    title, body = heading.split(), rest.split()
    names = also_named | named
    boosts = _boost(title, body)
    known = {term for term in boosts if snapshot.count_holders("text", term)}
    rarity = {term: snapshot.weigh("text", term) for term in boosts}
    heads = frozenset(title)
    ranked = sorted(
        boosts,
        key=lambda term: (term not in heads, -min(boosts[term], REPEATED) * rarity[term], term),
    )
    searched = [term for term in ranked if term in known][:TERM_LIMIT]
    return Question(
        title=tuple(title),
        body=tuple(body),
        compared=tuple(ranked[:COMPARED_LIMIT]),
        names=names,
        text={term: boosts[term] for term in searched},
        rarity=rarity,
        name_rarity={name: snapshot.weigh("names", name) for name in names},
        fingerprint=fingerprint(query.title, query.body),
    )


def _boost(title: Sequence[str], body: Sequence[str]) -> dict[str, float]:
    boosts = {term: float(count) for term, count in Counter(body).items()}
    for term in title:
        boosts[term] = boosts.get(term, 0.0) + TITLE_BOOST
    return boosts
