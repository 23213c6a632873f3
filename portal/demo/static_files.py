"""Static files, collected again only when one of them has changed: compressing takes a while."""

import hashlib

from django.contrib.staticfiles.finders import get_finders

from portal.demo.processes import Child, Fleet
from portal.demo.surroundings import MANAGE, Surroundings


def start_collecting(fleet: Fleet, around: Surroundings) -> Child | None:
    """None when what was collected last time still holds."""
    mark = around.folder / "static.digest"
    if mark.exists() and mark.read_text(encoding="ascii") == make_digest():
        return None
    mark.unlink(missing_ok=True)
    command = [*MANAGE, "collectstatic", "--noinput", "--clear", "--skip-checks", "-v", "0"]
    return fleet.start("collectstatic", command, is_errand=True)


def keep_digest(around: Surroundings) -> None:
    (around.folder / "static.digest").write_text(make_digest(), encoding="ascii")


def make_digest() -> str:
    """Of every source file's path, size and time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            told = (path, storage.size(path), storage.get_modified_time(path).timestamp())
            digest.update(repr(told).encode())
    return digest.hexdigest()
