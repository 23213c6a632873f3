"""People, accounts, issues and submissions to test with, and the portal tied to the sandbox."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from pytest_django.fixtures import Settings

from intake.domain.draft import RequestText, SubmissionDraft
from intake.models import Issue, Project
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import ClientCredentials, FieldNames, SalesforceGateway
from portal.models import Account, AccountDomain, Membership, Role, User
from portal.sandbox.client import Sandbox

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday

ACCOUNT_ID = "001D000000IqhSLIAZ"


@pytest.fixture(scope="session", autouse=True)
def audit_may_be_emptied_between_tests() -> Iterator[None]:
    """Tests that commit empty every table when they end; the audit's own triggers refuse that."""
    guard = import_module("portal.migrations.0005_audit_is_append_only")
    down, up = guard.POSTGRESQL_BACK, guard.POSTGRESQL
    if connection.vendor == "sqlite":
        down, up = guard.SQLITE_BACK, guard.SQLITE
    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        return [*down, *flush(self, *args, **kwargs), *up]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """A person with a proven address."""

    def make(email: str, **fields: Any) -> User:
        user = User.objects.create_user(email, **fields)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        return user

    return make


@pytest.fixture
def account(db: None) -> Account:
    account = Account.objects.create(
        salesforce_id=ACCOUNT_ID,
        name="Northwind Freight",
        arr=Decimal("48000.00"),
        seats=120,
        health="yellow",
        refreshed_at=NOW,
    )
    AccountDomain.objects.create(account=account, domain="northwind-freight.example")
    return account


@pytest.fixture
def maya(make_user: Callable[..., User], account: Account) -> User:
    """A confirmed member of the account."""
    user = make_user("maya@northwind-freight.example", name="Maya Lindqvist")
    Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
    return user


@pytest.fixture
def tam(make_user: Callable[..., User]) -> User:
    return make_user("priya@larkfield.example", name="Priya Natarajan", role=Role.TAM)


@pytest.fixture
def submitter(make_user: Callable[..., User]) -> User:
    return make_user("sales@larkfield.example", name="Sam Sales", role=Role.SUBMITTER)


@pytest.fixture
def project(db: None, settings: Settings) -> Project:
    return Project.objects.create(
        instance="127.0.0.1", project_id=101, path="larkfield/platform", is_public=True
    )


@pytest.fixture
def make_issue(project: Project) -> Callable[..., Issue]:
    """A mirrored issue that is in no GitLab; see `gitlab_issue` for one that is."""
    numbers = iter(range(1, 10_000))

    def make(title: str = "Limit approvals by path", **fields: Any) -> Issue:
        iid = fields.pop("iid", None) or next(numbers)
        values = {
            "project": project,
            "gitlab_id": 50_000 + iid,
            "description": "Approvals apply to a whole repository today.",
            "web_url": f"http://127.0.0.1/larkfield/platform/-/issues/{iid}",
            "created_at": NOW,
            "updated_at": NOW,
            "mirrored_at": NOW,
            "changed_at": NOW,
        }
        return Issue.objects.create(iid=iid, title=title, **values | fields)

    return make


@pytest.fixture
def make_draft() -> Callable[..., SubmissionDraft]:
    """A complete, valid request; name what should differ. No two are the same by accident."""
    numbers = count(2)

    def make(**fields: Any) -> SubmissionDraft:
        text: dict[str, Any] = {
            "summary": "Stop unreviewed changes to our payment code",
            "problem": "Anybody in the team can merge a change to the payment folder.",
            "workaround": f"We remind each other in chat {next(numbers)} times a day.",
            "urgency": "blocker",
            "urgency_detail": "Our auditors stopped the roll-out in October.",
            "decide_by": None,
            "intent": "retain",
            "reach": 40,
            "area": "",
            "links": (),
        }
        text |= {name: fields.pop(name) for name in list(fields) if name in text}
        return SubmissionDraft(form_token=uuid4(), text=RequestText(**text), **fields)

    return make


@pytest.fixture
def gitlab(sandbox: Sandbox, settings: Settings) -> GitLabGateway:
    """The real gateway, and the settings, tied to the sandbox's GitLab."""
    settings.GITLAB_URL = sandbox.gitlab_url
    settings.GITLAB_TOKEN = "sandbox-token"
    settings.GITLAB_PROJECTS = ["larkfield/platform"]
    settings.GITLAB_NEW_ISSUE_PROJECT = "larkfield/platform"
    return GitLabGateway(sandbox.gitlab_url, "sandbox-token", timeout=5, write_deadline=5)


@pytest.fixture
def salesforce(sandbox: Sandbox, settings: Settings) -> SalesforceGateway:
    """The real gateway, and the settings, tied to the sandbox's Salesforce."""
    settings.SALESFORCE_ENDPOINT = sandbox.salesforce_url
    settings.SALESFORCE_CONSUMER_KEY = "sandbox-consumer"
    settings.SALESFORCE_CLIENT_SECRET = "sandbox-secret"
    return SalesforceGateway(
        settings.SALESFORCE_DOMAIN,
        credentials=ClientCredentials("sandbox-consumer", "sandbox-secret"),
        fields=FieldNames(**settings.SALESFORCE_FIELDS),
        endpoint=sandbox.salesforce_url,
        timeout=5,
    )
