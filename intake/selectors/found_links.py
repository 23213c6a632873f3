"""What people's links say of each account on each issue."""

from collections import defaultdict
from collections.abc import Collection

from intake.domain.found_links import Found, Standing, weigh
from intake.models import FoundLink
from portal.models import Account, Opportunity

Pair = tuple[int, int]  # keys of the issue and the account


def read_standings(
    issues: Collection[int], accounts: Collection[int] | None = None
) -> dict[Pair, Standing]:
    """By issue and account, in one query; links of accounts we do not know are left out."""
    rows = FoundLink.objects.filter(counts_on__in=issues, account__isnull=False)
    if accounts is not None:
        rows = rows.filter(account__in=accounts)
    by_issue: dict[int, list[Found]] = defaultdict(list)
    for row in rows.select_related("opportunity"):
        by_issue[row.counts_on_id].append(_describe(row))
    return {
        (issue, account): standing
        for issue, found in by_issue.items()
        for account, standing in weigh(found).items()
    }


def find_records(ids: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """The keys of the account, and of the opportunity, that each Salesforce id names; ids that
    Salesforce has not told us of are left out."""
    if not ids:
        return {}
    accounts = Account.objects.filter(salesforce_id__in=ids).values_list("salesforce_id", "pk")
    deals = Opportunity.objects.filter(salesforce_id__in=ids)
    found: dict[str, tuple[int, int | None]] = {id18: (pk, None) for id18, pk in accounts}
    for id18, account, pk in deals.values_list("salesforce_id", "account", "pk"):
        found[id18] = (account, pk)
    return found


def _describe(row: FoundLink) -> Found:
    opportunity = row.opportunity
    return Found(
        account=row.account_id or 0,
        opportunity=row.opportunity_id,
        is_won=opportunity is not None and opportunity.is_closed and opportunity.is_won,
        note_id=row.note_id,
        is_internal=row.is_internal,
        is_here=row.issue_id == row.counts_on_id,
        points=row.points,
        updated_at=row.updated_at,
    )
