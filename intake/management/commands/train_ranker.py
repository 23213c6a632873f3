"""`manage.py train_ranker FILE… --out DIRECTORY`: the rankers that the portal ships with.

The files are those of `evaluate_matching`, or what `export_answers` wrote.
"""

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from intake.matching.embedding.encoder import Encoder
from intake.matching.errors import EmbeddingUnavailable
from intake.matching.evaluation.issues import Issue, read_issues
from intake.matching.evaluation.vectors import embed
from intake.matching.meaning import Rows
from intake.matching.ranker import MODELS
from intake.matching.training.examples import Example, Source, collect
from intake.matching.training.export import write_model
from intake.matching.training.train import train
from intake.matching.voices import Voice, read_voices
from portal.progress_bar import Tell, show_bar

SEED = 20_231
VERSIONS = {"semantic": "semantic-2", "lexical": "lexical-3"}

Tracker = tuple[list[Issue], list[Voice]]


class Command(BaseCommand):
    """Writes semantic.json (with sentence vectors) and lexical.json (the fallback)."""

    requires_system_checks: list[str] = []  # needs no database and no gateway
    help = "Train the duplicate finder's rankers on issue files with marked duplicates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="issues in time order, .jsonl[.gz]")
        parser.add_argument(
            "--queries",
            nargs="*",
            type=Path,
            default=[],
            help="submissions with known answers; each file belongs to the issues it names",
        )
        parser.add_argument(
            "--first", type=float, default=0.6, help="share of the duplicates to learn from"
        )
        parser.add_argument(
            "--new",
            type=int,
            default=700,
            help="unmarked issues of each file that stand for new wishes",
        )
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--vectors", type=Path, help="folder to keep sentence vectors in")
        parser.add_argument("--only", choices=[*VERSIONS], help="one of the two rankers")
        parser.add_argument("--out", type=Path, default=MODELS, help="directory of the models")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 0 < options["first"] <= 1:
            raise CommandError("--first is a share between 0 and 1.")
        trackers = _read(options["files"], options["queries"])
        options["out"].mkdir(parents=True, exist_ok=True)
        for name in [options["only"]] if options["only"] else VERSIONS:
            encoder = Encoder(settings.EMBEDDING_DIR) if name == "semantic" else None
            examples = [
                example
                for tracker in trackers
                for example in _collect(*tracker, encoder=encoder, options=options)
            ]
            self._write(name, examples, encoder, options)

    def _write(
        self, name: str, examples: list[Example], encoder: Encoder | None, options: dict[str, Any]
    ) -> None:
        self.stdout.write(f"Learning ({name}) …")
        try:
            model = train(examples, with_meaning=encoder is not None, seed=options["seed"])
        except (ImportError, ValueError) as error:
            raise CommandError(f"Nothing was trained: {error}") from error
        path = options["out"] / f"{name}.json"
        described = _describe(options) | {"encoder": encoder.model_id if encoder else None}
        write_model(path, version=VERSIONS[name], model=model, provenance=described)
        figures = json.dumps(model.figures, indent=1)
        self.stdout.write(f"{path} ({path.stat().st_size:,} bytes), held out: {figures}")


def _read(files: Sequence[Path], queries: Sequence[Path]) -> list[Tracker]:
    """Each file of issues with the submissions whose answers it holds."""
    try:
        trackers: list[Tracker] = [(read_issues(path), []) for path in files]
        for path in queries:
            voices = read_voices(path)
            named = {name for voice in voices for name in voice.answers}
            home = next((t for t in trackers if named <= {issue.id for issue in t[0]}), None)
            if home is None:
                raise CommandError(f"{path} names issues that none of the files has.")
            home[1].extend(voices)
    except (OSError, ValueError) as error:
        raise CommandError(f"A file cannot be read: {error}") from error
    return trackers


def _collect(
    issues: Sequence[Issue],
    voices: Sequence[Voice],
    *,
    encoder: Encoder | None,
    options: dict[str, Any],
) -> list[Example]:
    rows = None
    if encoder is not None:
        rows = _embed(issues, options["vectors"])
    with show_bar("Asking", "issues") as tell:
        return collect(
            Source(issues, voices, rows),
            first=options["first"],
            new=options["new"],
            seed=options["seed"],
            encoder=encoder,
            advance=_count(tell, len(issues)),
        )


def _embed(issues: Sequence[Issue], folder: Path | None) -> Rows:
    many = Encoder(settings.EMBEDDING_DIR, threads=os.cpu_count() or 1)
    try:
        with show_bar("Embedding", "issues") as tell:
            return embed(issues, many, folder=folder, advance=_count(tell, len(issues))).rows
    except EmbeddingUnavailable as error:
        raise CommandError(f"{error} With --only lexical the fallback is trained.") from error


def _count(tell: Tell, total: int) -> Callable[[int], None]:
    """From how many more to how many in all."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        tell(done, total)

    return advance


def _describe(options: dict[str, Any]) -> dict[str, Any]:
    """What to type to get the same file again."""
    files = [*options["files"], *options["queries"]]
    issues = " ".join(path.name for path in options["files"])
    queries = " ".join(path.name for path in options["queries"])
    asked = f" --queries {queries}" if queries else ""
    amounts = f" --first {options['first']} --new {options['new']} --seed {options['seed']}"
    return {
        "command": f"manage.py train_ranker {issues}{asked}{amounts}",
        "seed": options["seed"],
        "sha256": {path.name: sha256(path.read_bytes()).hexdigest() for path in files},
        "lightgbm": version("lightgbm"),
    }
