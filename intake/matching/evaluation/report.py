"""The figures of a run, as plain values in the order they are read."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from intake.matching.evaluation.answers import Answer, Run
from intake.matching.figures import compare, measure, measure_latency
from intake.matching.records import Verdict

FEATURE_REQUESTS = "feature requests"
FEATURE_KINDS = frozenset({"new feature", "story", "improvement", "enhancement"})
LEAST = 5  # queries of a slice

Figures = dict[str, Any]


def describe(run: Run) -> Figures:
    """`methods` first, then ours less each of the others, then slices and verdicts."""
    return {
        "queries": len(run.marked),
        "finder": run.version,
        "trouble": run.trouble,
        "weight of MiniLM in the sum": run.weight,
        "methods": _measure_methods(run, run.marked),
        "differences": _compare(run, run.marked),
        "slices": {name: _slice(run, rows) for name, rows in _slice_up(run.marked).items()},
        "verdicts": _describe_verdicts(run),
    }


def _measure_methods(run: Run, answers: Sequence[Answer]) -> Figures:
    return {method: _measure(answers, method) for method in run.methods if answers}


def _measure(answers: Sequence[Answer], method: str) -> dict[str, float]:
    latency = measure_latency([answer.seconds[method] for answer in answers])
    speed = {"median ms": latency.median * 1000, "p95 ms": latency.p95 * 1000}
    return measure(_rank(answers, method)) | speed


def _rank(answers: Sequence[Answer], method: str) -> list[int]:
    return [answer.ranks[method] for answer in answers]


def _compare(run: Run, answers: Sequence[Answer]) -> Figures:
    """Ours less each other method, the strongest of them first."""
    *others, ours = run.methods
    return {
        method: {
            name: asdict(difference)
            for name, difference in compare(_rank(answers, ours), _rank(answers, method)).items()
        }
        for method in reversed(others)
        if answers
    }


def _slice(run: Run, answers: Sequence[Answer]) -> Figures:
    return {
        "queries": len(answers),
        "methods": _measure_methods(run, answers),
        "differences": _compare(run, answers),
    }


def _slice_up(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """By kind, the largest first; above them all kinds that ask for something new."""
    kinds: dict[str, list[Answer]] = {}
    for answer in answers:
        kinds.setdefault(answer.kind, []).append(answer)
    ordered = dict(sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])))
    wishes = [answer for answer in answers if answer.kind.lower() in FEATURE_KINDS]
    slices = ({FEATURE_REQUESTS: wishes} if wishes else {}) | ordered
    return {name: rows for name, rows in slices.items() if len(rows) >= LEAST}


def _describe_verdicts(run: Run) -> Figures:
    everything = [*run.marked, *run.unmarked]
    return {
        "certain": _judge(run.marked, lambda answer: answer.verdict is Verdict.CERTAIN),
        "likely or certain": _judge(run.marked, lambda answer: answer.verdict is not Verdict.NONE),
        "without an answer": _count_verdicts(run.unmarked),
        "look-alikes": sum(answer.is_lookalike for answer in everything),
        "look-alike first": sum(answer.is_tempted for answer in everything),
        "to audit": [
            {"query": answer.id, "match": answer.best, "score": round(answer.score, 4)}
            for answer in everything
            if answer.verdict is Verdict.CERTAIN and not answer.is_right
        ],
    }


def _judge(answers: Sequence[Answer], is_given: Callable[[Answer], bool]) -> Figures:
    """Precision is None when the verdict was never given."""
    given = [answer for answer in answers if is_given(answer)]
    right = sum(answer.is_right for answer in given)
    return {
        "given": len(given),
        "right": right,
        "precision": right / len(given) if given else None,
        "coverage": len(given) / len(answers) if answers else None,
    }


def _count_verdicts(answers: Sequence[Answer]) -> Figures:
    """Of queries that have no answer: how many were given one all the same."""
    verdicts = [answer.verdict for answer in answers]
    return {
        "queries": len(answers),
        "certain": verdicts.count(Verdict.CERTAIN),
        "likely": verdicts.count(Verdict.LIKELY),
    }
