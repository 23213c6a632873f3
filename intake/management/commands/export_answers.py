"""What people accepted and rejected, as training data for the duplicate finder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.pipeline.export_answers import ISSUES, QUERIES, export_answers
from portal.actions.audit import record_audit
from portal.progress_bar import show_bar


class Command(BaseCommand):
    help = (
        f"Write {ISSUES} and {QUERIES}: the mirrored issues, and the requests that a person "
        "tied to one or found none for. Names, addresses and sums of money are masked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--force", action="store_true", help="replace what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        present = [path for path in (folder / ISSUES, folder / QUERIES) if path.exists()]
        if present and not options["force"]:
            raise CommandError(f"{present[0]} exists already; --force replaces it.")
        try:
            with show_bar("Exporting", "rows") as tell:
                issues, requests = export_answers(folder, tell=tell)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}") from error
        record_audit("answers exported", by=None, requests=requests)
        self.stdout.write(f"{issues:,} issues and {requests:,} answered requests in {folder}.")
