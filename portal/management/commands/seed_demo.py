"""Fill an empty database with the demo's people and the sandbox's customers."""

import json
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from portal.actions.membership import confirm_membership
from portal.demo.people import COLLEAGUE, STAFF, Person
from portal.gateways import connect
from portal.models import Account, AccountDomain, Job, Membership, User
from portal.pipeline.accounts import refresh_accounts
from portal.sandbox.world import WORLD

EMBED_SECONDS = 10
MARK = "demo"  # the row that says: the demo filled this database


class Command(BaseCommand):
    help = "Used by the demo: tables, people, accounts and issues in a database of its own."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_SANDBOX:
            raise CommandError("This is for the sandbox only: PORTAL_SANDBOX=1 is not set.")
        empty_own_database()
        call_command("migrate", interactive=False, verbosity=0)
        Job.objects.create(name=MARK, started_at=timezone.now())
        for person in STAFF:
            add_person(person)
        refresh_accounts(connect.salesforce(), since=None, now=timezone.now())
        add_domains()
        add_colleague()
        call_command("mirror", skip_checks=True)
        self.embed()

    def embed(self) -> None:
        """What is left after that, the worker does. Without the model, words alone must do."""
        try:
            call_command("embed", seconds=EMBED_SECONDS, skip_checks=True)
        except CommandError as error:
            self.stderr.write(str(error))


def empty_own_database() -> None:
    """Raises CommandError for a database that somebody else uses."""
    tables = connection.introspection.table_names()
    if Job._meta.db_table not in tables:
        if tables:
            raise CommandError(
                "DATABASE_URL names a database with tables that are not the portal's."
            )
        return
    if not Job.objects.filter(name=MARK).exists():
        raise CommandError(
            "DATABASE_URL names a database that the demo did not fill, so it is left alone. "
            "Give the demo an empty one of its own."
        )
    with connection.constraint_checks_disabled(), connection.schema_editor() as editor:
        for table in tables:
            editor.execute(editor.sql_delete_table % {"table": editor.quote_name(table)})


def add_person(person: Person) -> User:
    """Their address counts as proven, as for somebody who has signed in before."""
    user = User.objects.create_user(person.email, name=person.name, role=person.role)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def add_domains() -> None:
    """What staff would enter by hand: which mail domain belongs to which account."""
    accounts = {account.salesforce_id: account for account in Account.objects.all()}
    for path in sorted(WORLD.glob("accounts*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            if row.get("domain") and row["id18"] in accounts:
                AccountDomain.objects.create(account=accounts[row["id18"]], domain=row["domain"])


def add_colleague() -> None:
    """Somebody of the customer's company has been here before, known to Salesforce by name, and
    leads there."""
    account, basis = Account.objects.get(name=COLLEAGUE.account), Membership.Basis.CONTACT
    colleague = add_person(COLLEAGUE)
    confirm_membership(colleague, account, basis=basis, address=colleague.email, is_lead=True)
