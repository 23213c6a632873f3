"""Runs one process of the demo, and ends it and all it started when the demo ends.

`python -m portal.demo.child [--remove FOLDER] -- COMMAND …`. Standard input is a pipe whose other
end the demo alone holds: the kernel closes it however the demo dies, by `kill -9` too, and then
everything below is killed. SIGTERM is passed on, for an orderly end. The command runs in a session
of its own, so that Ctrl-C in the terminal reaches nobody but the demo.
"""

import argparse
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36
PROC = Path("/proc")


def ask_kernel(option: int, value: int) -> None:
    """prctl(2), where there is one; elsewhere the pipe alone has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """The command dies with this process; what it leaves behind becomes a child of this one."""
    ask_kernel(PR_SET_CHILD_SUBREAPER, 1)
    # The command is the demo's own. No thread runs here that a fork could harm.
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: ask_kernel(PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509
    )


def listen() -> int:
    """A pipe that a byte arrives in for each signal of interest: the byte is its number."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    return reading


def watch(process: "subprocess.Popen[bytes]", heard: int, demo: int) -> None:
    """Until the process has ended or the demo has."""
    while process.poll() is None:
        ready, _, _ = select.select([heard, demo], [], [])
        if demo in ready and not os.read(demo, 1):
            return
        if heard in ready and signal.SIGTERM in os.read(heard, 512):
            process.terminate()


def end_all(process: "subprocess.Popen[bytes]") -> int:
    """Kill whatever is left, grandchildren in other sessions included; the exit status."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    status = process.wait()
    while orphans := find_children(os.getpid()):
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
    return status


def find_children(parent: int) -> list[int]:
    """Process ids, read from /proc; none where there is no such thing."""
    found = []
    for entry in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            after_name = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
            if int(after_name.split()[1]) == parent:
                found.append(int(entry.parent.name))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.demo.child")
    parser.add_argument("--remove", type=Path, metavar="FOLDER", help="removed at the end")
    parser.add_argument("command", nargs="+")
    told = parser.parse_args(arguments)
    heard = listen()
    process = start(told.command)
    watch(process, heard, sys.stdin.fileno())
    status = end_all(process)
    if told.remove:
        shutil.rmtree(told.remove, ignore_errors=True)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
