"""Compute a day's scores again from its snapshot, and compare them to the cent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.models import Snapshot
from scoring.pipeline.snapshot import Difference, replay

SHOWN = 20  # differences


class Command(BaseCommand):
    help = "Compute a day's scores again from its snapshot; exit status 1 when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "day",
            nargs="?",
            type=date.fromisoformat,
            metavar="DAY",
            help="as 2026-03-15; without it the newest",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        snapshot = find_snapshot(options["day"])
        try:
            found = replay(snapshot)
        except ValueError as error:
            raise CommandError(f"{snapshot}: {error}") from error
        if found.is_same:
            self.stdout.write(
                f"{snapshot}: {found.issues:,} issues, every figure is the same to the cent."
            )
            return
        for difference in found.differences[:SHOWN]:
            self.stdout.write(tell(difference))
        if len(found.differences) > SHOWN:
            self.stdout.write(f"… and {len(found.differences) - SHOWN:,} more.")
        raise CommandError(
            f"{snapshot}: the figures differ. It was computed with formulas "
            f"{snapshot.run.model_version}; results {found.expected_hash[:12]}, "
            f"now {found.found_hash[:12]}."
        )


def find_snapshot(day: date | None) -> Snapshot:
    """The newest without a day. Raises CommandError."""
    snapshots = Snapshot.objects.select_related("run")
    if day is not None:
        snapshots = snapshots.filter(day=day)
    snapshot = snapshots.order_by("-day").first()
    if snapshot is None:
        raise CommandError(f"There is no snapshot of {day}." if day else "There is no snapshot.")
    return snapshot


def tell(difference: Difference) -> str:
    kept, found = (
        "no number" if value is None else value for value in (difference.kept, difference.found)
    )
    return f"Issue {difference.issue}, {difference.figure}: {kept} was kept, {found} comes out."
