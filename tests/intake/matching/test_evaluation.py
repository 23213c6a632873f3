import gzip
import json
from pathlib import Path

import pytest

from intake.matching.evaluation import evaluate, read_issues

ROWS = [
    ("A-1", "Approval rules per file path", "Legal signs off files under legal.", None),
    ("A-2", "Dark theme for the wiki editor", "The white page hurts.", None),
    ("A-3", "Approvals by path of the file", "Files of legal need legal.", "A-1"),
    ("A-4", "Sign in with a passkey", "Hardware keys only.", None),
    ("A-5", "File approval per path", "We need legal to sign off.", "A-1"),
    ("A-6", "Passkey to sign in", "Hardware keys.", "A-4"),
    ("A-7", "Weekly digest by mail", "Later than every query.", None),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "issues.jsonl.gz"
    with gzip.open(path, "wt") as out:
        for day, (name, title, body, original) in enumerate(ROWS, start=1):
            row = {"id": name, "created_at": f"2026-01-{day:02}T10:00:00", "kind": "Story"}
            out.write(json.dumps(row | {"title": title, "body": body, "duplicate_of": original}))
            out.write("\n")
    return path


def test_each_duplicate_is_asked_against_what_was_there_before(file: Path, tmp_path: Path) -> None:
    done: list[int] = []
    run = evaluate(read_issues(file), tmp_path / "index", advance=done.append)
    assert [answer.rank for answer in run.ours] == [1, 1, 1]
    assert [answer.rank for answer in run.reference] == [1, 1, 1]
    assert sum(done) == len(ROWS)


def test_members_of_a_group_count_as_one_entry(tmp_path: Path, file: Path) -> None:
    """A-3 and A-1 both precede A-5; were they two entries, a third group would slip down."""
    issues = read_issues(file)
    groups = [issue.group for issue in issues]
    assert groups == ["A-1", "A-2", "A-1", "A-4", "A-1", "A-4", "A-7"]


def test_what_is_not_among_the_candidates_has_rank_0(tmp_path: Path, file: Path) -> None:
    issues = read_issues(file)
    run = evaluate([issues[1], issues[2]], tmp_path / "index", advance=lambda _: None)
    assert [answer.rank for answer in run.ours] == [0]


@pytest.mark.parametrize(("last", "asked"), [(1.0, 3), (0.4, 2), (0.3, 1)])
def test_the_last_share_is_rounded_up(file: Path, tmp_path: Path, last: float, asked: int) -> None:
    run = evaluate(read_issues(file), tmp_path / "index", last=last, advance=lambda _: None)
    assert len(run.ours) == len(run.reference) == asked


@pytest.mark.parametrize("line", ["{}", "[]", "no json", '{"id": 1, "created_at": "soon"}'])
def test_a_line_that_is_no_issue_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "issues.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(ValueError, match="Line 2"):
        read_issues(path)
