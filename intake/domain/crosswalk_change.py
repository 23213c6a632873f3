"""Comparing two versions of the crosswalk, urgency by urgency."""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.domain.demand import Crosswalk
from intake.domain.vocabulary import CrosswalkRow, Urgency


@dataclass(frozen=True, slots=True)
class CrosswalkLine:
    """`requests`: how many open requests were answered with this urgency."""

    label: str
    before: CrosswalkRow
    after: CrosswalkRow
    requests: int

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def compare_crosswalks(
    before: Crosswalk, after: Crosswalk, asked: Mapping[str, int]
) -> list[CrosswalkLine]:
    """One line for each urgency of the form. Raises KeyError where a version lacks one."""
    return [
        CrosswalkLine(
            Urgency(urgency).label, before[urgency], after[urgency], asked.get(urgency, 0)
        )
        for urgency in Urgency.values
    ]
