"""Words to search by: folded, compound names whole and in parts; and the names themselves."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from intake.matching.text import UNSEEN, drop_accents, fold

TERM_LENGTH = 40  # longer words are hashes and encoded data
REMEMBERED_CHUNKS = 50_000  # and as many before them
REMEMBERED_LENGTH = 80

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
_PLAIN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")  # one term and no name
_JOINT = re.compile(r"\.|::")
_VERSION = re.compile(r"[vV]?\d+(?:\.\d+)+\w*")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]{2}")
_CODE = re.compile(r"[A-Za-z]+_?\d{2,}\w*|\w*[a-z]_[a-z]\w*")
# No ASCII sign but these three is ever part of a word.
_SIGNS = "".join(char for char in map(chr, range(128)) if not char.isalnum() and char not in "._:")
SPACED = bytes(32 if code and chr(code) in _SIGNS else code for code in range(256))  # for `batch`
_CHUNK = re.compile(f"[^{re.escape(_SIGNS)}]+")

Names = tuple[tuple[str, str], ...]  # folded form and spelling of each


class Words(NamedTuple):
    """What a text says: its terms with spaces between them, as the index takes them; and the
    names among its words (identifiers, file names, codes), folded form → as first written."""

    terms: str
    names: dict[str, str]


def tokenise(text: str) -> list[str]:
    """Terms in the order of the text."""
    return read_words(text).terms.split()


def read_words(text: str) -> Words:
    """`read_batch` does the same for many texts at once, and quicker."""
    readings = [read_chunk(chunk) for chunk in _CHUNK.findall(text)]
    names: dict[str, str] = {}
    for _, named in readings:
        for name, word in named:
            names.setdefault(name, word)
    return Words(" ".join([terms for terms, _ in readings if terms]), names)


def find_words(text: str) -> list[str]:
    """Runs of letters and digits as written, with `a.b`, `a::b` and `a_b` in one piece."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return _WORD.findall(drop_accents(unicodedata.normalize("NFKC", UNSEEN.sub(" ", text))))


class _Readings(dict[str, tuple[str, Names]]):
    """Chunk → its terms, with spaces between them, and its names.

    Texts repeat themselves: a chunk is read once, and forgotten if it was not met for long.
    """

    def __init__(self) -> None:
        super().__init__()
        self._older: dict[str, tuple[str, Names]] = {}

    def __missing__(self, chunk: str) -> tuple[str, Names]:
        if len(self) >= REMEMBERED_CHUNKS:
            self._older = dict(self)
            self.clear()
        reading = self._older.get(chunk) or _read(chunk)
        if len(chunk) <= REMEMBERED_LENGTH:
            self[chunk] = reading
        return reading


# The terms and names in a piece of text without spaces; none, one or several words.
read_chunk: Callable[[str], tuple[str, Names]] = _Readings().__getitem__


def _read(chunk: str) -> tuple[str, Names]:
    word = chunk.strip(".:")
    if _PLAIN.fullmatch(word):
        return word.lower() if len(word) <= TERM_LENGTH else "", ()
    words = find_words(chunk)
    terms = (_fold(term) for word in words for term in _split(word))
    names = tuple((_fold(word), word) for word in words if _is_name(word))
    return " ".join([term for term in terms if 0 < len(term) <= TERM_LENGTH]), names


def _fold(word: str) -> str:
    return word.lower() if word.isascii() else fold(word).replace(" ", "")


def _is_name(word: str) -> bool:
    if len(word) > TERM_LENGTH * 2 or _VERSION.fullmatch(word):
        return False
    return bool(_JOINT.search(word) or _CAMEL.search(word) or _CODE.fullmatch(word))


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
