"""Salesforce links that people left in GitLab, as staff see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from intake.domain.salesforce_link import LinkKind
from intake.models import CustomerLink, FoundLink
from portal.models import User
from portal.selectors.accounts import HIDDEN_ACCOUNT, find_hidden_accounts

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


def list_found_on(issue_id: int | None, *, reader: User) -> Sequence[FoundGlance]:
    """What counts on one issue; links to opportunities first, for somebody should look at them."""
    if not issue_id:
        return []
    rows = _read(FoundLink.objects.filter(counts_on=issue_id))
    hidden = find_hidden_accounts(reader, {row.account_id for row in rows if row.account_id})
    glances = [_describe(row, hidden) for row in rows]
    return sorted(glances, key=lambda glance: not glance.is_opportunity)


def list_found_for(link: CustomerLink) -> Sequence[FoundGlance]:
    rows = _read(FoundLink.objects.filter(counts_on=link.issue_id, account=link.account_id))
    return [_describe(row) for row in rows]


def with_first_found(links: QuerySet[CustomerLink]) -> QuerySet[CustomerLink]:
    """Annotated with `found_author` and `found_source` of the text that was changed last."""
    newest = FoundLink.objects.filter(
        counts_on=OuterRef("issue"), account=OuterRef("account")
    ).order_by("-updated_at", "-pk")
    return links.annotate(
        found_author=Subquery(newest.values("author_name")[:1]),
        found_source=Subquery(newest.values("source")[:1]),
    )


def _read(rows: QuerySet[FoundLink]) -> list[FoundLink]:
    known = rows.select_related("issue", "account", "opportunity").defer("issue__description")
    return list(known.order_by("-updated_at", "-pk")[:MOST])


def _describe(row: FoundLink, hidden: Collection[int] = ()) -> FoundGlance:
    """Of a hidden account neither its name nor its opportunity's is told."""
    if row.account_id in hidden:
        return replace(_describe(row), account=HIDDEN_ACCOUNT, opportunity="")
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
