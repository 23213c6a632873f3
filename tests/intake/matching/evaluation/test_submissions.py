from pathlib import Path

import pytest

from intake.matching.evaluation import Issue, Run, ask_submissions, read_issues
from intake.matching.evaluation.answers import OURS
from intake.matching.voices import Voice
from tests.intake.matching.evaluation.tracker import WordVectors, write_tracker


@pytest.fixture
def issues(tmp_path: Path) -> list[Issue]:
    return read_issues(write_tracker(tmp_path / "issues.jsonl.gz"))


def make_voice(
    title: str,
    target: str | None,
    *,
    also_ok: tuple[str, ...] = (),
    lookalike_of: str | None = None,
) -> Voice:
    return Voice(title, title, "", "", target, also_ok, lookalike_of)


def ask(issues: list[Issue], place: Path, *voices: Voice) -> Run:
    return ask_submissions(issues, voices, place, advance=lambda _: None)


def test_a_submission_meets_every_issue_and_any_of_its_answers_is_right(
    issues: list[Issue], tmp_path: Path
) -> None:
    late = make_voice("weekly digest mail", "A-7")
    either = make_voice("dark theme wiki", "A-4", also_ok=("A-2",))
    member = make_voice("approval per file path", "A-5")
    run = ask(issues, tmp_path, late, either, member)
    assert [answer.ranks[OURS] for answer in run.marked] == [1, 1, 1]
    assert [answer.kind for answer in run.marked] == ["own words"] * 3


def test_a_wish_that_nothing_covers_is_only_judged(issues: list[Issue], tmp_path: Path) -> None:
    run = ask(issues, tmp_path, make_voice("dark theme wiki", None))
    assert run.marked == []
    assert [(answer.kind, answer.is_right) for answer in run.unmarked] == [("no issue fits", False)]


def test_a_lookalike_that_comes_first_is_seen(issues: list[Issue], tmp_path: Path) -> None:
    tempted = make_voice("dark theme for the wiki editor", "A-4", lookalike_of="A-2")
    resisted = make_voice("sign in with a passkey", "A-4", lookalike_of="A-2")
    run = ask(issues, tmp_path, tempted, resisted)
    assert [answer.is_tempted for answer in run.marked] == [True, False]
    assert {answer.kind for answer in run.marked} == {"look-alike"}


def test_an_issue_that_is_not_in_the_file_is_named(issues: list[Issue], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="B-1"):
        ask(issues, tmp_path, make_voice("anything", "B-1"))


def test_meaning_answers_where_no_word_is_shared(issues: list[Issue], tmp_path: Path) -> None:
    encoder = WordVectors(night="dark", look="theme")
    rows = encoder.encode([issue.document.title for issue in issues])
    voices = [make_voice("night look", "A-2")]
    run = ask_submissions(
        issues, voices, tmp_path, encoder=encoder, rows=rows, advance=lambda _: None
    )
    assert (run.marked[0].ranks["BM25F"], run.marked[0].ranks["MiniLM"]) == (0, 1)
