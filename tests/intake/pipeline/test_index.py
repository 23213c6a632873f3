"""The search index follows the issues table: changed, gone, hidden and late rows."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from intake.matching.errors import IndexHeld
from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Query
from intake.models import Issue
from intake.pipeline.changes import OVERLAP
from intake.pipeline.index import rebuild_index, update_index
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeIssue = Callable[..., Issue]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


def follow(directory: Path) -> int:
    return update_index(directory, holder="test")


def find(directory: Path, words: str, *, public_only: bool = False) -> set[int]:
    finder = Finder(IndexReader(directory))
    return {hit.key for hit in finder.find(Query(words, ""), public_only=public_only)}


def test_built_when_missing_then_only_what_changed(directory: Path, make_issue: MakeIssue) -> None:
    first = make_issue("Rotate deploy tokens by schedule")
    make_issue("Dark theme for the wiki", changed_at=NOW - timedelta(days=1))
    assert follow(directory) == 2
    assert follow(directory) == 0
    later = make_issue("Export the audit trail", changed_at=NOW + timedelta(hours=1))
    assert follow(directory) >= 1
    assert find(directory, "audit trail export") == {later.pk}
    assert find(directory, "rotate tokens") == {first.pk}


def test_a_changed_title_is_found_and_the_old_one_is_not(
    directory: Path, make_issue: MakeIssue
) -> None:
    issue = make_issue("Rotate deploy tokens by schedule", description="")
    follow(directory)
    Issue.objects.update(title="Watermark exported diagrams", changed_at=NOW + timedelta(hours=1))
    follow(directory)
    assert find(directory, "watermark diagrams") == {issue.pk}
    assert find(directory, "rotate tokens schedule") == set()


def test_a_row_that_commits_late_with_an_older_time_is_picked_up(
    directory: Path, make_issue: MakeIssue
) -> None:
    make_issue("Dark theme for the wiki")
    follow(directory)
    late = make_issue("Export the audit trail", changed_at=NOW - OVERLAP / 2)
    assert follow(directory) >= 1
    assert find(directory, "audit trail export") == {late.pk}
    assert follow(directory) == 0


def test_a_change_at_the_same_moment_is_picked_up(directory: Path, make_issue: MakeIssue) -> None:
    make_issue("Dark theme for the wiki")
    follow(directory)
    twin = make_issue("Export the audit trail")
    follow(directory)
    assert find(directory, "audit trail export") == {twin.pk}


def test_gone_issues_leave_and_hidden_ones_are_not_public(
    directory: Path, make_issue: MakeIssue
) -> None:
    gone, hidden = make_issue("Export the audit trail"), make_issue("Rotate deploy tokens")
    follow(directory)
    moment = NOW + timedelta(hours=1)
    Issue.objects.filter(pk=gone.pk).update(is_gone=True, changed_at=moment)
    Issue.objects.filter(pk=hidden.pk).update(is_confidential=True, changed_at=moment)
    follow(directory)
    assert find(directory, "audit trail export") == set()
    assert find(directory, "rotate deploy tokens") == {hidden.pk}
    assert find(directory, "rotate deploy tokens", public_only=True) == set()


def test_a_damaged_index_is_built_anew(directory: Path, make_issue: MakeIssue) -> None:
    issue = make_issue("Export the audit trail")
    follow(directory)
    for path in directory.rglob("*"):
        if path.is_file():
            path.write_bytes(b"broken")
    assert follow(directory) == 1
    assert find(directory, "audit trail export") == {issue.pk}


def test_one_writer_a_directory(directory: Path, make_issue: MakeIssue) -> None:
    make_issue()
    with IndexWriter(directory, holder="somebody"), pytest.raises(IndexHeld):
        follow(directory)
    assert rebuild_index(directory, holder="test") == 1


def test_no_issues_at_all(directory: Path) -> None:
    assert follow(directory) == 0
    assert find(directory, "anything") == set()
