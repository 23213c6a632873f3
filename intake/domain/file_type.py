"""What an uploaded file is, told from its bytes; its name decides nothing but plain text."""

import codecs
from pathlib import PurePath

import filetype

ACCEPTED = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
TEXT_ENDINGS = (".txt", ".log", ".csv", ".md", ".json", ".yml", ".yaml")
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", *TEXT_ENDINGS)
HEAD_BYTES = 64 * 1024  # as much of a file as is looked at


def recognise(head: bytes, name: str) -> str:
    """The media type of a file we accept, from its first bytes; empty for everything else."""
    found = filetype.guess_mime(head)
    if found:
        return found if found in ACCEPTED else ""
    is_text = PurePath(name).suffix.lower() in TEXT_ENDINGS and _reads_as_text(head)
    return "text/plain" if is_text else ""


def _reads_as_text(head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return "\0" not in text
