"""What the duplicate finder takes and gives: frozen records of plain text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What may be done with a match: join at once, ask a person, or only keep it."""

    CERTAIN = "certain"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Document:
    """An issue as the index knows it. `is_public`: may be shown to customers."""

    key: int
    title: str
    body: str
    created_at: datetime
    is_open: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A submission in the customer's words. `urls` are for the caller; the finder reads none."""

    title: str
    body: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """`score` lies in 0..1, where 1 is an issue that says what the query says.

    `reasons` quote only words of the query, so they may be shown to whoever wrote it.
    """

    key: int
    score: float
    verdict: Verdict
    reasons: tuple[str, ...]
