"""One model: features chosen, trees grown, probabilities calibrated, thresholds set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intake.matching.features import LEXICAL, NAMES
from intake.matching.figures import measure
from intake.matching.ranker import Calibration
from intake.matching.siblings import RIVALS, may_be_certain
from intake.matching.training.boost import boost, export_trees
from intake.matching.training.calibrate import (
    OF_MEANING,
    OF_WORDS,
    Held,
    calibrate,
    hold_out,
    weigh_kinds,
)
from intake.matching.training.examples import Example, Kind
from intake.matching.trees import Tree

LIKELY_FROM = 0.25  # a person looks: one in four is worth it
SURE = 0.97  # of the best candidates above the bar so many must be right, where there is an answer
LEAST_SURE = 20  # and so many must be above it


@dataclass(frozen=True, slots=True)
class Model:
    """What goes into a model file. `figures` are of held-out questions, by kind."""

    features: tuple[str, ...]
    trees: Sequence[Tree]
    calibration: Calibration
    likely_from: float
    certain_from: float
    certain_share: float
    figures: dict[str, Any]


def train(examples: Sequence[Example], *, with_meaning: bool, seed: int) -> Model:
    """Raises ValueError when there is nothing to learn from."""
    features = NAMES if with_meaning else LEXICAL
    inputs = OF_MEANING if with_meaning else OF_WORDS
    held = hold_out(examples, features, seed=seed)
    calibration = calibrate(held, inputs)
    tops = [_look_at_best(one, calibration) for one in held]
    certain_from = find_bar(tops)
    return Model(
        features=features,
        trees=export_trees(boost(examples, features, seed=seed)),
        calibration=calibration,
        likely_from=LIKELY_FROM,
        certain_from=certain_from,
        certain_share=find_share(tops, certain_from),
        figures=_sum_up(tops, certain_from),
    )


@dataclass(frozen=True, slots=True)
class Top:
    """The best candidate of a held-out question."""

    kind: Kind
    is_new: bool
    probability: float
    is_right: bool
    is_safe: bool  # nothing but the number could speak against it
    text_share: float
    rank: int  # of the first right candidate, 0 if none


def find_bar(tops: Sequence[Top]) -> float:
    """The lowest probability from which on SURE of the best candidates are right; above 1 if
    there is none. What has a sibling, or names no wish, is never certain and does not count.

    Issues that nobody marked are left out: what comes so close to them is mostly the same
    request, filed twice and never marked. Voices without an answer count, and bar the way.
    """
    known = [top for top in tops if top.is_safe and top.kind is not Kind.NEW]
    ranked = sorted(known, key=lambda top: -top.probability)
    bar, right = 1.01, 0
    for count, top in enumerate(ranked, start=1):
        if top.is_new:
            break
        right += top.is_right
        if count >= LEAST_SURE and right >= SURE * count:
            bar = top.probability
    return bar


def find_share(tops: Sequence[Top], bar: float) -> float:
    """The least of its text that a question shares with a right candidate above the bar."""
    shares = [
        top.text_share for top in tops if top.is_safe and top.is_right and top.probability >= bar
    ]
    return min(shares, default=1.0)


def _look_at_best(held: Held, calibration: Calibration) -> Top:
    example = held.example
    best = np.argsort(-held.scores, kind="stable")
    places = np.flatnonzero(example.right[best])
    return Top(
        kind=example.kind,
        is_new=example.is_new,
        probability=float(calibration.rate(example.rows, held.scores)[best[0]]),
        is_right=bool(example.right[best[0]]),
        is_safe=_is_safe(example, best[: RIVALS + 1]),
        text_share=float(example.rows[best[0], NAMES.index("text_share")]),
        rank=int(places[0]) + 1 if len(places) else 0,
    )


def _is_safe(example: Example, best: NDArray[np.intp]) -> bool:
    shown = [example.candidates[place] for place in best]
    return may_be_certain(example.query, [(one.title, one.body) for one in shown])


def _sum_up(tops: Sequence[Top], certain_from: float) -> dict[str, Any]:
    """Ranks are of issues, not of groups, so they look a little worse than in an evaluation."""
    figures: dict[str, Any] = {}
    for kind in (Kind.DUPLICATE, Kind.VOICE):
        ranks = [top.rank for top in tops if top.kind is kind and not top.is_new]
        if ranks:
            figures[kind] = {name: round(value, 3) for name, value in measure(ranks).items()}
    figures["reliability"] = _compare_with_truth(tops)
    sure = [top for top in tops if top.is_safe and top.probability >= certain_from]
    figures["certain"] = {
        "right": sum(top.is_right for top in sure),
        "wrong": sum(not top.is_right and not top.is_new for top in sure),
        "of": sum(not top.is_new for top in tops),
        "unmarked": sum(top.kind is Kind.NEW for top in sure),
        "of unmarked": sum(top.kind is Kind.NEW for top in tops),
    }
    return figures


def _compare_with_truth(tops: Sequence[Top]) -> list[dict[str, float]]:
    """In each tenth of probability: the mean promised, the share that was right, how many."""
    weights = np.array(weigh_kinds([top.is_new for top in tops]))
    promised = np.array([top.probability for top in tops])
    right = np.array([top.is_right for top in tops], np.float64)
    bins = np.minimum((promised * 10).astype(int), 9)
    return [
        {
            "promised": round(float(np.average(promised[here], weights=weights[here])), 3),
            "right": round(float(np.average(right[here], weights=weights[here])), 3),
            "questions": int(here.sum()),
        }
        for number in range(10)
        if (here := bins == number).any()
    ]
