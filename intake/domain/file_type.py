"""What an uploaded file is, told from its content, and a name that says the same.

Files are never opened, unpacked or shown here; they are only handed on as downloads. What remains
is what the reader's own computer does with one, and that goes by its name: a page that calls
itself a picture must not arrive under the name of a page.
"""

from pathlib import PurePath

import filetype

from intake.domain.plain_text import drop_controls

PNG, JPEG, GIF = "image/png", "image/jpeg", "image/gif"
WEBP, PDF, TEXT = "image/webp", "application/pdf", "text/plain"
ENDINGS_OF = {
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    GIF: (".gif",),
    WEBP: (".webp",),
    PDF: (".pdf",),
    TEXT: (".txt", ".log", ".csv", ".md", ".json", ".yml", ".yaml"),
}
ENDINGS = tuple(ending for endings in ENDINGS_OF.values() for ending in endings)
ALSO = {"image/apng": PNG}  # a picture that moves
NAME_LENGTH = 200


def recognise(content: bytes, name: str) -> str:
    """The media type of a file we accept; empty for everything else.

    A name that ends like a text's is believed when all of it reads as text, whatever its first
    letters look like; no other name is believed at all.
    """
    if _ending(name) in ENDINGS_OF[TEXT] and _reads_as_text(content):
        return TEXT
    found = filetype.guess_mime(content) or ""
    found = ALSO.get(found, found)
    return found if found in ENDINGS_OF else ""


def name_file(name: str, content_type: str) -> str:
    """What the file is called from now on: nothing unseen, not too long, and an ending that its
    content has earned (`page.html` that is a picture becomes `page.html.png`)."""
    plain = " ".join(drop_controls(name).split())
    endings = ENDINGS_OF[content_type]
    ending = _ending(plain) if _ending(plain) in endings else ""
    stem = plain.removesuffix(plain[-len(ending) :]) if ending else plain
    ending = ending or endings[0]
    return f"{stem[: NAME_LENGTH - len(ending)].rstrip('. ') or 'file'}{ending}"


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def _reads_as_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return "\0" not in text
