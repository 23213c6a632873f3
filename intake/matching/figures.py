"""Figures of merit over ranks, and how sure the difference of two methods is."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, median, quantiles

DRAWS = 2_000
SEED = 20_231  # the same answers give the same interval
MEASURES = ("R@1", "R@5", "R@10", "R@20", "MRR", "candidates")


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours minus theirs, with the 95 % interval of a paired bootstrap over the queries."""

    value: float
    low: float
    high: float


def measure(ranks: Sequence[int]) -> dict[str, float]:
    """Every measure over ranks counted from 1, where 0 means not found."""
    return {name: fmean(_rate(rank, name) for rank in ranks) for name in MEASURES}


def measure_latency(seconds: Sequence[float]) -> Latency:
    cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else [*seconds]
    return Latency(median=median(seconds), p95=cuts[-1])


def compare(ours: Sequence[int], theirs: Sequence[int]) -> dict[str, Difference]:
    """The paired difference of every measure. Raises ValueError on unequal lengths."""
    return {
        name: _bootstrap(
            [_rate(a, name) - _rate(b, name) for a, b in zip(ours, theirs, strict=True)]
        )
        for name in MEASURES
    }


def _rate(rank: int, name: str) -> float:
    if name == "MRR":
        return 1 / rank if rank else 0.0
    if name == "candidates":
        return float(rank > 0)
    return float(0 < rank <= int(name.removeprefix("R@")))


def _bootstrap(gains: Sequence[float]) -> Difference:
    """Percentile interval, Efron & Tibshirani 1993, chapter 13."""
    source = Random(SEED)  # noqa: S311
    means = sorted(fmean(source.choices(gains, k=len(gains))) for _ in range(DRAWS))
    return Difference(fmean(gains), means[round(DRAWS * 0.025)], means[round(DRAWS * 0.975) - 1])
