"""Salesforce links that people left in GitLab, as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from intake.domain.salesforce_link import LinkKind
from intake.models import CustomerLink, FoundLink

MOST = 20  # on one page


@dataclass(frozen=True, slots=True)
class FoundGlance:
    """`account` and `opportunity` are names, empty while Salesforce has not told us of them."""

    url: str
    source: str
    author: str
    account: str
    opportunity: str
    is_opportunity: bool
    is_internal: bool
    points: int | None
    updated_at: datetime


def list_found_on(issue_id: int | None) -> Sequence[FoundGlance]:
    """What counts on one issue; links to opportunities first, for somebody should look at them."""
    rows = _read(FoundLink.objects.filter(counts_on=issue_id)) if issue_id else []
    return sorted(rows, key=lambda glance: not glance.is_opportunity)


def list_found_for(link: CustomerLink) -> Sequence[FoundGlance]:
    return _read(FoundLink.objects.filter(counts_on=link.issue_id, account=link.account_id))


def with_first_found(links: QuerySet[CustomerLink]) -> QuerySet[CustomerLink]:
    """Annotated with `found_author` and `found_source` of the text that was changed last."""
    newest = FoundLink.objects.filter(
        counts_on=OuterRef("issue"), account=OuterRef("account")
    ).order_by("-updated_at", "-pk")
    return links.annotate(
        found_author=Subquery(newest.values("author_name")[:1]),
        found_source=Subquery(newest.values("source")[:1]),
    )


def _read(rows: QuerySet[FoundLink]) -> list[FoundGlance]:
    known = rows.select_related("issue", "account", "opportunity").defer("issue__description")
    return [_describe(row) for row in known.order_by("-updated_at", "-pk")[:MOST]]


def _describe(row: FoundLink) -> FoundGlance:
    return FoundGlance(
        url=row.url,
        source=row.get_source_display(),
        author=row.author_name or "somebody",
        account=row.account.name if row.account else "",
        opportunity=row.opportunity.name if row.opportunity else "",
        is_opportunity=row.salesforce_id.startswith(LinkKind.OPPORTUNITY),
        is_internal=row.is_internal,
        points=row.points,
        updated_at=row.updated_at,
    )
