"""Made-up issues for measuring: shaped like a tracker's, in words that mean nothing.

Lengths follow the quantiles of a public tracker of 16,704 issues. Words follow Zipf's law with
the steeper tail of rare names (Mandelbrot); one in ten is an identifier, and one in four
repeats an earlier word of its text, as writers do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from intake.matching.records import Document, Query

START = datetime(2020, 1, 1, tzinfo=UTC)
CHUNK = 5_000  # issues drawn at a time
VOCABULARY = 400_000
SHARES = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
BODY_WORDS = (0, 0, 6, 24, 55, 110, 190, 280, 750, 9_000)
TITLE_WORDS = (1, 3, 4, 6, 8, 10, 13, 15, 19, 30)
REPEATED, REACH = 0.25, 40  # share of words that repeat one of so many before
LINE_WORDS, SENTENCE_WORDS = 6, 15

_SYLLABLES = [a + b for a in "bdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il")]


Ladder = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Issues:
    """`count` documents, always the same for one seed; made anew at every iteration."""

    count: int
    seed: int = 0

    def __iter__(self) -> Iterator[Document]:
        words = _build_words()
        source = np.random.default_rng(self.seed)
        ladder = _build_ladder()
        for start in range(0, self.count, CHUNK):
            amount = min(CHUNK, self.count - start)
            titles = _write(source, ladder, words, TITLE_WORDS, amount)
            bodies = _write(source, ladder, words, BODY_WORDS, amount)
            for key, title, body in zip(range(start, start + amount), titles, bodies, strict=True):
                made_at = START + timedelta(minutes=10 * key)
                yield Document(key + 1, title.replace("\n", " "), body, made_at, True, key % 3 > 0)


def write_submissions(documents: Sequence[Document], count: int, seed: int = 1) -> list[Query]:
    """As the portal takes them: a title of half an issue's words, then 40 to 140 words in
    sentences, from its text and another's."""
    source = np.random.default_rng(seed)
    long = [one for one in documents[:20_000] if len(one.body) > 400]
    submissions = []
    for one, other in source.integers(0, len(long), (count, 2)).tolist():
        title = long[one].title.split()[::2]
        words = [*long[one].body.split()[::2], *long[other].body.split()[::2]]
        amount = int(source.integers(40, 140))
        chosen = [words[place].strip(".,:)") for place in source.permutation(len(words))[:amount]]
        submissions.append(Query(" ".join(title), _write_sentences(chosen)))
    return submissions


def _write_sentences(words: Sequence[str]) -> str:
    return " ".join(
        " ".join(words[start : start + SENTENCE_WORDS]) + "."
        for start in range(0, len(words), SENTENCE_WORDS)
    )


def _write(
    source: np.random.Generator,
    ladder: Ladder,
    words: list[str],
    lengths: Sequence[int],
    amount: int,
) -> list[str]:
    counts = np.interp(source.random(amount), SHARES, lengths).astype(np.int64)
    ends = np.concatenate(([0], np.cumsum(counts)))
    total = int(ends[-1])
    drawn = np.searchsorted(ladder, source.random(total))
    places = np.arange(total)
    begins = np.repeat(ends[:-1], counts)
    before = np.maximum(places - source.integers(1, REACH, total), begins)
    drawn = np.where(source.random(total) < REPEATED, drawn[before], drawn)
    breaks = source.random(total) < 1 / LINE_WORDS
    tokens = list(map(words.__getitem__, (drawn + VOCABULARY * breaks).tolist()))
    return [" ".join(tokens[start:end]) for start, end in pairwise(ends.tolist())]


def _build_ladder() -> Ladder:
    """Cumulative shares of the words by rank: slope 1, from rank 1,000 on 1.4."""
    ranks = np.arange(1, VOCABULARY + 1)
    shares = 1 / (ranks + 6) * np.minimum((1_000 / ranks) ** 0.4, 1.0)
    ladder = np.cumsum(shares)
    return ladder / ladder[-1]


def _build_words() -> list[str]:
    """Every word twice: within a line, and at its end."""
    plain = [_spell(rank) for rank in range(VOCABULARY)]
    return plain + [f"{word}{'.,:)'[rank % 4]}\n" for rank, word in enumerate(plain)]


def _spell(rank: int) -> str:
    word, left = "", rank + 8
    while left:
        left, place = divmod(left, len(_SYLLABLES))
        word += _SYLLABLES[place]
    shape = rank % 30 if rank > 40 else 0
    if shape == 7:
        return f"{word}.{word[:3].title()}{word[-3:]}"
    if shape == 17:
        return f"set{word.title()}{_SYLLABLES[rank % 97].title()}"
    if shape == 27:
        return f"{word}_{_SYLLABLES[rank % 89]}{rank % 10}"
    if shape == 11:
        return f"{rank % 977}"
    return f"é{word}" if rank % 5_000 == 4_999 else word
