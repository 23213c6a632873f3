from pathlib import Path

import pytest

from intake.matching.evaluation import Issue, Run, ask_duplicates, read_issues
from intake.matching.evaluation.answers import OURS
from intake.matching.evaluation.duplicates import make_plan
from tests.intake.matching.evaluation.tracker import ROWS, WordVectors, write_tracker


@pytest.fixture
def issues(tmp_path: Path) -> list[Issue]:
    return read_issues(write_tracker(tmp_path / "issues.jsonl.gz"))


def ask(issues: list[Issue], place: Path, **options: float) -> Run:
    return ask_duplicates(issues, place, advance=lambda _: None, **options)


def test_each_duplicate_is_asked_against_what_was_there_before(
    issues: list[Issue], tmp_path: Path
) -> None:
    done: list[int] = []
    run = ask_duplicates(issues, tmp_path / "index", advance=done.append)
    assert run.methods == ("BM25F", OURS)
    assert [answer.id for answer in run.marked] == ["A-3", "A-5", "A-6"]
    assert [answer.ranks for answer in run.marked] == [{"BM25F": 1, OURS: 1}] * 3
    assert run.marked[0].best == "A-1"
    assert all(answer.is_right for answer in run.marked)
    assert sum(done) == len(ROWS)


def test_with_vectors_all_methods_answer(issues: list[Issue], tmp_path: Path) -> None:
    encoder = WordVectors()
    rows = encoder.encode([issue.document.title for issue in issues])
    run = ask_duplicates(
        issues, tmp_path, encoder=encoder, rows=rows, last=0.6, advance=lambda _: None
    )
    assert run.methods == ("BM25F", "MiniLM", "weighted sum", OURS)
    assert [set(answer.ranks) for answer in run.marked] == [set(run.methods)] * 2
    assert (run.weight, run.trouble) == (0.5, "")


def test_what_came_later_is_never_found(issues: list[Issue], tmp_path: Path) -> None:
    """A-3 stands before A-1 here."""
    run = ask([issues[1], issues[2], issues[0]], tmp_path)
    assert [answer.ranks for answer in run.marked] == [{"BM25F": 0, OURS: 0}]
    assert not run.marked[0].is_right


def test_the_first_issue_of_all_meets_an_empty_index(issues: list[Issue], tmp_path: Path) -> None:
    run = ask([issues[2]], tmp_path)
    assert (run.marked[0].best, run.marked[0].ranks[OURS]) == ("", 0)


@pytest.mark.parametrize(("last", "asked"), [(1.0, 3), (0.4, 2), (0.3, 1)])
def test_the_last_share_is_rounded_up(issues: list[Issue], last: float, asked: int) -> None:
    plan = make_plan(issues, last=last, unmarked=0)
    assert (len(plan.asked), len(plan.earlier)) == (asked, 3 - asked)
    assert max(plan.earlier, default=-1) < min(plan.asked)


def test_unmarked_issues_are_of_the_same_time_and_no_more_than_there_are(
    issues: list[Issue], tmp_path: Path
) -> None:
    assert make_plan(issues, last=0.4, unmarked=9).unmarked == {6}
    assert make_plan(issues, last=1.0, unmarked=1).unmarked == {3}
    run = ask(issues, tmp_path, unmarked=9)
    assert [answer.id for answer in run.unmarked] == ["A-4", "A-7"]
    assert not any(answer.is_right for answer in run.unmarked)
