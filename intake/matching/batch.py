"""Many texts read at once, for building an index: what `read_words` and `fingerprint` say of each,
far quicker.

Most words are plain: their term is the word in lower case. Numpy lowers all of them at a stroke
and finds the few that have to be looked at. What is not ASCII is read text by text.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from intake.matching.terms import SPACED, TERM_LENGTH, Names, Words, read_chunk, read_words
from intake.matching.text import FOLDED, fingerprint, hash_normal, squeeze

LOWER, UPPER, OTHER, JOINT = 1, 2, 3, 4
SPACE, END = ord(" "), ord("\n")  # between words, between texts
_KINDS = np.zeros(256, np.uint8)
for _first, _last, _kind in (("a", "z", LOWER), ("A", "Z", UPPER), ("0", "9", OTHER)):
    _KINDS[ord(_first) : ord(_last) + 1] = _kind
_KINDS[ord("_")] = OTHER
_KINDS[[ord("."), ord(":")]] = JOINT

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]


def read_batch(texts: Sequence[str]) -> list[Words]:
    """The same as `read_words` of each."""
    if not texts:
        return []
    found = _read_ascii([text if text.isascii() else "" for text in texts])
    return [
        words if text.isascii() else read_words(text)
        for text, words in zip(texts, found, strict=True)
    ]


def fingerprint_batch(titles: Sequence[str], bodies: Sequence[str]) -> list[str]:
    """The same as `fingerprint` of each title and its body."""
    if not titles:
        return []
    texts = [text if text.isascii() else "" for text in chain(titles, bodies)]
    normal = _normalise_ascii(texts)
    pairs = zip(titles, bodies, normal[: len(titles)], normal[len(titles) :], strict=True)
    return [
        hash_normal(one, other) if title.isascii() and body.isascii() else fingerprint(title, body)
        for title, body, one, other in pairs
    ]


def _normalise_ascii(texts: Sequence[str]) -> list[str]:
    chars = np.frombuffer(_join(texts, FOLDED), np.uint8)
    kept = chars != SPACE
    kept[1:] |= (chars[:-1] != SPACE) & (chars[:-1] != END)
    text: str = chars[kept].tobytes().decode()
    return text.replace(" \n", "\n").removesuffix(" ").split("\n")


def _read_ascii(texts: Sequence[str]) -> list[Words]:
    chars, kinds = _drop_signs(np.frombuffer(_join(texts, SPACED), np.uint8))
    text = chars.tobytes().decode()
    starts, ends = _find_odd(kinds)
    begun, ended = starts.tolist(), ends.tolist()
    readings = list(map(read_chunk, map(text.__getitem__, map(slice, begun, ended))))
    named = [place for place, (_, names) in enumerate(readings) if names]
    lines = np.searchsorted(np.flatnonzero(chars == END), starts[named]).tolist()
    lowered = text.lower()
    pieces = [""] * (2 * len(readings) + 1)
    pieces[::2] = map(lowered.__getitem__, map(slice, [0, *ended], [*begun, None]))
    pieces[1::2] = [terms for terms, _ in readings]
    whole = squeeze("".join(pieces)).replace(" \n", "\n").replace("\n ", "\n")
    names = _sort_names([readings[place][1] for place in named], lines, len(texts))
    return list(map(Words, whole.split("\n"), names))


def _sort_names(found: Sequence[Names], lines: Sequence[int], count: int) -> list[dict[str, str]]:
    """The names of each of `count` texts; `lines` says whose each of those found is."""
    names: list[dict[str, str]] = [{} for _ in range(count)]
    for named, line in zip(found, lines, strict=True):
        for name, word in named:
            names[line].setdefault(name, word)
    return names


def _join(texts: Sequence[str], table: bytes) -> bytes:
    """With an end between two, and only there; other line breaks are spaces."""
    joined = "\0".join(texts)
    if joined.count("\0") >= len(texts):
        joined = "\0".join([text.replace("\0", " ") for text in texts])
    return joined.encode().translate(table).replace(b"\0", b"\n")


def _drop_signs(chars: Bytes) -> tuple[Bytes, Bytes]:
    """Characters and their kinds, with at most one space after a word; of joints those that end
    a word are spaces too."""
    kinds = _KINDS[chars]
    kinds[:-1][(kinds[:-1] == JOINT) & (kinds[1:] == 0)] = 0
    kept = kinds > 0
    kept[1:] |= kinds[:-1] > 0
    kept |= chars == END
    chars, kinds = chars[kept], kinds[kept]
    chars[(kinds == 0) & (chars != END)] = SPACE
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
