"""Folders the site writes to, and its collected static files."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from portal.doctor.registry import Finding, broken, fine, tries


@tries("Files")
def try_folders() -> Iterable[Finding]:
    for name in ("STATE_DIR", "ATTACHMENT_DIR", "INDEX_DIR"):
        yield judge_folder(name, Path(getattr(settings, name)))


def judge_folder(name: str, folder: Path) -> Finding:
    """One that is not there yet is made by whoever needs it, so its parent counts."""
    place = folder
    while not place.exists():
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return broken(
            f"{name} ({folder}) cannot be written: {error.strerror}.",
            f"Give this user the right to write there, or set {name}.",
        )
    return fine(f"{name} ({folder}) can be written.")


@tries("Files")
def try_static_files() -> Iterable[Finding]:
    if settings.DEBUG:
        return
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield fine("The static files are collected.")
    else:
        yield broken("The static files are not collected.", "Run `manage.py collectstatic`.")
