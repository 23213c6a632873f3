"""The duplicate finder over this host's index, opened once in each process, when first needed.

None of these opens anything yet: the first search does, after any fork.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from intake.matching.embedding.encoder import Encoder
from intake.matching.embedding.vectors import VectorStore
from intake.matching.finder import Finder
from intake.matching.index import IndexReader


@cache
def get_finder() -> Finder:
    """Its searches raise IndexUnavailable; without model or vectors they go by words alone."""
    return Finder(IndexReader(settings.INDEX_DIR), get_encoder(), get_vectors())


def get_encoder() -> Encoder:
    """One for a process. Raises EmbeddingUnavailable when it is used and the model is not there."""
    return _make_encoder(settings.EMBEDDING_DIR)


@cache
def _make_encoder(directory: Path) -> Encoder:
    return Encoder(directory)


def get_vectors() -> VectorStore:
    """Raises EmbeddingUnavailable when they are used and not there."""
    return VectorStore(settings.INDEX_DIR, Encoder.model_id)
