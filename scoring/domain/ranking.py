"""Ranks 1 to n without ties, whatever the model."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

from scoring.domain.demand import IssueDemand
from scoring.domain.records import order_key
from scoring.domain.warning import ScoreWarning


class Score(Protocol):
    """What every model's score tells, besides figures of its own."""

    @property
    def demand(self) -> IssueDemand: ...

    @property
    def warnings(self) -> tuple[ScoreWarning, ...]: ...

    @property
    def merits(self) -> tuple[Fraction, ...] | None:
        """What decides, the weightiest first, more is better. None: there is no score."""


S = TypeVar("S", bound=Score)


def rank(scores: Iterable[S]) -> list[tuple[int | None, S]]:
    """In rank order. Equal merits: the oldest first, then by id. Without a score: last, by id."""
    scored: list[tuple[tuple[object, ...], S]] = []
    unscored: list[S] = []
    for score in scores:
        if score.merits is None:
            unscored.append(score)
        else:
            scored.append((_order(score, score.merits), score))
    scored.sort(key=lambda pair: pair[0])
    unscored.sort(key=lambda score: order_key(score.demand.issue.id))
    ranked: list[tuple[int | None, S]] = [
        (place, score) for place, (_, score) in enumerate(scored, start=1)
    ]
    return ranked + [(None, score) for score in unscored]


def _order(score: Score, merits: tuple[Fraction, ...]) -> tuple[object, ...]:
    issue = score.demand.issue
    created_on = issue.created_on or date.max
    return tuple(-merit for merit in merits), created_on, order_key(issue.id)
