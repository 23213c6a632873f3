from datetime import UTC
from pathlib import Path

import pytest

from intake.matching.evaluation import read_issues
from tests.intake.matching.evaluation.tracker import ROWS, write_tracker


def test_an_issue_is_in_the_group_of_its_earliest_duplicate(tmp_path: Path) -> None:
    issues = read_issues(write_tracker(tmp_path / "issues.jsonl.gz"))
    assert [issue.id for issue in issues] == [row[0] for row in ROWS]
    assert [issue.group for issue in issues] == ["A-1", "A-2", "A-1", "A-4", "A-1", "A-4", "A-7"]
    assert [issue.is_query for issue in issues] == [False, False, True, False, True, True, False]
    assert issues[0].document.created_at.tzinfo is UTC


@pytest.mark.parametrize("line", ["{}", "[]", "no json", '{"id": 1, "created_at": "soon"}'])
def test_a_line_that_is_no_issue_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "issues.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(ValueError, match="Line 2"):
        read_issues(path)
