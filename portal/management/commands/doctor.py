"""Try every connection and say in plain words what works, and what to do about the rest."""

from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import autodiscover_modules
from rich.console import Console
from rich.table import Table
from rich.text import Text

from portal.doctor.registry import Finding, Health, list_subjects, run_tries

STYLES = {Health.FINE: "green", Health.LOOK: "yellow", Health.BROKEN: "bold red"}


class Command(BaseCommand):
    help = "Try every connection; exit status 1 when something does not work."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", metavar="SUBJECT", help="one subject, for a health check")

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("doctor")
        found = list(run_tries(choose_subjects(options["only"])))
        console = Console(file=cast(IO[str], self.stdout), highlight=False)
        if console.is_terminal:
            console.print(make_table(found))
        else:
            for subject, finding in found:
                self.stdout.write(write_line(subject, finding))
        summary = summarise([finding.health for _, finding in found])
        console.print(Text(summary), soft_wrap=True)
        if any(finding.health == Health.BROKEN for _, finding in found):
            raise SystemExit(1)


def choose_subjects(only: str | None) -> list[str]:
    """Raises CommandError for a subject that nobody tries."""
    subjects = list_subjects()
    if only is None:
        return subjects
    if only not in subjects:
        raise CommandError(f"There is no {only!r}; there are: {', '.join(subjects)}.")
    return [only]


def make_table(found: list[tuple[str, Finding]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    last = ""
    for subject, finding in found:
        words = Text(finding.what)
        if finding.advice:
            words.append(f"\n→ {finding.advice}", style="dim")
        table.add_row(
            Text(finding.health, style=STYLES[finding.health]),
            Text(subject if subject != last else "", style="bold"),
            words,
        )
        last = subject
    return table


def write_line(subject: str, finding: Finding) -> str:
    advice = f" -> {finding.advice}" if finding.advice else ""
    return f"{finding.health:<6}  {subject}: {finding.what}{advice}"


def summarise(healths: list[Health]) -> str:
    broken, to_look_at = healths.count(Health.BROKEN), healths.count(Health.LOOK)
    if broken:
        return f"\n{broken} of {len(healths)} do not work."
    if to_look_at:
        return f"\nEverything works; {to_look_at} of {len(healths)} deserve a look."
    return "\nEverything works."
