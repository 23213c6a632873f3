"""The worked examples of the framework and the pilot, as inputs."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from intake.domain.vocabulary import DemandKind
from scoring.domain.priority_points import PriorityScore
from scoring.domain.records import (
    Account,
    Estimates,
    Health,
    Inputs,
    Issue,
    Key,
    Link,
    Opportunity,
    Severity,
)

TODAY = date(2026, 3, 15)


def growth(issue: Key, account: Key, opportunity: Key | None, points: int = 1) -> Link:
    return Link(issue, account, DemandKind.GROWTH, opportunity, points=points)


def by_issue(scores: Iterable[PriorityScore]) -> dict[Key, PriorityScore]:
    return {score.demand.issue.id: score for score in scores}


def read_t1() -> Inputs:
    """The CD3 pilot: X and Y of account A, X of account B."""
    return Inputs.gather(
        TODAY,
        accounts=[Account("A", Decimal(120_000)), Account("B", Decimal(60_000))],
        issues=[
            Issue("X", estimates=Estimates(duration_weeks=Decimal(5))),
            Issue("Y", estimates=Estimates(duration_weeks=Decimal(2))),
        ],
        links=[
            Link("X", "A", value=3, urgency_points=3),
            Link("Y", "A", value=1, urgency_points=1),
            Link("X", "B", value=2, urgency_points=2),
        ],
    )


def read_t3() -> Inputs:
    """CIPF: two accounts, one opportunity, three issues."""
    return Inputs.gather(
        TODAY,
        accounts=[
            Account("A", Decimal(120_000), Health.YELLOW, date(2027, 3, 1)),
            Account("B", Decimal(30_000), Health.GREEN, date(2027, 3, 1)),
        ],
        opportunities=[Opportunity("O", "A", Decimal(50_000), Decimal(50), date(2026, 8, 31))],
        issues=[
            Issue(101, weight=Decimal(8)),
            Issue(102, weight=Decimal(2)),
            Issue(103, weight=Decimal(3)),
        ],
        links=[
            Link(101, "A", points=10),
            Link(102, "A", points=2),
            Link(101, "B", points=1),
            Link(103, "B", points=4),
            growth(103, "A", "O", points=5),
        ],
    )


def read_gaps(
    *rows: tuple[str, int, int, int, int],
) -> Inputs:
    """Issues from (id, impacted ARR, accounts, strategic ones, accounts at P0)."""
    accounts: list[Account] = []
    links: list[Link] = []
    for issue, arr, count, strategic, dealbreakers in rows:
        for place in range(count):
            key = f"{issue}-{place}"
            part = Decimal(arr) if place == 0 else Decimal(0)
            accounts.append(Account(key, part, is_strategic=place < strategic))
            severity = Severity.P0 if place < dealbreakers else Severity.P2
            links.append(Link(issue, key, severity=severity))
    issues = [Issue(row[0]) for row in rows]
    return Inputs.gather(TODAY, accounts=accounts, issues=issues, links=links)


def sum_up(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction())
