from pathlib import Path

import numpy as np
import pytest

from intake.matching.evaluation import Issue, read_issues
from intake.matching.evaluation.vectors import embed
from tests.intake.matching.evaluation.tracker import ROWS, WordVectors, write_tracker


@pytest.fixture
def issues(tmp_path: Path) -> list[Issue]:
    return read_issues(write_tracker(tmp_path / "issues.jsonl.gz"))


def test_every_issue_gets_a_row(issues: list[Issue]) -> None:
    done: list[int] = []
    embedded = embed(issues, WordVectors(), folder=None, advance=done.append)
    assert embedded.rows.shape == (len(ROWS), 384)
    assert embedded.rate is not None
    assert sum(done) == len(ROWS)


def test_what_was_kept_is_not_computed_again(issues: list[Issue], tmp_path: Path) -> None:
    folder, again = tmp_path / "vectors", WordVectors()
    first = embed(issues, WordVectors(), folder=folder, advance=lambda _: None)
    second = embed(issues, again, folder=folder, advance=lambda _: None)
    assert (again.encoded, second.rate) == (0, None)
    assert np.array_equal(first.rows, second.rows)


def test_other_texts_and_other_models_are_computed_anew(
    issues: list[Issue], tmp_path: Path
) -> None:
    embed(issues, WordVectors(), folder=tmp_path, advance=lambda _: None)
    fewer, other = WordVectors(), WordVectors()
    other.model_id = "other words"
    embed(issues[1:], fewer, folder=tmp_path, advance=lambda _: None)
    embed(issues, other, folder=tmp_path, advance=lambda _: None)
    assert (fewer.encoded, other.encoded) == (len(ROWS) - 1, len(ROWS))
