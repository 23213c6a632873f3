"""Find the Salesforce account behind a request: matched, unmatched or several, said honestly."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from intake.domain.vocabulary import Stage, Trouble
from intake.models import EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.pipeline.tell_tam import tell_tam
from intake.selectors.visibility import accounts_of
from portal.actions.membership import admit_contact
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account
from portal.pipeline.contacts import find_contact_accounts


def resolve(
    submission: Submission, *, salesforce: Callable[[], SalesforceGateway], now: datetime
) -> None:
    """MATCHED → ACCOUNT_RESOLVED. Keeps its stage, with the reason, when no single account was
    found and a person must say.

    `salesforce` is called only when it has to be asked; raises its errors.
    """
    if submission.account is not None:
        _save(submission, submission.account, now=now)
        return
    accounts = accounts_of(submission.submitter)
    if not accounts:
        accounts = _ask_salesforce(submission, salesforce, now=now)
    if len(accounts) == 1:
        _save(submission, accounts[0], now=now)
        return
    trouble = Trouble.SEVERAL_ACCOUNTS if accounts else Trouble.NO_ACCOUNT
    names = ", ".join(account.name for account in accounts)
    # Not on a row whose account a person has named meanwhile.
    Submission.objects.filter(pk=submission.pk, account=None).update(
        trouble=trouble, trouble_detail=names[:300]
    )
    submission.refresh_from_db()


def _ask_salesforce(
    submission: Submission, salesforce: Callable[[], SalesforceGateway], *, now: datetime
) -> list[Account]:
    """The accounts of the contacts with exactly this address; they may make a member."""
    author = submission.submitter
    ((_, found),) = find_contact_accounts([author], salesforce=salesforce, now=now)
    admit_contact(author, found, now=now)
    return accounts_of(author) or found


def _save(submission: Submission, account: Account, *, now: datetime) -> None:
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if row.account_id is None:
            row.account = account
            record_event(row, EventKind.ACCOUNT_RESOLVED, now=now, facts={"account": str(account)})
            tell_tam(row, now=now)
        if row.stage == Stage.MATCHED:
            row.stage = Stage.ACCOUNT_RESOLVED
        if row.trouble in {Trouble.NO_ACCOUNT, Trouble.SEVERAL_ACCOUNTS}:
            row.trouble, row.trouble_detail = Trouble.NONE, ""
        update_progress(row, now=now)
    submission.refresh_from_db()
