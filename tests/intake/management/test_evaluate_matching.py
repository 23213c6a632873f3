import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.intake.matching.evaluation.tracker import write_tracker


@pytest.fixture(autouse=True)
def _no_model(settings: Settings, tmp_path: Path) -> None:
    settings.EMBEDDING_DIR = tmp_path / "no model"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_tracker(tmp_path / "issues.jsonl.gz")


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    rows = [("s-1", "dark theme wiki", "A-2"), ("s-2", "pay invoices by transfer", None)]
    lines = [
        json.dumps({"id": name, "title": title, "problem": "", "target": target})
        for name, title, target in rows
    ]
    path = tmp_path / "submissions.jsonl"
    path.write_text("\n".join(lines))
    return path


def run(*arguments: object, **options: Any) -> tuple[str, str]:
    out, complaints = StringIO(), StringIO()
    call_command(
        "evaluate_matching", *map(str, arguments), stdout=out, stderr=complaints, **options
    )
    return out.getvalue(), complaints.getvalue()


def test_figures_as_json(file: Path) -> None:
    out, complaints = run(file, "--json")
    report = json.loads(out)
    assert (report["queries"], report["issues"]) == (3, 7)
    assert list(report["methods"]) == ["BM25F", "ours"]
    assert report["methods"]["BM25F"]["R@1"] == 1.0
    assert report["differences"]["BM25F"].keys() >= {"R@1", "R@5", "R@10", "R@20", "MRR"}
    assert report["verdicts"]["without an answer"]["queries"] == 2
    assert report["index build s"] > 0
    assert "words alone" in complaints


def test_the_table_shows_the_yardstick_first(file: Path) -> None:
    text, _ = run(file, "--last", "0.4", "--lexical")
    assert text.startswith("2 queries, 7 issues")
    assert 0 < text.index("BM25F") < text.index("ours less BM25F") < text.index("index of words")


def test_submissions_are_asked_against_the_file(file: Path, submissions: Path) -> None:
    report = json.loads(run(file, "--queries", submissions, "--json")[0])
    assert report["queries"] == 1
    assert report["methods"]["ours"]["R@1"] == 1.0
    assert report["verdicts"]["without an answer"]["queries"] == 1
    assert "own words" not in report["slices"]  # one query is no slice


def test_submissions_as_a_table(file: Path, submissions: Path) -> None:
    assert "1 queries without an answer" in run(file, "--queries", submissions)[0]


@pytest.mark.parametrize("last", ["0", "1.5", "-1"])
def test_a_share_outside_0_to_1_is_refused(file: Path, last: str) -> None:
    with pytest.raises(CommandError, match="share"):
        run(file, "--last", last)


def test_a_file_that_cannot_be_read_is_named(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="cannot be read"):
        run(file, "--queries", tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(CommandError, match="no duplicates"):
        run(tmp_path / "empty.jsonl")
