"""The demo's processes: started one after another, watched, stopped in the reverse order."""

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.02  # seconds between two looks
LAST_LINES = 15
GRACE = {"services": 3.5, "foundation": 0.8}  # seconds from SIGTERM to the end, in this order


class ChildEnded(Exception):
    """A process ended that was to go on, or failed; the text holds its last words."""


class TooSlow(Exception):
    """A process runs but did not become ready."""


@dataclass(frozen=True, slots=True)
class Child:
    """`tier` is one of GRACE: services go before what they stand on. An errand ends by itself."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    tier: str = "services"
    is_errand: bool = False
    is_shown: bool = False  # its words stand on the terminal, not in the log

    @property
    def has_failed(self) -> bool:
        status = self.process.poll()
        return status is not None and not (self.is_errand and status == 0)

    def read_log(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def describe_end(self) -> str:
        status = self.process.returncode
        if self.is_shown:
            return f"{self.name} ended with status {status}; its words stand above."
        lines = self.read_log().strip().splitlines()[-LAST_LINES:]
        words = "\n".join(f"    {line}" for line in lines) or "    (nothing)"
        return f"{self.name} ended with status {status}. Its last words ({self.log}):\n{words}"


class Fleet:
    """Every running process of the demo; `environment` is what each is given."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment = dict(environment)
        self._logs = logs
        self._children: list[Child] = []

    def update_environment(self, more: Mapping[str, str]) -> None:
        self._environment |= more

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        tier: str = "services",
        removes: Path | None = None,
        is_errand: bool = False,
        is_shown: bool = False,
    ) -> Child:
        """`removes` is a folder to be removed after it; a shown one writes to the terminal."""
        log = self._logs / f"{name}.log"
        wrapped = [sys.executable, "-m", "portal.demo.child"]
        wrapped += ["--remove", str(removes)] if removes else []
        with log.open("ab") as words:
            # Our own interpreter and commands of our own.
            process = subprocess.Popen(  # noqa: S603
                [*wrapped, "--", *command],
                stdin=subprocess.PIPE,
                stdout=None if is_shown else words,
                stderr=None if is_shown else subprocess.STDOUT,
                cwd=ROOT,
                env=self._environment,
                start_new_session=True,
            )
        child = Child(name, process, log, tier, is_errand, is_shown)
        self._children.append(child)
        return child

    def run(self, name: str, command: Sequence[str], *, is_shown: bool = False) -> None:
        """To its end. Raises ChildEnded when that is a bad one."""
        self.finish(self.start(name, command, is_errand=True, is_shown=is_shown))

    def finish(self, child: Child, limit: float = 600.0) -> None:
        """Wait for an errand's end. Raises ChildEnded, TooSlow."""
        deadline = time.monotonic() + limit
        while child.process.poll() is None:
            if time.monotonic() > deadline:
                raise TooSlow(f"{child.name} did not end within {limit:.0f} s (see {child.log}).")
            self.check()
            time.sleep(PAUSE)
        self.check()
        self._children.remove(child)

    def wait_for(self, child: Child, pattern: str, limit: float = 30.0) -> "re.Match[str]":
        """The first line of its log like this. Raises ChildEnded, TooSlow."""
        deadline = time.monotonic() + limit
        while not (found := re.search(pattern, child.read_log(), re.MULTILINE)):
            self.check()
            if time.monotonic() > deadline:
                raise TooSlow(f"{child.name} was not ready within {limit:.0f} s (see {child.log}).")
            time.sleep(PAUSE)
        return found

    def check(self) -> None:
        """Raises ChildEnded when one has ended that was to go on, or an errand failed."""
        for child in self._children:
            if child.has_failed:
                raise ChildEnded(child.describe_end())

    def stop(self) -> list[str]:
        """Last started, first told to end; returns the names of those that had to be killed."""
        killed: list[str] = []
        for tier, grace in GRACE.items():
            children = [child for child in reversed(self._children) if child.tier == tier]
            for child in children:
                child.process.terminate()
            deadline = time.monotonic() + grace
            killed += [child.name for child in children if not await_end(child, deadline)]
        return killed


def await_end(child: Child, deadline: float) -> bool:
    """False when it had to be killed."""
    try:
        child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        close_pipe(child)  # its keeper kills everything then
        child.process.wait()
        return False
    close_pipe(child)
    return True


def close_pipe(child: Child) -> None:
    if child.process.stdin:
        with suppress(OSError):
            child.process.stdin.close()
