"""What a run keeps of every query, and how a ranked list becomes a rank."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from intake.matching.records import Query, Verdict

OURS = "ours"
DEPTH = 250  # how far down a list the right group may stand and still count as a candidate


@dataclass(frozen=True, slots=True)
class Case:
    """A query and the groups that are right, none if it has no answer; `tempting` is the group
    of the look-alike it was written for."""

    id: str
    kind: str
    query: Query
    right: frozenset[str]
    tempting: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`ranks` and `seconds` are by method. A rank counts groups from 1; 0 is not found."""

    id: str  # of the case, as its kind
    kind: str
    ranks: dict[str, int]
    seconds: dict[str, float]
    best: str  # id of our first match, empty if there was none
    verdict: Verdict  # on it
    score: float  # of it
    is_right: bool  # whether it is in the right group
    is_lookalike: bool  # whether the query was written for a look-alike
    is_tempted: bool  # and our first match is that one


@dataclass(slots=True)
class Run:
    """`marked` have a right answer, `unmarked` have none: there nothing should be certain.

    `methods` come in the order of the table, ours last; `version` says which of ours it was and
    `trouble` what kept it from going by meaning; `weight` is that of MiniLM in the weighted sum.
    """

    methods: tuple[str, ...]
    version: str = ""
    trouble: str = ""
    weight: float | None = None
    marked: list[Answer] = field(default_factory=list)
    unmarked: list[Answer] = field(default_factory=list)


def find_rank(keys: Iterable[int], groups: Mapping[int, str], right: frozenset[str]) -> int:
    """The list collapsed to one entry for each group: the rank of the first right one, or 0."""
    ranked = dict.fromkeys(groups[key] for key in keys)
    return next((rank for rank, group in enumerate(ranked, start=1) if group in right), 0)
