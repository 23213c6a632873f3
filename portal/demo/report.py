"""What the demo says: steps with their time, and beneath each the facts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text


class Report:
    """To a terminal in colour; to a file as plain lines that are never broken."""

    def __init__(self) -> None:
        self._console = Console(soft_wrap=True, highlight=False)
        self._error = Console(soft_wrap=True, highlight=False, stderr=True)
        self._steps = 0

    def head(self, words: str) -> None:
        self._console.print(Text(words, style="bold"))

    def say(self, words: str) -> None:
        self._console.print(Text(f"  {words}"))

    def fact(self, name: str, value: object) -> None:
        line = Text(f"       {name:<14}", style="dim")
        line.append(str(value), style="default not dim")
        self._console.print(line)

    def fail(self, words: str) -> None:
        self._error.print(Text(words, style="bold red"))

    @contextmanager
    def starting(self, name: str) -> Iterator[None]:
        """One line once it is there, with the seconds it took."""
        begun = time.monotonic()
        yield
        self._console.print(Text(f"  {name:<38}{time.monotonic() - begun:5.1f} s"))

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A numbered step; its facts follow, then its time."""
        self._steps += 1
        self._console.print(Text(f"  {self._steps:>2}  {title}", style="bold"))
        begun = time.monotonic()
        yield
        self.fact("", f"{time.monotonic() - begun:.1f} s")
