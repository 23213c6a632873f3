"""Siblings: issues that read like the request and differ from it in the decisive point.

The same wish for another platform, for the control beside it, or in the opposite direction is
another wish. A false alarm here costs a look by a person; a miss joins two different wishes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set

from intake.matching.choices import (
    ADVERTISING,
    EMPTY_WORDS,
    find_answers,
    is_direction,
    is_platform,
)
from intake.matching.reading import BODY_READ, DENIED, Reading, read, split_words
from intake.matching.records import Query
from intake.matching.terms import tokenise
from intake.matching.text import fold
from intake.matching.trimming import trim_title

RIVALS = 5  # so many of the next best may be siblings of the best
EXCHANGED = 2  # so many telling words differ at most between the titles of siblings
LEAST_TERMS = 3  # of a text without its links

Text = tuple[str, str]  # title and body

_LINK = re.compile(r"(?i:https?://|www\.)\S+|\b[A-Z]{3,}-\d{2,}\b")  # or a ticket's key
_REPEATED = re.compile(r"([^\W\d_])\1{4}|\b(\w{2,20})(?:\W{0,3}\2){3}", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+?\d(?:[ ().-]{0,2}\d){8,}")


def may_be_certain(query: Query, texts: Sequence[Text]) -> bool:
    """Whether nothing decisive speaks against the first of these issues, the best, and none of
    the others fits as well."""
    best, *others = texts
    return not (
        is_generic(query.title, query.body)
        or is_generic(*best)
        or decisive_difference(query, *best)
        or has_rival(query, best, others[:RIVALS])
    )


def decisive_difference(query: Query, title: str, body: str) -> str:
    """What makes the query another wish than this issue ("asks for iPad"); empty if nothing does.

    Quotes only words of the query.
    """
    asked, found = read(query.title, query.body), read(title, body)
    return _compare_answers(asked, found) or _compare_titles(asked, found)


def has_rival(query: Query, best: Text, others: Iterable[Text]) -> bool:
    """Whether one of the others is a sibling of the best issue and the query leaves open which
    of the two it means: in a customer's own words the telling one may be missing."""
    chosen = read(*best)
    return any(
        _are_alike(chosen, read(*other)) and not decisive_difference(query, *other)
        for other in others
    )


def is_generic(title: str, body: str) -> bool:
    """Whether a text names no wish, so that even its twin proves nothing: a bare "Feature
    request", a chore of every release, a link, a prank, advertising."""
    heading = trim_title(title)
    words = [word.key for word in split_words(_LINK.sub(" ", heading))]
    if all(key in EMPTY_WORDS or len(key) < 2 or key[0].isdigit() for key in words):
        return True
    terms = tokenise(_LINK.sub(" ", f"{heading}\n{body[:BODY_READ]}"))
    told = f" {' '.join(words)} "
    return (
        len(terms) < LEAST_TERMS
        or _REPEATED.search(heading) is not None
        or _TELEPHONE.search(heading) is not None
        or any(f" {phrase} " in told for phrase in ADVERTISING)
    )


def _are_alike(one: Reading, other: Reading) -> bool:
    """Titles that have half of their telling words in common, and differ all the same."""
    shared = len(one.telling.keys() & other.telling.keys())
    is_near = shared > 0 and 4 * shared >= len(one.telling) + len(other.telling)
    return is_near and bool(_compare_answers(one, other) or _compare_titles(one, other))


def _compare_answers(asked: Reading, found: Reading) -> str:
    """Of platforms it is enough that both bodies name one; else a title has to."""
    in_title = asked.in_title | found.in_title
    for question, mine in asked.answers.items():
        theirs = found.answers.get(question, mine)
        if mine.keys() & theirs.keys() or not (is_platform(question) or question in in_title):
            continue
        word = next(iter(mine.values()))
        return f"says “{word}”" if is_direction(question) else f"asks for {word}"
    return ""


def _compare_titles(asked: Reading, found: Reading) -> str:
    """Two titles that are the same but for a word or two, for a "don't", or turned round."""
    mine = asked.telling.keys() - found.telling.keys()
    theirs = found.telling.keys() - asked.telling.keys()
    if not mine and not theirs:
        is_turned = any(
            found.turns.get(turn, point) != point for turn, point in asked.turns.items()
        )
        return "asks for it the other way round" if is_turned else ""
    if not _are_siblings(mine, theirs, asked.telling | found.telling):
        return ""
    if DENIED in mine | theirs:
        return "asks for the opposite"
    own = [word for point, word in asked.telling.items() if point in mine]
    return f"asks for {', '.join(own)}" if own else "asks for something broader"


def _are_siblings(mine: Set[str], theirs: Set[str], words: Mapping[str, str]) -> bool:
    """`words` are those of both titles, by their points. A platform that only one names is left
    open by the other."""
    differing = mine | theirs
    shared = len(words) - len(differing)
    if len(mine) == len(theirs) == 1:
        return True
    if 2 * shared < len(differing):
        return False
    if mine and theirs:
        return max(len(mine), len(theirs)) <= EXCHANGED or DENIED in differing
    (extra, *others) = differing
    return DENIED in differing or (
        shared > 1 and not others and not _names_platform(fold(words[extra]))
    )


def _names_platform(key: str) -> bool:
    return any(is_platform(answer.question) for answer in find_answers(key))
