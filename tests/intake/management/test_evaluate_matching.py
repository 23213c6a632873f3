import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.intake.matching.test_evaluation import ROWS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    names = ("id", "title", "body", "duplicate_of")
    rows = [dict(zip(names, row, strict=True)) for row in ROWS]
    lines = [json.dumps(row | {"kind": "Bug", "created_at": "2026-02-01T08:00"}) for row in rows]
    path = tmp_path / "issues.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_figures_as_json(file: Path) -> None:
    out = StringIO()
    call_command("evaluate_matching", str(file), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert list(report) == ["queries", "BM25F", "lexical-1", "difference"]
    assert report["queries"] == 3
    assert report["lexical-1"]["R@1"] == 1.0
    assert report["difference"]["MRR"] == {"value": 0, "low": 0, "high": 0}


def test_the_table_shows_bm25f_first(file: Path) -> None:
    out = StringIO()
    call_command("evaluate_matching", str(file), "--last", "0.4", stdout=out)
    text = out.getvalue()
    assert text.startswith("2 queries")
    assert 0 < text.index("BM25F") < text.index("lexical-1") < text.index("difference")


@pytest.mark.parametrize("last", ["0", "1.5", "-1"])
def test_a_share_outside_0_to_1_is_refused(file: Path, last: str) -> None:
    with pytest.raises(CommandError, match="share"):
        call_command("evaluate_matching", str(file), "--last", last)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_matching", str(tmp_path / "none.jsonl"))
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(CommandError, match="no duplicates"):
        call_command("evaluate_matching", str(tmp_path / "empty.jsonl"))
