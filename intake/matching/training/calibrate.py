"""Probabilities from held-out scores: what the trees say of questions they never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from intake.matching.ranker import Calibration, Scores, gather_evidence
from intake.matching.training.boost import boost, score
from intake.matching.training.examples import Example, Kind

FOLDS = (0.4, 0.6, 0.8, 1.0)  # shares of the duplicates: each fold is judged by what came before
DEPTH = 10  # candidates of each list that are calibrated
NEW_SHARE = 0.5  # of all submissions so many are taken to be new wishes
RIDGE = 1.0
STEPS = 50

EVIDENCE = ("score", "lead", "age", "token_sort")
OF_WORDS = (*EVIDENCE, "text_share")
OF_MEANING = (*EVIDENCE, "cosine")


@dataclass(frozen=True, slots=True)
class Held:
    """An example and the scores of trees that did not learn from it."""

    example: Example
    scores: Scores


def hold_out(examples: Sequence[Example], features: Sequence[str], *, seed: int) -> list[Held]:
    """Time-ordered: trees that know the earlier duplicates score the next ones, the new questions
    of that time and, of the voices, every third."""
    moments = [one.moment for one in examples if one.kind is Kind.DUPLICATE] or [0.0]
    edges = [*np.quantile(moments, FOLDS[:-1]), np.inf]
    voices = [one for one in examples if one.kind is Kind.VOICE]
    held: list[Held] = []
    for fold, (start, end) in enumerate(pairwise(edges)):
        judged_voices = voices[fold :: len(FOLDS) - 1]
        known = [one for one in examples if one.kind is not Kind.VOICE and one.moment < start]
        known += [one for number, one in enumerate(voices) if number % (len(FOLDS) - 1) != fold]
        judged = [
            one
            for one in examples
            if one.kind in {Kind.DUPLICATE, Kind.NEW} and start <= one.moment < end
        ]
        boosters = boost(known, features, seed=seed)
        held += [
            Held(one, np.asarray(score(boosters, one.rows, features), np.float64))
            for one in [*judged, *judged_voices]
            if len(one.rows)
        ]
    return held


def calibrate(held: Sequence[Held], inputs: tuple[str, ...]) -> Calibration:
    """Fit by Newton's method with a ridge, so that new wishes weigh NEW_SHARE of all."""
    evidence, right, weights = _stack(held, inputs)
    lows, highs = np.nanpercentile(evidence, [1, 99], axis=0)
    evidence = np.clip(evidence, lows, highs)
    means = np.nanmean(evidence, axis=0)
    deviations = np.nanstd(evidence, axis=0) + 1e-9
    standard = np.nan_to_num((evidence - means) / deviations)
    solution = _regress(np.column_stack([standard, np.ones(len(standard))]), right, weights)
    return Calibration(
        inputs=inputs,
        lows=lows,
        highs=highs,
        means=means,
        deviations=deviations,
        weights=solution[:-1],
        bias=float(solution[-1]),
    )


def weigh_kinds(are_new: Sequence[bool]) -> list[float]:
    """A weight for each question, so that new ones weigh NEW_SHARE of all; 1 on average."""
    fresh = sum(are_new)
    new = NEW_SHARE * len(are_new) / max(fresh, 1)
    old = (1 - NEW_SHARE) * len(are_new) / max(len(are_new) - fresh, 1)
    return [new if is_new else old for is_new in are_new]


def _stack(held: Sequence[Held], inputs: tuple[str, ...]) -> tuple[Scores, Scores, Scores]:
    """Evidence, whether right, and weight of the first candidates of every list."""
    evidence, right, weights = [], [], []
    shares = weigh_kinds([one.example.is_new for one in held])
    for one, share in zip(held, shares, strict=True):
        best = np.argsort(-one.scores, kind="stable")[:DEPTH]
        evidence.append(gather_evidence(inputs, one.example.rows, one.scores)[best])
        right.append(one.example.right[best])
        weights.append(np.full(len(best), share))
    return (
        np.concatenate(evidence),
        np.concatenate(right).astype(np.float64),
        np.concatenate(weights),
    )


def _regress(inputs: Scores, right: Scores, weights: Scores) -> NDArray[np.float64]:
    solution = np.zeros(inputs.shape[1])
    ridge = np.full(len(solution), RIDGE)
    ridge[-1] = 0.0
    for _ in range(STEPS):
        rates = 1 / (1 + np.exp(-np.clip(inputs @ solution, -30, 30)))
        slope = inputs.T @ (weights * (rates - right)) + ridge * solution
        curve = (inputs.T * (weights * rates * (1 - rates))) @ inputs + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        solution = solution - step
        if np.abs(step).max() < 1e-10:
            break
    return solution
