"""Give issues their sentence vectors now, with a progress bar, instead of waiting for a worker."""

import os
import socket
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.matching.embedding.encoder import Encoder
from intake.matching.errors import EmbeddingUnavailable, IndexHeld
from intake.pipeline.embed import update_vectors
from portal.progress_bar import show_bar


class Command(BaseCommand):
    help = "Make the sentence vectors that are missing; a run that was interrupted goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="all of them, from nothing")
        parser.add_argument("--seconds", type=float, help="end after so long, done or not")

    def handle(self, *args: Any, **options: Any) -> None:
        ends_at = monotonic() + (options["seconds"] or float("inf"))
        holder = f"manage.py embed on {socket.gethostname()}, pid {os.getpid()}"
        try:
            with show_bar("Embedding", "issues") as tell:
                update_vectors(
                    settings.INDEX_DIR,
                    Encoder(settings.EMBEDDING_DIR, threads=os.cpu_count() or 1),
                    holder=holder,
                    is_anew=options["rebuild"],
                    is_over=lambda: monotonic() > ends_at,
                    tell=tell,
                )
        except (IndexHeld, EmbeddingUnavailable) as error:
            raise CommandError(str(error)) from error
