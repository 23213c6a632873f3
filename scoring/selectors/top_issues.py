"""The Top 10 of the gap ranking, and who is next in line. Places are kept by the score's run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.domain.gap_ranking import TOP
from scoring.models import IssueScore

COLUMNS = (
    "gap_place",
    "pk",
    "issue__project__path",
    "issue__iid",
    "issue__title",
    "issue__web_url",
    "issue__milestone",
    "issue__milestone_due_on",
    "impacted_arr",
    "accounts",
    "strategic_accounts",
    "p0_accounts",
    "lost_arr",
    "gap",
)


@dataclass(frozen=True, slots=True)
class TopIssue:
    """`gap` is {"mean", "worst", "ranks": {…}} as text; 1 is best, equals share an average."""

    place: int
    pk: int
    project: str
    iid: int
    title: str
    web_url: str
    milestone: str
    milestone_due_on: date | None
    impacted_arr: Decimal
    accounts: int
    strategic_accounts: int
    p0_accounts: int
    lost_arr: Decimal
    gap: dict[str, Any]

    @property
    def reference(self) -> str:
        return f"{self.project}#{self.iid}"


@dataclass(frozen=True, slots=True)
class TopIssues:
    ten: tuple[TopIssue, ...]
    next_in_line: tuple[TopIssue, ...]


def read_top_issues() -> TopIssues:
    """One query. What was closed or lost its customers since then moves up with the next run."""
    rows = tuple(_read())
    return TopIssues(rows[:TOP], rows[TOP:])


def _read() -> Iterator[TopIssue]:
    leading = IssueScore.objects.filter(gap_place__isnull=False).order_by("gap_place")
    for values in leading.values_list(*COLUMNS):
        yield TopIssue(*values)
