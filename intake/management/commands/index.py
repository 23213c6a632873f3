"""Keep this host's search index, and its vectors, in step with the issues table."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from intake.matching.errors import EmbeddingUnavailable, IndexHeld, IndexUnavailable
from intake.models import Issue
from intake.pipeline.embed import update_vectors
from intake.pipeline.index import rebuild_index, update_index
from intake.selectors.finder import get_encoder
from portal.progress_bar import show_bar

PAUSE = 5.0  # seconds between two looks


class Command(BaseCommand):
    help = "Bring the search index up to date, build it anew, or follow the issues table."

    def add_arguments(self, parser: CommandParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--rebuild", action="store_true", help="from nothing, beside the old")
        either.add_argument(
            "--follow",
            action="store_true",
            help="go on until told to end: for a host without a worker",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["follow"]:
            self.follow()
            return
        write = rebuild_index if options["rebuild"] else update_index
        total = Issue.objects.count()
        try:
            with show_bar("Indexing", "issues") as tell:
                write(settings.INDEX_DIR, holder=name_holder(), tell=lambda done: tell(done, total))
        except (IndexHeld, IndexUnavailable) as error:
            raise CommandError(str(error)) from error

    def follow(self) -> None:
        """Until SIGTERM or SIGINT. What goes wrong is said once, and tried again."""
        told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.set())
        said: set[str] = set()
        self.stdout.write(f"Following the issues table into {settings.INDEX_DIR}.")
        while not told.is_set():
            troubles = {trouble for work in (update, embed) if (trouble := try_once(work))}
            for trouble in troubles - said:
                self.stderr.write(trouble)
            said = troubles
            told.wait(PAUSE)


def name_holder() -> str:
    return f"manage.py index on {socket.gethostname()}, pid {os.getpid()}"


def update() -> None:
    update_index(settings.INDEX_DIR, holder=name_holder())


def embed() -> None:
    """For a moment at a time: the index must not wait."""
    ends_at = time.monotonic() + PAUSE
    update_vectors(
        settings.INDEX_DIR,
        get_encoder(),
        holder=name_holder(),
        is_over=lambda: time.monotonic() > ends_at,
    )


def try_once(work: Callable[[], None]) -> str:
    """What went wrong, empty when nothing did."""
    close_old_connections()
    try:
        work()
    except (IndexHeld, IndexUnavailable, EmbeddingUnavailable, DatabaseError) as error:
        return f"{type(error).__name__}: {error}"
    return ""
