"""A ranker made from a small tracker: the same every time, and able to rank."""

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command

from intake.matching.evaluation import read_issues
from intake.matching.ranker import Ranker
from intake.matching.training import boost
from intake.matching.training.examples import Kind, Source, collect, pick_duplicates

pytest.importorskip("lightgbm")
ISSUES, EVERY = 100, 3  # every third issue repeats the one before it, in part


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, rows = Random(4), []
    words = [
        f"{one}{two}" for one in ("ba", "de", "fi", "go", "lu") for two in ("ran", "mil", "sot")
    ]
    for number in range(ISSUES):
        texts = [" ".join(source.choices(words, k=5)), " ".join(source.choices(words, k=25))]
        original = None
        if number % EVERY == EVERY - 1:
            original = rows[-1]["id"]
            texts = [f"{rows[-1]['title']} {words[0]}", f"{rows[-1]['body']} {texts[1][:30]}"]
        moment = f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}T09:00:00"
        rows.append(
            {"id": f"A-{number}", "created_at": moment, "kind": "Story"}
            | {"title": texts[0], "body": texts[1], "duplicate_of": original}
        )
    path = tmp_path_factory.mktemp("tracker") / "issues.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture(autouse=True)
def _be_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boost, "ROUNDS", 10)
    monkeypatch.setattr(boost, "BAGS", 1)


def train(tracker: Path, out: Path, *options: str) -> bytes:
    amounts = ["--only", "lexical", "--new", "20", "--out", str(out), *options]
    call_command("train_ranker", str(tracker), *amounts, verbosity=0)
    return (out / "lexical.json").read_bytes()


def test_the_same_command_writes_the_same_model(tracker: Path, tmp_path: Path) -> None:
    first = train(tracker, tmp_path / "one")
    assert train(tracker, tmp_path / "two") == first
    assert train(tracker, tmp_path / "three", "--seed", "5") != first
    assert Ranker.load(tmp_path / "one" / "lexical.json").version == "lexical-3"
    told = json.loads(first)["provenance"]
    assert told["command"].startswith("manage.py train_ranker issues.jsonl --first 0.6")
    assert told["sha256"].keys() == {"issues.jsonl"}
    assert told["held out"]["duplicate"]["MRR"] > 0.8
    assert str(tracker.parent) not in first.decode()


def test_later_duplicates_are_kept_for_judging(tracker: Path) -> None:
    issues = read_issues(tracker)
    asked = pick_duplicates(issues, 0.6)
    marked = [place for place, issue in enumerate(issues) if issue.is_query]
    assert asked == marked[: len(asked)]
    assert 0.55 <= len(asked) / len(marked) <= 0.61
    examples = collect(
        Source(issues, [], None),
        first=0.6,
        new=15,
        seed=1,
        encoder=None,
        advance=lambda count: None,
    )
    moments = [example.moment for example in examples]
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert max(moments) <= asked[-1] / len(issues)
    assert sum(example.kind is Kind.NEW for example in examples) == 15
    assert not any(example.right.any() for example in examples if example.is_new)


def test_submissions_join_the_tracker_that_has_their_answers(tracker: Path, tmp_path: Path) -> None:
    known = {"id": "v1", "title": "x", "problem": "y", "target": "A-3", "also_ok": []}
    (tmp_path / "known.jsonl").write_text(json.dumps(known))
    (tmp_path / "unknown.jsonl").write_text(json.dumps(known | {"target": "Z-9"}))
    train(tracker, tmp_path / "out", "--queries", str(tmp_path / "known.jsonl"))
    with pytest.raises(CommandError, match=r"unknown\.jsonl names issues that none"):
        train(tracker, tmp_path / "out", "--queries", str(tmp_path / "unknown.jsonl"))


def test_a_tracker_without_answers_teaches_nothing(tracker: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) | {"duplicate_of": None} for line in tracker.read_text().splitlines()]
    (tmp_path / "plain.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(CommandError, match="nothing to learn"):
        train(tmp_path / "plain.jsonl", tmp_path / "out")
