"""What an issue or a request commits itself to, read from its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from intake.matching.choices import (
    FILLERS,
    OPENINGS,
    Answer,
    find_answers,
    find_stem,
    is_direction,
    is_platform,
)
from intake.matching.terms import find_words
from intake.matching.text import fold
from intake.matching.trimming import trim_title

BODY_READ = 1_000  # characters; what comes later is surroundings
BODY_OF_A_WISH = 800  # characters; a longer one has steps that go back and forth
DENIED = "not"  # stands for every "don't" among the telling words

_JOINT = re.compile(r"\.|::|_+")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SIGNED = re.compile(r"(?<!\w)\w(?:\+\+|#)(?!\w)")  # C++, C#
# "iOS: …", "[Android] …", "CLI: Android: …", "iOS - …": what a tracker files it under
_PREFIX = re.compile(r"\W{0,3}(?:[^:\]\n]{1,25}(?::|\]|\s-)\s*){1,4}")
# Only what asks for the opposite: "does not show" complains, and wants it shown.
_DENIALS = frozenset({
    "do not", "don t", "should not", "shouldn t", "must not", "mustn t", "shall not", "not to",
    "no longer", "dont", "stop", "never", "without", "avoid",
})  # fmt: skip
_BETWEEN = frozenset({"always", "automatically", "even", "ever", "just", "only"})
_TURNS = frozenset({"from", "to", "into", "in", "before", "after", "with", "by", "than", "over"})

Answers = dict[int, dict[int, str]]  # question → answer → the words that give it


class Word(NamedTuple):
    """As written, and folded."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`answers`: of the title, and where that is silent of the body if it gives just one."""

    answers: Answers
    in_title: frozenset[int]  # questions that the title answers
    telling: dict[str, str]  # point → word of the title
    turns: dict[str, str]  # "from", "to" … → the point that follows


@lru_cache(maxsize=64)
def read(title: str, body: str) -> Reading:
    heading = trim_title(title)
    words = split_words(heading)
    in_title = _find_title_answers(heading, words)
    answers = _find_body_answers(body) | in_title
    telling = _find_telling(heading, words)
    return Reading(answers, frozenset(in_title), telling, dict(_find_turns(words)))


def split_words(text: str) -> list[Word]:
    """Compounds in their parts; names of the word lists and versions stay whole."""
    return [piece for word in find_words(text) for piece in _split(word)]


def _find_title_answers(heading: str, words: Sequence[Word]) -> Answers:
    """A platform it is filed under outweighs those it is compared with."""
    prefix = _PREFIX.match(heading)
    filed = _find_answers(split_words(prefix[0])) if prefix else {}
    platforms = {question: given for question, given in filed.items() if is_platform(question)}
    return _find_answers(words) | platforms


def _find_body_answers(body: str) -> Answers:
    return {
        question: given
        for question, given in _find_answers(split_words(body[:BODY_READ])).items()
        if len(given) == 1 and not (is_direction(question) and len(body) > BODY_OF_A_WISH)
    }


def _find_telling(heading: str, words: Sequence[Word]) -> dict[str, str]:
    telling = {_find_point(word.key): word.text for word in words if _tells(word.key)}
    if any(_is_denied(words, place) for place in range(1, len(words) + 1)):
        telling[DENIED] = ""
    for sign in _SIGNED.findall(heading):
        telling.pop(sign[0].lower(), None)
        telling[sign.lower()] = sign
    return telling


def _find_answers(words: Sequence[Word]) -> Answers:
    answers: Answers = {}
    for place, (text, given) in enumerate(_look_up(words)):
        for question, answer, opposite in given:
            side = opposite if _is_denied(words, place) else answer
            answers.setdefault(question, {}).setdefault(side, text)
    return answers


def _look_up(words: Sequence[Word]) -> Iterator[tuple[str, Sequence[Answer]]]:
    """Of every word the text and what it commits to; two words that are a phrase go together."""
    in_phrase = False
    for word, after in pairwise([*words, Word("", "")]):
        phrase = find_answers(f"{word.key} {after.key}") if word.key in OPENINGS else ()
        if in_phrase:
            yield word.text, ()
        elif phrase:
            yield f"{word.text} {after.text}", phrase
        else:
            yield word.text, find_answers(word.key)
        in_phrase = bool(phrase) and not in_phrase


def _is_denied(words: Sequence[Word], place: int) -> bool:
    """Whether a "don't" or its like stands before the place."""
    last = place - 1
    if last > 0 and words[last].key in _BETWEEN:
        last -= 1
    if last < 0:
        return False
    word = words[last].key
    return word in _DENIALS or (last > 0 and f"{words[last - 1].key} {word}" in _DENIALS)


def _find_turns(words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Each "from", "to" … with the point behind it."""
    turn = ""
    for word in words:
        if word.key in _TURNS:
            turn = word.key
        elif turn and _tells(word.key):
            yield turn, _find_point(word.key)
            turn = ""


def _find_point(key: str) -> str:
    """The same for "delete" and "removing": its stem, or its direction."""
    answers = find_answers(key)
    if answers and is_direction(answers[0].question):
        return f"{answers[0].question} {answers[0].answer}"
    return find_stem(key)


def _tells(key: str) -> bool:
    return key not in FILLERS


@lru_cache(maxsize=50_000)
def _split(word: str) -> tuple[Word, ...]:
    if word[0].isdigit():
        return (Word(word, fold(word)),)
    parts: list[str] = []
    for segment in _JOINT.split(word):
        name = segment.rstrip("0123456789")
        if find_answers(fold(segment)):
            parts.append(segment)
        elif find_answers(fold(name)):
            parts += [name, segment[len(name) :]]
        else:
            parts += _PIECE.findall(segment) if segment.isascii() else [segment]
    return tuple(Word(part, fold(part).strip()) for part in parts if part)
