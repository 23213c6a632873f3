"""Keep this host's search index in step with the issues table."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db.models import QuerySet

from intake.matching.errors import IndexUnavailable
from intake.matching.index import IndexWriter
from intake.matching.records import Document
from intake.models import Issue
from intake.pipeline.changes import changed_since, read_watermark


def update_index(
    directory: Path, *, holder: str, tell: Callable[[int], None] = lambda done: None
) -> int:
    """Bring the index up to date, or build it anew when it is missing or damaged.

    Returns the number of documents written. Raises IndexHeld while another process writes this
    directory, IndexUnavailable when it cannot be written at all.
    """
    with IndexWriter(directory, holder=holder) as writer:
        try:
            mark = writer.watermark()
        except IndexUnavailable:
            return writer.rebuild(_count(_documents(_living()), tell), read_watermark())
        wanted = read_watermark()
        if mark == wanted:
            return 0
        changed = changed_since(mark).order_by("pk")
        documents = list(_documents(changed.filter(is_gone=False)))
        removed = list(changed.filter(is_gone=True).values_list("pk", flat=True))
        writer.apply(documents, removed, wanted)
        return len(documents)


def rebuild_index(
    directory: Path, *, holder: str, tell: Callable[[int], None] = lambda done: None
) -> int:
    """Build the index anew beside the old one; readers change over by themselves.

    Returns the number of documents. Raises IndexHeld, IndexUnavailable.
    """
    with IndexWriter(directory, holder=holder) as writer:
        return writer.rebuild(_count(_documents(_living()), tell), read_watermark())


def is_index_behind(mark: str) -> bool:
    """Whether an index with this watermark lacks a change."""
    return mark != read_watermark()


def _living() -> QuerySet[Issue]:
    return Issue.objects.filter(is_gone=False).select_related("project").order_by("pk")


def _documents(issues: QuerySet[Issue]) -> Iterator[Document]:
    for issue in issues.iterator(chunk_size=1000):
        yield Document(
            key=issue.pk,
            title=issue.title,
            body=issue.description,
            created_at=issue.created_at,
            is_open=not issue.is_closed,
            is_public=issue.is_shown_to_customers,
        )


def _count(documents: Iterable[Document], tell: Callable[[int], None]) -> Iterator[Document]:
    for done, document in enumerate(documents, start=1):
        yield document
        tell(done)
