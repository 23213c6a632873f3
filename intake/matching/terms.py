"""Words to search by: folded, compound names whole and in parts; and the names themselves."""

import re
import unicodedata
from collections.abc import Iterable

from intake.matching.text import UNSEEN, drop_accents, fold

TERM_LENGTH = 40  # longer words are hashes and encoded data
REMEMBERED_WORDS = 100_000

# Scripts written without spaces, and Hangul, whose particles stick to the word.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\U00020000-\U0003134f"
)
# Python's \w leaves out the vowel signs of Indic scripts.
_MARKS = "".join(
    re.escape(chr(code))
    for code in range(0x300, 0x10000)
    if unicodedata.category(chr(code)).startswith("M")
)
_LETTER = rf"(?:(?![{_DENSE}])[\w{_MARKS}])"
_ASCII_WORD = re.compile(r"\w+(?:(?:\.|::)\w+)*", re.ASCII)
_WORD = re.compile(rf"[{_DENSE}]+|{_LETTER}+(?:(?:\.|::){_LETTER}+)*")
_DENSE_RUN = re.compile(rf"[{_DENSE}]+")
_PIECE = re.compile(
    rf"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|(?:(?![A-Za-z0-9_])[\w{_MARKS}])+"
)
_JOINT = re.compile(r"\.|::")
_VERSION = re.compile(r"[vV]?\d+(?:\.\d+)+\w*")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]{2}")
_CODE = re.compile(r"[A-Za-z]+_?\d{2,}\w*|\w*[a-z]_[a-z]\w*")


def tokenise(text: str) -> list[str]:
    """Terms in the order of the text."""
    return join_terms(find_words(text)).split()


def join_terms(words: Iterable[str]) -> str:
    """The terms of some words with spaces between them, as the index takes them."""
    return " ".join(filter(None, map(_TERMS.__getitem__, words)))


def pick_names(words: Iterable[str]) -> dict[str, str]:
    """Identifiers, file names and codes among the words: folded form → as first written."""
    names: dict[str, str] = {}
    for word in dict.fromkeys(words):
        name = _NAMES[word]
        if name:
            names.setdefault(name, word)
    return names


def find_words(text: str) -> list[str]:
    """Runs of letters and digits as written, with `a.b`, `a::b` and `a_b` in one piece."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return _WORD.findall(drop_accents(unicodedata.normalize("NFKC", UNSEEN.sub(" ", text))))


class _Remembered(dict[str, str]):
    """Each word is looked at once: texts repeat themselves."""

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        self[word] = answer = self.look_at(word)
        return answer

    def look_at(self, word: str) -> str:
        raise NotImplementedError


class _Terms(_Remembered):
    """Word → its terms, with spaces between them."""

    def look_at(self, word: str) -> str:
        terms = (fold(term).replace(" ", "") for term in _split(word))
        return " ".join(term for term in terms if 0 < len(term) <= TERM_LENGTH)


class _Names(_Remembered):
    """Word → its folded form if it is a name, else empty."""

    def look_at(self, word: str) -> str:
        if len(word) > TERM_LENGTH * 2 or _VERSION.fullmatch(word):
            return ""
        shaped = _JOINT.search(word) or _CAMEL.search(word) or _CODE.fullmatch(word)
        return fold(word).replace(" ", "") if shaped else ""


def _split(word: str) -> list[str]:
    if _DENSE_RUN.fullmatch(word):
        return [word[i : i + 2] for i in range(max(len(word) - 1, 1))]
    if _VERSION.fullmatch(word):
        return [word]
    terms: list[str] = []
    for segment in _JOINT.split(word):
        pieces = _PIECE.findall(segment)
        if len(pieces) > 1:
            terms.append(segment.strip("_"))
        terms.extend(piece for piece in pieces if len(piece) > 1 or len(pieces) == 1)
    return terms


_TERMS = _Terms()
_NAMES = _Names()
