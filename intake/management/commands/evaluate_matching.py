"""`manage.py evaluate_matching FILE`: our finder against BM25F on a tracker's known duplicates."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from intake.matching.evaluation import Answer, Issue, Run, evaluate, read_issues
from intake.matching.figures import MEASURES, compare, measure, measure_latency
from intake.matching.finder import Finder

TABLE_WIDTH = 140


class Command(BaseCommand):
    """Reads JSON lines (plain or gzipped) of id, created_at, kind, title, body, duplicate_of."""

    requires_system_checks: list[str] = []  # needs no database and no gateway
    help = "Measure the duplicate finder on an issue file, beside BM25F on the same queries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="issues in time order, .jsonl or .jsonl.gz")
        parser.add_argument("--last", type=float, default=1.0, help="share of the queries, 0..1")
        parser.add_argument("--json", action="store_true", help="figures as JSON on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 0 < options["last"] <= 1:
            raise CommandError("--last is a share between 0 and 1.")
        run = _run(_read(options["file"]), options["last"])
        report = _report(run)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.stdout.write(_draw(report))


def _read(path: Path) -> list[Issue]:
    try:
        issues = read_issues(path)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if not any(issue.is_query for issue in issues):
        raise CommandError(f"{path} marks no duplicates, so there is nothing to ask.")
    return issues


def _run(issues: Sequence[Issue], last: float) -> Run:
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with bar, TemporaryDirectory(prefix="matching-") as directory:
        task = bar.add_task("issues", total=len(issues))
        return evaluate(
            issues,
            Path(directory),
            last=last,
            advance=lambda count: bar.advance(task, count),
        )


def _report(run: Run) -> dict[str, Any]:
    ours, theirs = _ranks(run.ours), _ranks(run.reference)
    differences = compare(ours, theirs)
    return {
        "queries": len(ours),
        "BM25F": _describe(run.reference),
        Finder.version: _describe(run.ours),
        "difference": {name: asdict(value) for name, value in differences.items()},
    }


def _describe(answers: Sequence[Answer]) -> dict[str, float]:
    latency = measure_latency([answer.seconds for answer in answers])
    speed = {"median ms": latency.median * 1000, "p95 ms": latency.p95 * 1000}
    return measure(_ranks(answers)) | speed


def _ranks(answers: Sequence[Answer]) -> list[int]:
    return [answer.rank for answer in answers]


def _draw(report: dict[str, Any]) -> str:
    console = Console(file=StringIO(), width=TABLE_WIDTH)
    table = Table("method", *MEASURES, "median ms", "p95 ms")
    for method in ("BM25F", Finder.version):
        figures = report[method]
        shares = [f"{figures[name]:.3f}" for name in MEASURES]
        table.add_row(method, *shares, f"{figures['median ms']:.0f}", f"{figures['p95 ms']:.0f}")
    gains = report["difference"]
    table.add_row("difference", *(f"{gains[name]['value']:+.3f}" for name in MEASURES))
    table.add_row(
        "95 % interval",
        *(f"{gains[name]['low']:+.2f} … {gains[name]['high']:+.2f}" for name in MEASURES),
    )
    with console.capture() as drawn:
        console.print(f"{report['queries']} queries", table)
    return drawn.get()
