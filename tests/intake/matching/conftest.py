"""A small world of requests, and an index of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Document, Query

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

REQUESTS = {
    1: ("Approval rules per file path", "Legal must approve changes under `legal/` only."),
    2: ("Dark theme for the wiki editor", "The white page hurts at night."),
    3: ("Export merge request analytics as CSV", "Our board reads spreadsheets, not charts."),
    4: ("Button.setVisible ignores hidden parents", "Calling setVisible(true) does nothing."),
    5: ("Sign in with a passkey", "Hardware keys are our company rule."),
    6: ("Rotate deploy tokens on a schedule", "Auditors want tokens changed every 90 days."),
    7: ("Keyboard shortcut for the next comment", "Reviewing long threads by mouse is slow."),
    8: ("ファイルごとの承認ルール", "法務の承認が必要です。"),
}


def make_document(key: int, title: str, body: str = "", *, is_public: bool = True) -> Document:
    return Document(key, title, body, START + timedelta(days=key % 1000), True, is_public)


@pytest.fixture
def documents() -> list[Document]:
    return [make_document(key, *texts) for key, texts in REQUESTS.items()]


@pytest.fixture
def directory(tmp_path: Path, documents: list[Document]) -> Path:
    """An index of the small world with the watermark "start"."""
    with IndexWriter(tmp_path / "index") as writer:
        writer.rebuild(documents, "start")
    return tmp_path / "index"


@pytest.fixture
def finder(directory: Path) -> Finder:
    return Finder(IndexReader(directory))


@pytest.fixture
def find_keys(finder: Finder) -> Callable[..., list[int]]:
    def find(title: str, body: str = "", **options: bool) -> list[int]:
        return [match.key for match in finder.find(Query(title, body), **options)]

    return find
