"""Many texts read at once, for building an index: what `read_words` says of each, far quicker.

Most words are plain: their term is the word in lower case. Numpy lowers all of them at a stroke
and finds the few that have to be looked at.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from intake.matching.terms import SPACED, TERM_LENGTH, Words, read_chunk, read_words
from intake.matching.text import squeeze

LOWER, UPPER, OTHER, JOINT = 1, 2, 3, 4
SPACE, NEWLINE = 32, 10
_KINDS = np.zeros(256, np.uint8)
for _first, _last, _kind in (("a", "z", LOWER), ("A", "Z", UPPER), ("0", "9", OTHER)):
    _KINDS[ord(_first) : ord(_last) + 1] = _kind
_KINDS[ord("_")] = OTHER
_KINDS[[ord("."), ord(":")]] = JOINT

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]


def read_batch(texts: Sequence[str]) -> list[Words]:
    """The same as `read_words` of each."""
    plain = [text if text.isascii() else "" for text in texts]
    found = _read_ascii(plain)
    return [
        words if text.isascii() else read_words(text)
        for text, words in zip(texts, found, strict=True)
    ]


def _read_ascii(texts: Sequence[str]) -> list[Words]:
    chars, kinds = _squeeze(b"\n".join([text.encode().translate(SPACED) for text in texts]))
    text = chars.tobytes().decode()
    starts, ends = _find_odd(kinds)
    lines = np.searchsorted(np.flatnonzero(chars == NEWLINE), starts).tolist()
    names: list[dict[str, str]] = [{} for _ in texts]
    pieces: list[str] = []
    lowered, done = text.lower(), 0
    for start, end, line in zip(starts.tolist(), ends.tolist(), lines, strict=True):
        odd, named = read_chunk(text[start:end])
        pieces += lowered[done:start], odd
        done = end
        for name, word in named:
            names[line].setdefault(name, word)
    whole = squeeze("".join([*pieces, lowered[done:]]))
    terms = whole.replace(" \n", "\n").replace("\n ", "\n").split("\n")
    return list(map(Words, terms, names))


def _squeeze(raw: bytes) -> tuple[Bytes, Bytes]:
    """Characters and their kinds, with at most one space after a word; of joints those that end
    a word are spaces too."""
    chars = np.frombuffer(raw, np.uint8)
    kinds = _KINDS[chars]
    kinds[:-1][(kinds[:-1] == JOINT) & (kinds[1:] == 0)] = 0
    kept = kinds > 0
    kept[1:] |= kinds[:-1] > 0
    kept |= chars == NEWLINE
    chars, kinds = chars[kept], kinds[kept]
    chars[(kinds == 0) & (chars != NEWLINE)] = SPACE
    return chars, kinds


def _find_odd(kinds: Bytes) -> tuple[Places, Places]:
    """Where the words begin and end that are more than letters with a capital at most in front."""
    is_word = kinds > 0
    edges = np.flatnonzero(np.diff(is_word, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    odd = kinds >= OTHER
    odd[1:] |= (kinds[1:] == UPPER) & is_word[:-1]
    count = np.concatenate(([0], np.cumsum(odd, dtype=np.int32)))
    chosen = (count[ends] > count[starts]) | (ends - starts > TERM_LENGTH)
    return starts[chosen], ends[chosen]
