"""Keep this host's sentence vectors in step with the issues table, newest issues first.

An issue is embedded when its text is new. Whatever else changes about it costs one look: its
vector stays.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from intake.matching.embedding.encoder import Encoder, build_text
from intake.matching.embedding.model import build_model
from intake.matching.embedding.vector_writer import Entry, VectorWriter
from intake.matching.errors import EmbeddingUnavailable
from intake.models import Issue
from intake.pipeline.changes import changed_since, read_watermark

BATCH = 128  # issues between two savings: a second or two of work


def update_vectors(
    directory: Path,
    encoder: Encoder,
    *,
    holder: str,
    is_anew: bool = False,
    is_over: Callable[[], bool] = lambda: False,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> bool:
    """Embed what is missing, or everything anew; True when all is done before `is_over` says so.

    Every batch is saved: an interrupted run goes on where it broke. Raises IndexHeld while
    another process writes these vectors, EmbeddingUnavailable when nobody can.
    """
    with VectorWriter(directory, encoder.model_id, holder=holder) as writer:
        _open_model(encoder)
        if is_anew:
            writer.clear()
        wanted = read_watermark()
        if writer.watermark == wanted:
            return True
        changed = changed_since(writer.watermark)
        known = writer.versions()
        gone = changed.filter(is_gone=True).values_list("pk", flat=True)
        removed = [pk for pk in gone if pk in known]
        if removed or is_anew:
            writer.apply(removed=removed)
        living = changed.filter(is_gone=False).order_by("-created_at", "-pk")
        rows = living.values_list("pk", "changed_at")
        stale = [pk for pk, changed_at in rows if known.get(pk) != _number(changed_at)]
        for start in range(0, len(stale), BATCH):
            if is_over():
                return False
            _embed(stale[start : start + BATCH], writer, encoder)
            tell(min(start + BATCH, len(stale)), len(stale))
        writer.apply(watermark=wanted)
    return True


def _open_model(encoder: Encoder) -> None:
    """Built again where it was lost: only its weights cannot be made."""
    try:
        encoder.open()
    except EmbeddingUnavailable:
        build_model(encoder.directory)
        encoder.open()


def _embed(pks: Sequence[int], writer: VectorWriter, encoder: Encoder) -> None:
    issues = Issue.objects.filter(pk__in=pks, is_gone=False).select_related("project")
    texts = {issue.pk: build_text(issue.title, issue.description) for issue in issues}
    entries = [_describe(issue, texts[issue.pk]) for issue in issues]
    known = writer.digests(pks)
    fresh = [entry for entry in entries if known.get(entry.key) != entry.digest]
    kept = [entry for entry in entries if known.get(entry.key) == entry.digest]
    vectors = encoder.encode([texts[entry.key] for entry in fresh]) if fresh else None
    writer.apply(fresh, vectors, kept=kept)


def _describe(issue: Issue, text: str) -> Entry:
    digest = blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return Entry(
        key=issue.pk,
        version=_number(issue.changed_at),
        digest=int.from_bytes(digest),
        is_public=issue.is_shown_to_customers,
    )


def _number(moment: datetime) -> int:
    """Microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)
