"""Normalising: the form in which two texts count as the same."""

import re
import unicodedata
from hashlib import blake2b

UNSEEN = re.compile("[\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def normalise(text: str) -> str:
    """Case, width, Latin accents and spacing folded.

    Punctuation stays, because "C", "C++" and "C#" are three wishes. Applying it twice
    changes nothing.
    """
    return " ".join(fold(text).split())


def fold(text: str) -> str:
    """As `normalise`, but with the spacing as it was; unseen characters become spaces."""
    text = UNSEEN.sub(" ", text)
    if text.isascii():
        return text.lower()
    for _ in range(8):  # some rare letters take a second turn, a third was never seen
        folded = drop_accents(unicodedata.normalize("NFKC", text).casefold())
        if folded == text:
            break
        text = folded
    return text


def drop_accents(text: str) -> str:
    """Only on Latin letters: in other scripts the marks are vowels and voicings."""
    kept: list[str] = []
    on_latin = False
    for char in unicodedata.normalize("NFD", text):
        category = unicodedata.category(char)
        if category == "Cf":
            continue
        if category != "Mn":
            on_latin = char.isascii() and char.isalpha()
        elif on_latin:
            continue
        kept.append(char)
    return unicodedata.normalize("NFKC", "".join(kept))


def fingerprint(title: str, body: str) -> str:
    """Equal for identical title and text after `normalise`; empty without a title and a text:
    a title alone ("Release testing") says too little to be certain of."""
    title, body = normalise(title), normalise(body)
    if not title or not body:
        return ""
    return blake2b(f"{title}\n{body}".encode(), digest_size=16).hexdigest()
