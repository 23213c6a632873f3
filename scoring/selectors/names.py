"""Accounts and opportunities by their keys, for the rows of a page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.models import Account, Opportunity, User
from portal.selectors.accounts import HIDDEN_ACCOUNT, find_hidden_accounts


@dataclass(frozen=True, slots=True)
class Names:
    """By primary key. What Salesforce does not have any more is named so; `hidden` accounts have
    no name for the reader, and neither have their opportunities."""

    accounts: Mapping[int, Account]
    opportunities: Mapping[int, Opportunity]
    hidden: Collection[int] = frozenset()

    def name_account(self, pk: int | None) -> str:
        if pk in self.hidden:
            return HIDDEN_ACCOUNT
        known = self.accounts.get(pk or 0)
        return known.name if known else "An account that is gone"

    def name_opportunity(self, pk: int | None) -> str:
        known = self.opportunities.get(pk or 0)
        if known and known.account_id in self.hidden:
            return "an opportunity of another TAM"
        return known.name if known else "an opportunity that is gone"


def read_names(rows: Iterable[Mapping[str, Any]], *, reader: User) -> Names:
    """Of all rows' `account` and `opportunity`, and of those opportunities' accounts.

    Two queries at most, three for a TAM.
    """
    rows = list(rows)
    accounts = {row["account"] for row in rows} - {None}
    wanted = {row["opportunity"] for row in rows} - {None}
    opportunities = Opportunity.objects.in_bulk(wanted) if wanted else {}
    accounts |= {one.account_id for one in opportunities.values()}
    hidden = find_hidden_accounts(reader, accounts)
    shown = accounts - hidden
    return Names(Account.objects.in_bulk(shown) if shown else {}, opportunities, hidden)
