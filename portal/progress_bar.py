"""A progress bar for commands that take a while; one line at the end where there is no terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Tell = Callable[[int, int | None], None]


@contextmanager
def show_bar(title: str, unit: str) -> Iterator[Tell]:
    """Yields what is told the count so far, and the total where that is known."""
    console = Console(soft_wrap=True)
    started_at, last = time.monotonic(), 0
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, total: int | None) -> None:
            nonlocal last
            last = done
            progress.update(task, completed=done, total=total)

        yield tell
    seconds = time.monotonic() - started_at
    console.print(f"  {title}: {last:,} {unit} in {seconds:.1f} s", markup=False, highlight=False)
