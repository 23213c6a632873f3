"""Normalising: the form in which two texts count as the same."""

import re
import unicodedata
from hashlib import blake2b

UNSEEN = re.compile("[\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Marks and what cannot be seen; beyond the first plane whatever there is, for speed.
_SPECIAL = re.compile(
    "["
    + "".join(
        re.escape(chr(code))
        for code in range(0x80, 0x10000)
        if unicodedata.category(chr(code)) in {"Mn", "Cf"}
    )
    + "\U00010000-\U0010ffff]+"
)
# For ASCII all is done in one pass: lower case, one kind of space, also for what cannot be seen.
# The zero byte stays: `batch` joins texts with it.
FOLDED = bytes(
    32 if code and (chr(code).isspace() or UNSEEN.match(chr(code))) else ord(chr(code).lower())
    for code in range(128)
).ljust(256)


def normalise(text: str) -> str:
    """Case, width, Latin accents and spacing folded.

    Punctuation stays, because "C", "C++" and "C#" are three wishes. Applying it twice
    changes nothing.
    """
    if not text.isascii():
        return " ".join(fold(text).split())
    return squeeze(text.encode().translate(FOLDED).decode().replace("\0", " "))


def squeeze(text: str) -> str:
    """One space for many, none around; much quicker than to split and join."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def fold(text: str) -> str:
    """As `normalise`, but with the spacing as it was; unseen characters become spaces."""
    text = UNSEEN.sub(" ", text)
    if text.isascii():
        return text.lower()
    for _ in range(8):  # some rare letters take a second turn, a third was never seen
        folded = drop_accents(unicodedata.normalize("NFKC", text).casefold())
        if folded == text or folded.isascii():
            return folded
        text = folded
    return text


def drop_accents(text: str) -> str:
    """Only on Latin letters: in other scripts the marks are vowels and voicings."""
    bare = _SPECIAL.sub(_drop_marks, unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFKC", bare)


def _drop_marks(run: re.Match[str]) -> str:
    before = run.string[max(run.start() - 1, 0) : run.start()]
    on_latin = before.isascii() and before.isalpha()
    kept: list[str] = []
    for char in run[0]:
        category = unicodedata.category(char)
        on_latin = on_latin and category in {"Mn", "Cf"}
        if category != "Cf" and not on_latin:
            kept.append(char)
    return "".join(kept)


def fingerprint(title: str, body: str) -> str:
    """Equal for identical title and text after `normalise`; empty without a title and a text:
    a title alone ("Release testing") says too little to be certain of."""
    return hash_normal(normalise(title), normalise(body))


def hash_normal(title: str, body: str) -> str:
    """`fingerprint` of what is normal already."""
    if not title or not body:
        return ""
    return blake2b(f"{title}\n{body}".encode(), digest_size=16).hexdigest()
