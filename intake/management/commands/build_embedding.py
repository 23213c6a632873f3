"""Build the model that turns sentences into vectors; done once, when the portal is installed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from intake.matching.embedding.model import build_model, is_built
from intake.matching.errors import EmbeddingUnavailable
from portal.progress_bar import show_bar


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # needs no database and no gateway
    help = "Build the model for sentence vectors from its weights; nothing when it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if is_built(settings.EMBEDDING_DIR):
                self.stdout.write(f"The model for sentence vectors is in {settings.EMBEDDING_DIR}.")
                return
            with show_bar("Building the model for sentence vectors", "steps") as tell:
                build_model(settings.EMBEDDING_DIR, tell=tell)
        except EmbeddingUnavailable as error:
            raise CommandError(f"{error} Until then issues are searched by words alone.") from error
