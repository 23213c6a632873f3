"""Accounts and opportunities by their keys, for the rows of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.models import Account, Opportunity


@dataclass(frozen=True, slots=True)
class Names:
    """By primary key. What Salesforce does not have any more is named so."""

    accounts: Mapping[int, Account]
    opportunities: Mapping[int, Opportunity]

    def name_account(self, pk: int | None) -> str:
        known = self.accounts.get(pk or 0)
        return known.name if known else "An account that is gone"

    def name_opportunity(self, pk: int | None) -> str:
        known = self.opportunities.get(pk or 0)
        return known.name if known else "an opportunity that is gone"


def read_names(rows: Iterable[Mapping[str, Any]]) -> Names:
    """Of all rows' `account` and `opportunity`, and of those opportunities' accounts.

    Two queries at most.
    """
    rows = list(rows)
    accounts = {row["account"] for row in rows} - {None}
    wanted = {row["opportunity"] for row in rows} - {None}
    opportunities = Opportunity.objects.in_bulk(wanted) if wanted else {}
    accounts |= {one.account_id for one in opportunities.values()}
    return Names(Account.objects.in_bulk(accounts) if accounts else {}, opportunities)
