"""How the machine fares: doors, periodic jobs, what waits, the search index and its vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet

from intake.matching.embedding.model import check_model
from intake.matching.errors import EmbeddingUnavailable, IndexUnavailable
from intake.matching.index import IndexReader
from intake.models import (
    CrosswalkVersion,
    CustomerLink,
    Delivery,
    Issue,
    NoteState,
    Project,
    Submission,
    WebhookEvent,
)
from intake.selectors.finder import get_vectors
from portal.models import Door, Job

SERVICES = {"gitlab": "GitLab", "salesforce": "Salesforce"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """`oldest_at`: since when the oldest is due."""

    label: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class IndexState:
    """Of the words or of the vectors. `trouble` says why it cannot be read; empty when it can."""

    documents: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Operations:
    doors: Sequence[tuple[str, Door]]
    jobs: Sequence[Job]
    waiting: Sequence[Waiting]
    projects: Sequence[Project]
    issues: int
    refused_notes: int
    index: IndexState
    vectors: IndexState


def read_operations(*, now: datetime) -> Operations:
    known = {door.service: door for door in Door.objects.all()}
    doors = [
        (name, known.get(service) or Door(service=service, changed_at=now))
        for service, name in SERVICES.items()
    ]
    return Operations(
        doors=doors,
        jobs=list(Job.objects.order_by("name")),
        waiting=_count_waiting(now=now),
        projects=list(Project.objects.order_by("path")),
        issues=Issue.objects.filter(is_gone=False).count(),
        refused_notes=CustomerLink.objects.filter(note_state=NoteState.REFUSED).count(),
        index=_read_index(),
        vectors=_read_vectors(),
    )


def _count_waiting(*, now: datetime) -> list[Waiting]:
    unhandled = WebhookEvent.objects.filter(handled_at=None)
    return [
        _count("Requests to be worked on", Submission.objects.due(now), "due_at"),
        _count("Notes to be written", CustomerLink.objects.due(now), "due_at"),
        _count("Issues whose comments are to be read", _unread(), "notes_due_at"),
        _count_uncounted(),
        _count("Mail to be sent", Delivery.objects.due(now), "due_at"),
        _count("Webhooks to be handled", unhandled, "received_at"),
    ]


def _unread() -> QuerySet[Issue]:
    return Issue.objects.filter(notes_due_at__isnull=False, is_gone=False, project__is_lost=False)


def _count_uncounted() -> Waiting:
    """After a new version of the crosswalk all of them; nothing says since when."""
    newest = CrosswalkVersion.objects.order_by("-number").values("number")[:1]
    links = CustomerLink.objects.filter(counted_with__lt=newest)
    return Waiting("Customer links to be counted again", links.count(), None)


def _count(label: str, rows: QuerySet[Any], since: str) -> Waiting:
    found = rows.aggregate(how_many=Count("pk"), oldest=Min(since))
    return Waiting(label, found["how_many"], found["oldest"])


def _read_index() -> IndexState:
    try:
        return IndexState(IndexReader(settings.INDEX_DIR).count(), "")
    except IndexUnavailable as error:
        return IndexState(0, str(error))


def _read_vectors() -> IndexState:
    try:
        check_model(settings.EMBEDDING_DIR)
        return IndexState(get_vectors().count(), "")
    except EmbeddingUnavailable as error:
        return IndexState(0, str(error))
