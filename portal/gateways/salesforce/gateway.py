"""Salesforce as the portal sees it: accounts, their opportunities, their contacts. It only reads.

Ways of failing, for every call (see portal.gateways.errors):
recoverable    Unavailable: timeout, broken connection, 5xx, the daily limit, a locked row.
permanent      Missing: an account that is deleted or hidden. Refused: any other "no".
misconfigured  Misconfigured: sign-in refused, a session that never lasts, unknown fields or
               objects, a host outside salesforce.com.

Only `query`, `query_more` and `restful` of simple-salesforce are used; its object calls sign in
without end when a 401 stays, send the token to an address given as an id, and read floats.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from simple_salesforce.format import format_soql

from portal.domain.salesforce_id import to_18
from portal.gateways.errors import Misconfigured, Missing
from portal.gateways.records import AccountRecord, ContactRecord, OpportunityRecord
from portal.gateways.salesforce.credentials import ClientCredentials, JwtBearer
from portal.gateways.salesforce.door import API_VERSION, Door, understand
from portal.gateways.salesforce.failures import SERVICE
from portal.gateways.salesforce.fields import (
    Columns,
    Description,
    FieldNames,
    choose_columns,
    find_problems,
    index_fields,
)
from portal.gateways.salesforce.reading import (
    read_account,
    read_contact,
    read_opportunity,
)

# An address longer than 16 kB is refused; 200 ids take about 6 kB, 50 e-mail addresses at most 13.
IDS_AT_ONCE = 200
EMAILS_AT_ONCE = 50
_LONGEST_SEARCH = 80
CONTACTS = "SELECT Id, AccountId, Name, Email FROM Contact"


class SalesforceGateway(Door):
    """One session with its connections: make one per process, after fork.

    `timeout` is for one read, in seconds; a whole request gets a minute.
    """

    def __init__(
        self,
        domain: str,
        *,
        credentials: JwtBearer | ClientCredentials,
        fields: FieldNames,
        endpoint: str | None = None,
        timeout: float = 20,
        version: str = API_VERSION,
    ) -> None:
        super().__init__(
            domain,
            credentials=credentials,
            endpoint=endpoint,
            timeout=timeout,
            version=version,
        )
        self._fields = fields
        self._columns: Columns | None = None

    def check(self) -> None:
        """Sign in and read one account, as a query would."""
        for _ in self._query("SELECT Id FROM Account LIMIT 1"):
            return

    def missing_fields(self) -> list[str]:
        """One sentence for each configured field that is not there or does not fit."""
        return find_problems(self._fields, self._describe())

    def corporate_currency(self) -> str | None:
        """The ISO code all money is kept in; None where there is a single currency, which
        Salesforce names nowhere that queries reach. Raises Missing when it is hidden."""
        # https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_currencytype.htm
        if self._describe_object("CurrencyType") is None:
            return None
        rows = list(self._query("SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true"))
        if not rows:
            raise Missing("Salesforce names no corporate currency.", service=SERVICE)
        return understand(lambda: str(rows[0]["IsoCode"]))

    def account(self, salesforce_id: str) -> AccountRecord:
        found = self.accounts([salesforce_id])
        if not found:
            raise Missing(
                "Salesforce has no such account, or hides it from our user.",
                service=SERVICE,
            )
        return found[0]

    def accounts(self, salesforce_ids: Iterable[str]) -> list[AccountRecord]:
        """Those that are there, in no particular order; what is no account id is left out."""
        columns = self._choose_columns()
        start = select(columns.list_for_account(), "Account")
        return [
            understand(read_account, row, columns)
            for some in _split(_keep_ids(salesforce_ids, prefix="001"))
            for row in self._query(start + format_soql(" WHERE Id IN {}", some))
        ]

    def accounts_changed_since(self, at: datetime | None) -> Iterator[AccountRecord]:
        """All of them without `at`. A changed formula or a TAM's new address moves no date."""
        columns = self._choose_columns()
        soql = select(columns.list_for_account(), "Account")
        if at is not None:
            soql += format_soql(" WHERE SystemModstamp >= {}", at)
        for row in self._query(soql + " ORDER BY SystemModstamp, Id"):
            yield understand(read_account, row, columns)

    def opportunities(self, account_ids: Iterable[str]) -> list[OpportunityRecord]:
        """Open and closed ones of these accounts."""
        columns = self._choose_columns()
        start = select(columns.list_for_opportunity(), "Opportunity")
        return [
            understand(read_opportunity, row, columns)
            for some in _split(_keep_ids(account_ids, prefix="001"))
            for row in self._query(start + format_soql(" WHERE AccountId IN {}", some))
        ]

    def contacts_by_email(self, email: str) -> list[ContactRecord]:
        """With exactly this address, upper or lower case; those without an account are left out."""
        return self.contacts_by_emails([email])

    def contacts_by_emails(self, emails: Iterable[str]) -> list[ContactRecord]:
        """As above, for many addresses in a few queries."""
        wanted = {email.strip().casefold() for email in emails} - {""}
        rows = [
            row
            for some in _split(sorted(wanted), at_once=EMAILS_AT_ONCE)
            for row in self._query(CONTACTS + format_soql(" WHERE Email IN {}", some))
            if row.get("AccountId")
        ]
        found = [understand(read_contact, row) for row in rows]
        return [contact for contact in found if contact.email.casefold() in wanted]

    def search_accounts(self, text: str, limit: int = 10) -> list[AccountRecord]:
        """Accounts with `text` in their name, by name."""
        wanted = " ".join(text.replace("\0", " ").split())[:_LONGEST_SEARCH]
        if not wanted:
            return []
        columns = self._choose_columns()
        soql = select(columns.list_for_account(), "Account") + format_soql(
            " WHERE Name LIKE '%{:like}%' ORDER BY Name LIMIT {}",
            wanted,
            max(1, min(limit, IDS_AT_ONCE)),
        )
        return [understand(read_account, row, columns) for row in self._query(soql)]

    def _choose_columns(self) -> Columns:
        """Asked once per process; again as long as something is wrong."""
        if self._columns is None:
            description = self._describe()
            problems = find_problems(self._fields, description)
            if problems:
                raise Misconfigured(" ".join(problems), service=SERVICE)
            self._columns = understand(lambda: choose_columns(self._fields, description))
        return self._columns

    def _describe(self) -> Description:
        return Description(
            account=self._describe_object("Account"),
            opportunity=self._describe_object("Opportunity"),
        )

    def _describe_object(self, name: str) -> dict[str, Any] | None:
        # https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
        try:
            answer = self._ask(lambda client: client.restful(f"sobjects/{name}/describe"))
        except Missing:
            return None
        return understand(index_fields, answer)


def select(columns: str, object_name: str) -> str:
    """The columns are spelt as Salesforce's own description spells them, not as anyone typed."""
    return f"SELECT {columns} FROM {object_name}"  # noqa: S608  # nosec B608


def _keep_ids(salesforce_ids: Iterable[str], *, prefix: str) -> list[str]:
    """Each once, 18 characters long; what is no id of this kind cannot be there."""
    kept: dict[str, None] = {}
    for salesforce_id in salesforce_ids:
        try:
            kept[to_18(salesforce_id)] = None
        except ValueError:
            continue
    return [salesforce_id for salesforce_id in kept if salesforce_id.startswith(prefix)]


def _split(values: list[str], *, at_once: int = IDS_AT_ONCE) -> Iterator[list[str]]:
    for start in range(0, len(values), at_once):
        yield values[start : start + at_once]
