"""`manage.py evaluate_matching FILE`: our finder beside BM25F, MiniLM and their weighted sum."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from intake.management.evaluation_tables import draw
from intake.matching.embedding.encoder import Encoder
from intake.matching.errors import EmbeddingUnavailable
from intake.matching.evaluation import Issue, Run, ask_duplicates, ask_submissions, read_issues
from intake.matching.evaluation.growing_index import time_build
from intake.matching.evaluation.memory import measure_memory
from intake.matching.evaluation.report import describe
from intake.matching.evaluation.vectors import Embedded, embed
from intake.matching.voices import read_voices

UNMARKED = 300
T = TypeVar("T")


class Command(BaseCommand):
    """Reads JSON lines (plain or gzipped) of id, created_at, kind, title, body, duplicate_of."""

    requires_system_checks: list[str] = []  # needs no database and no gateway
    help = "Measure the duplicate finder on an issue file, beside the yardsticks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="issues in time order, .jsonl or .jsonl.gz")
        parser.add_argument("--last", type=float, default=1.0, help="share of the queries, 0..1")
        parser.add_argument(
            "--unmarked",
            type=int,
            default=UNMARKED,
            help=f"how many issues without a duplicate to ask as well ({UNMARKED})",
        )
        parser.add_argument("--queries", type=Path, help="portal-style submissions to ask instead")
        parser.add_argument("--lexical", action="store_true", help="as if the weights were missing")
        parser.add_argument("--vectors", type=Path, help="folder to keep the vectors in")
        parser.add_argument("--json", action="store_true", help="figures as JSON on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 0 < options["last"] <= 1:
            raise CommandError("--last is a share between 0 and 1.")
        issues = _read(options["file"], read_issues)
        ask = _choose(issues, options)
        encoder, embedded = self._embed(issues, options)
        with TemporaryDirectory(prefix="matching-") as place:
            built = time_build([issue.document for issue in issues], Path(place) / "built")
            rows = embedded.rows if embedded else None
            run = ask(Path(place) / "asked", encoder=encoder, rows=rows)
        report: dict[str, Any] = {"issues": len(issues)} | describe(run)
        report["index build s"] = built
        report["embedded texts/s"] = embedded.rate if embedded else None
        report["memory MB"] = measure_memory()
        self.stdout.write(json.dumps(report, indent=2) if options["json"] else draw(report))

    def _embed(
        self, issues: Sequence[Issue], options: dict[str, Any]
    ) -> tuple[Encoder | None, Embedded | None]:
        """Nothing where the model is missing; then words alone are measured."""
        if options["lexical"]:
            return None, None
        many = Encoder(settings.EMBEDDING_DIR, threads=os.cpu_count() or 1)
        try:
            with _show("Embedding", "issues", len(issues)) as advance:
                embedded = embed(issues, many, folder=options["vectors"], advance=advance)
        except EmbeddingUnavailable as error:
            self.stderr.write(f"{error} Measured by words alone.")
            return None, None
        return Encoder(settings.EMBEDDING_DIR), embedded


def _read(path: Path, read: Callable[[Path], T]) -> T:
    try:
        return read(path)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def _choose(issues: Sequence[Issue], options: dict[str, Any]) -> Callable[..., Run]:
    """The way to ask, with its bar. Raises CommandError where there is nothing to ask."""
    if options["queries"]:
        voices = _read(options["queries"], read_voices)
        return _accompany("submissions", len(voices), partial(ask_submissions, issues, voices))
    if not any(issue.is_query for issue in issues):
        raise CommandError(f"{options['file']} marks no duplicates, so there is nothing to ask.")
    amounts = {"last": options["last"], "unmarked": options["unmarked"]}
    return _accompany("issues", len(issues), partial(ask_duplicates, issues, **amounts))


def _accompany(unit: str, total: int, ask: Callable[..., Run]) -> Callable[..., Run]:
    def ask_and_show(place: Path, **model: Any) -> Run:
        with _show("Asking", unit, total) as advance:
            return ask(place, advance=advance, **model)

    return ask_and_show


@contextmanager
def _show(title: str, unit: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr: stdout is for the figures."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)
