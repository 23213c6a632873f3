"""A ranking before and after something was tuned: what moves, and how far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain.records import Key


@dataclass(frozen=True, slots=True)
class Place:
    """One issue in one ranking. `bucket` is its score label's, None where it would carry none."""

    issue: Key
    rank: int | None = None
    score: Decimal | None = None
    priority: Decimal | None = None
    bucket: int | None = None
    linked_arr: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Move:
    before: Place
    after: Place

    @property
    def issue(self) -> Key:
        return self.after.issue

    @property
    def places(self) -> int | None:
        """Above 0 for up. None where it had no place, or has none any more."""
        if self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank

    @property
    def places_down(self) -> int | None:
        return None if self.places is None else -self.places

    @property
    def is_moved(self) -> bool:
        return self.before.rank != self.after.rank


@dataclass(frozen=True, slots=True)
class Counts:
    """How many issues there are, and how many of them change what."""

    issues: int
    ranks: int
    scores: int
    priorities: int
    buckets: int


def find_moves(before: Iterable[Place], after: Iterable[Place]) -> list[Move]:
    """In the order of `after`; what only `before` knew comes last, without a place."""
    known = {place.issue: place for place in before}
    moves = [Move(known.pop(place.issue, Place(place.issue)), place) for place in after]
    return moves + [Move(gone, Place(gone.issue)) for gone in known.values()]


def count_moves(moves: Sequence[Move]) -> Counts:
    return Counts(
        issues=len(moves),
        ranks=sum(move.is_moved for move in moves),
        scores=sum(move.before.score != move.after.score for move in moves),
        priorities=sum(move.before.priority != move.after.priority for move in moves),
        buckets=sum(move.before.bucket != move.after.bucket for move in moves),
    )


def pick_movers(moves: Sequence[Move], count: int) -> list[Move]:
    """What comes in or falls out first, then the longest ways; of equals the best placed."""
    moved = [move for move in moves if move.is_moved]
    return sorted(moved, key=_order)[:count]


def _order(move: Move) -> tuple[bool, int, int]:
    ranks = [rank for rank in (move.before.rank, move.after.rank) if rank is not None]
    places = move.places
    return places is not None, -abs(places or 0), min(ranks)
