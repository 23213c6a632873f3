"""The figures of `evaluate_matching` as tables for the terminal."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from intake.matching.evaluation.answers import OURS
from intake.matching.figures import MEASURES

WIDTH = 150


def draw(report: Mapping[str, Any]) -> str:
    """What `describe` gives, with the measures of the run beside it."""
    console = Console(file=StringIO(), width=WIDTH)
    with console.capture() as drawn:
        console.print(_introduce(report), markup=False, highlight=False)
        if report["queries"]:
            console.print(_tabulate_methods(report))
            console.print(_tabulate_slices(report["slices"]))
        for line in [*_tell_verdicts(report["verdicts"]), *_tell_costs(report)]:
            console.print(line, markup=False, highlight=False)
    return drawn.get()


def _introduce(report: Mapping[str, Any]) -> str:
    weight = report["weight of MiniLM in the sum"]
    parts = [f"{report['queries']} queries, {report['issues']} issues; ours is {report['finder']}"]
    if weight is not None:
        parts.append(f"weighted sum: {weight:.2f} MiniLM, {1 - weight:.2f} BM25F")
    if report["trouble"]:
        parts.append(f"by words alone at times: {report['trouble']}")
    return "; ".join(parts)


def _tabulate_methods(report: Mapping[str, Any]) -> Table:
    table = Table("method", *MEASURES, "median ms", "p95 ms")
    for method, figures in report["methods"].items():
        shares = [f"{figures[name]:.3f}" for name in MEASURES]
        table.add_row(method, *shares, f"{figures['median ms']:.0f}", f"{figures['p95 ms']:.0f}")
    for method, gains in report["differences"].items():
        table.add_section()
        values = [f"{gains[name]['value']:+.3f}" for name in MEASURES]
        table.add_row(f"{OURS} less {method}", *values)
        spans = [f"{gains[name]['low']:+.2f} … {gains[name]['high']:+.2f}" for name in MEASURES]
        table.add_row("95 % interval", *spans)
    return table


def _tabulate_slices(slices: Mapping[str, Any]) -> Table:
    """Ours, and the difference to the strongest of the others."""
    table = Table(f"{OURS}, by kind", "queries", *MEASURES)
    for name, part in slices.items():
        figures = part["methods"][OURS]
        table.add_row(name, str(part["queries"]), *(f"{figures[one]:.3f}" for one in MEASURES))
        for method, gains in list(part["differences"].items())[:1]:
            values = [f"{gains[one]['value']:+.3f}" for one in MEASURES]
            table.add_row(f"  less {method}", "", *values)
    return table


def _tell_verdicts(verdicts: Mapping[str, Any]) -> list[str]:
    lines = []
    for name in ("certain", "likely or certain"):
        told = verdicts[name]
        if told["precision"] is not None:
            lines.append(
                f"{name}: {told['given']} answers ({told['coverage']:.1%} of the queries), "
                f"{told['precision']:.1%} of them right by the file"
            )
        else:
            lines.append(f"{name}: never")
    none = verdicts["without an answer"]
    if none["queries"]:
        lines.append(
            f"{none['queries']} queries without an answer in the file: "
            f"{none['certain']} certain, {none['likely']} likely"
        )
    if verdicts["look-alikes"]:
        lines.append(
            f"look-alikes first: {verdicts['look-alike first']} of {verdicts['look-alikes']}"
        )
    return lines


def _tell_costs(report: Mapping[str, Any]) -> list[str]:
    lines = [f"index of words built in {report['index build s']:.1f} s"]
    if report["embedded texts/s"]:
        lines.append(f"{report['embedded texts/s']:.0f} texts embedded a second")
    if report["memory MB"]:
        lines.append(f"memory of this process {report['memory MB']:.0f} MB")
    return ["; ".join(lines)]
