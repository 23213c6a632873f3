"""Scores for a portable file, for pilots and checks. Touches neither database nor network."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from scoring.domain.weights import Model, Weights
from scoring.portable.errors import UnfitFile
from scoring.portable.reading import read_file
from scoring.portable.writing import write_scores

UNFIT = 2  # exit status


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Score the accounts, opportunities, issues and links of a JSON file; prints JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--model", choices=[str(model) for model in Model], default=Model.CIPF)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            inputs = read_file(content, today=timezone.localdate())
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(f"{options['file']}: {reason}.", returncode=UNFIT) from error
        except UnfitFile as error:
            raise CommandError(str(error), returncode=UNFIT) from error
        scores = write_scores(Model(options["model"]), inputs, Weights())
        self.stdout.write(json.dumps(scores, indent=2))
