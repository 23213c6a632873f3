"""What moved since the last run, and which issues' scores it touches. Queries, not signals."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from intake.domain.vocabulary import DemandKind
from intake.models import CustomerLink, Demand, Issue
from portal.models import Account, Opportunity
from scoring.domain.parts_text import read_draws
from scoring.domain.pools import PoolKey
from scoring.models import Estimate, ScoreParts
from scoring.selectors.inputs import ON_OPEN_ISSUE

OWNERS = {DemandKind.RETENTION: "link__account", DemandKind.GROWTH: "opportunity"}
Seen = list[list[Any]]  # [table, primary key, changed at]: fit for JSON


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of what changed. `seen` names every change in the window, those counted before too."""

    issues: frozenset[int]
    accounts: frozenset[int]
    opportunities: frozenset[int]
    seen: Seen

    def __bool__(self) -> bool:
        return bool(self.issues or self.accounts or self.opportunities)


def find_changes(*, since: datetime, but: Seen | None = None) -> Changes:
    """After a moment, without those that were seen before. Five queries."""
    known = {tuple(entry) for entry in but or ()}
    found: dict[str, set[int]] = {"issue": set(), "account": set(), "opportunity": set()}
    seen: Seen = []
    for table, touches, pk, changed_at, touched in _list_changes(since):
        entry = (table, pk, changed_at.isoformat())
        seen.append(list(entry))
        if entry not in known:
            found[touches].add(touched)
    issues, accounts, opportunities = (frozenset(keys) for keys in found.values())
    return Changes(issues, accounts, opportunities, seen)


def _list_changes(since: datetime) -> Iterator[tuple[str, str, int, datetime, int]]:
    """(table, whose scores it touches, key of the row, when, key of what it touches)."""
    counts = Q(customer_links__isnull=False) | Q(score__isnull=False)
    sources: tuple[tuple[str, str, QuerySet[Any], str, str], ...] = (
        ("link", "issue", CustomerLink.objects.all(), "demand_changed_at", "issue_id"),
        ("estimate", "issue", Estimate.objects.all(), "created_at", "issue_id"),
        ("issue", "issue", Issue.objects.filter(counts).distinct(), "changed_at", "pk"),
        ("account", "account", Account.objects.order_by(), "changed_at", "pk"),
        ("opportunity", "opportunity", Opportunity.objects.order_by(), "changed_at", "pk"),
    )
    for table, touches, rows, column, touched in sources:
        changed = rows.filter(**{f"{column}__gt": since})
        for pk, at, key in changed.values_list("pk", column, touched):
            yield table, touches, pk, at, key


def find_issues_of(accounts: Collection[int], opportunities: Collection[int]) -> set[int]:
    """Open issues with a link of these accounts, or a demand for these opportunities."""
    issues: set[int] = set()
    if accounts:
        links = CustomerLink.objects.filter(
            account__in=accounts, issue__is_closed=False, issue__is_gone=False
        )
        issues.update(links.values_list("issue_id", flat=True))
    if opportunities:
        demands = Demand.objects.filter(ON_OPEN_ISSUE, opportunity__in=opportunities)
        issues.update(demands.values_list("link__issue_id", flat=True))
    return issues


def find_issues_in(pools: Collection[PoolKey]) -> set[int]:
    """Open issues with links that draw on these pools; at most two queries."""
    drawn = _list_draws(pools)
    return {issue for _, rows in drawn for issue in rows.values_list("link__issue_id", flat=True)}


def sum_points(pools: Collection[PoolKey]) -> dict[PoolKey, int]:
    """All that is drawn from each pool now, over open links; at most two queries."""
    return {
        PoolKey(kind, owner): points
        for kind, rows in _list_draws(pools)
        for owner, points in rows.values_list(OWNERS[kind]).annotate(Sum("points")).order_by()
    }


def _list_draws(pools: Collection[PoolKey]) -> Iterator[tuple[DemandKind, QuerySet[Demand]]]:
    for kind, column in OWNERS.items():
        owners = [pool.owner for pool in pools if pool.kind == kind]
        if owners:
            yield kind, Demand.objects.filter(ON_OPEN_ISSUE, kind=kind, **{f"{column}__in": owners})


def read_stored_draws(
    issues: Collection[int],
) -> dict[int, Mapping[PoolKey, tuple[int, int]]]:
    """What each issue drew from its pools when it was last scored, and all that was drawn."""
    rows = ScoreParts.objects.filter(issue__in=issues).values_list("issue_id", "parts")
    return {issue: read_draws(parts) for issue, parts in rows}
