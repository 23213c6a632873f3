import pytest

from intake.matching.evaluation.answers import OURS, Answer, Run
from intake.matching.evaluation.report import describe
from intake.matching.records import Verdict

CERTAIN, LIKELY, NONE = Verdict.CERTAIN, Verdict.LIKELY, Verdict.NONE


def make_answer(
    rank: int, other: int, verdict: Verdict = NONE, *, kind: str = "Bug", name: str = "Q"
) -> Answer:
    return Answer(
        id=name,
        kind=kind,
        ranks={"BM25F": other, OURS: rank},
        seconds={"BM25F": 0.001, OURS: 0.01},
        best="A",
        verdict=verdict,
        score=0.9,
        is_right=rank == 1,
        is_lookalike=kind == "look-alike",
        is_tempted=kind == "look-alike" and rank != 1,
    )


def make_run(*marked: Answer, unmarked: tuple[Answer, ...] = ()) -> Run:
    return Run(("BM25F", OURS), "test-1", "", None, list(marked), list(unmarked))


def test_ours_is_compared_with_the_other() -> None:
    report = describe(make_run(make_answer(1, 2), make_answer(4, 0)))
    assert list(report["methods"]) == ["BM25F", OURS]
    assert report["methods"][OURS]["MRR"] == pytest.approx(0.625)
    assert report["methods"][OURS]["median ms"] == pytest.approx(10)
    assert report["differences"]["BM25F"]["MRR"]["value"] == pytest.approx(0.375)


def test_feature_requests_are_one_slice_of_several_kinds() -> None:
    kinds = ["New Feature", "Story", "improvement", "enhancement", "Story", *["Bug"] * 6, "Epic"]
    report = describe(make_run(*(make_answer(1, 1, kind=kind) for kind in kinds)))
    sizes = {name: part["queries"] for name, part in report["slices"].items()}
    assert sizes == {"feature requests": 5, "Bug": 6}


def test_precision_counts_what_was_given_and_coverage_what_was_asked() -> None:
    answers = [
        make_answer(1, 0, CERTAIN),
        make_answer(2, 0, CERTAIN, name="wrong"),
        make_answer(1, 0, LIKELY),
        make_answer(1, 0),
    ]
    told = describe(make_run(*answers))["verdicts"]
    assert told["certain"] == {"given": 2, "right": 1, "precision": 0.5, "coverage": 0.5}
    assert told["likely or certain"]["coverage"] == 0.75
    assert told["to audit"] == [{"query": "wrong", "match": "A", "score": 0.9}]


def test_verdicts_on_what_has_no_answer_are_counted() -> None:
    none = (make_answer(0, 0, CERTAIN, name="false"), make_answer(0, 0, LIKELY), make_answer(0, 0))
    told = describe(make_run(make_answer(1, 1), unmarked=none))["verdicts"]
    assert told["without an answer"] == {"queries": 3, "certain": 1, "likely": 1}
    assert [row["query"] for row in told["to audit"]] == ["false"]
    assert told["certain"]["precision"] is None


def test_lookalikes_that_came_first_are_counted() -> None:
    answers = [make_answer(1, 1, kind="look-alike"), make_answer(2, 1, kind="look-alike")]
    told = describe(make_run(*answers, make_answer(2, 1)))["verdicts"]
    assert (told["look-alikes"], told["look-alike first"]) == (2, 1)


def test_nothing_but_wishes_without_an_answer_can_be_described() -> None:
    report = describe(make_run(unmarked=(make_answer(0, 0, LIKELY),)))
    assert (report["queries"], report["slices"]) == (0, {})
    assert report["verdicts"]["without an answer"]["likely"] == 1
