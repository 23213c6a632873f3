"""Looking at processes from outside, and waiting for what is about to be true."""

import time
from collections.abc import Callable
from pathlib import Path


def wait_until(look: Callable[[], bool], limit: float = 60.0) -> None:
    """Raises AssertionError when it does not come true in time."""
    deadline = time.monotonic() + limit
    while not look():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Dead and not yet fetched by its parent does not count."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def find_processes(word: str) -> list[str]:
    """The command lines of living processes with this word in their environment or command."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
            told = (folder / "environ").read_bytes() + command
        except OSError:
            continue
        if word.encode() in told and is_running(int(folder.name)):
            found.append(command.decode(errors="replace"))
    return found
