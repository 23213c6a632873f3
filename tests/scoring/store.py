"""Rows that scores are made of, written straight into the database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from intake.models import CustomerLink, Demand, Issue, Project
from portal.domain.salesforce_id import to_18
from portal.models import Account, Opportunity

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
_numbers = count(1)


def add_account(name: str = "", arr: int | str | None = 120_000, **fields: Any) -> Account:
    number = next(_numbers)
    values: dict[str, Any] = {
        "salesforce_id": to_18(f"001D00000{number:06d}"),
        "name": name or f"Account {number}",
        "arr": None if arr is None else Decimal(arr),
        "refreshed_at": NOW,
        "changed_at": NOW,
    }
    return Account.objects.create(**values | fields)


def add_opportunity(
    account: Account, net_arr: int | str | None = 50_000, **fields: Any
) -> Opportunity:
    number = next(_numbers)
    values: dict[str, Any] = {
        "salesforce_id": to_18(f"006D00000{number:06d}"),
        "account": account,
        "name": f"Opportunity {number}",
        "net_arr": None if net_arr is None else Decimal(net_arr),
        "refreshed_at": NOW,
        "changed_at": NOW,
    }
    return Opportunity.objects.create(**values | fields)


def add_project(**fields: Any) -> Project:
    number = next(_numbers)
    values = {"instance": "gitlab.example", "project_id": number, "path": f"larkfield/p{number}"}
    return Project.objects.create(**values | fields)


def add_issue(title: str = "", *, project: Project | None = None, **fields: Any) -> Issue:
    number = next(_numbers)
    project = project or Project.objects.first() or add_project()
    values: dict[str, Any] = {
        "project": project,
        "iid": number,
        "gitlab_id": 10_000 + number,
        "title": title or f"Issue {number}",
        "web_url": f"https://gitlab.example/{project.path}/-/issues/{number}",
        "labels": ["type::feature", "group::code review"],
        "created_at": NOW,
        "updated_at": NOW,
        "mirrored_at": NOW,
        "changed_at": NOW,
    }
    return Issue.objects.create(**values | fields)


def add_link(
    issue: Issue,
    account: Account,
    points: int = 1,
    *,
    opportunity: Opportunity | None = None,
    kind: str = "",
    **fields: Any,
) -> CustomerLink:
    """One demand row; a link that is there already gets another."""
    link, _ = CustomerLink.objects.get_or_create(
        issue=issue, account=account, defaults={"note_state": "posted", "demand_changed_at": NOW}
    )
    kind = kind or ("growth" if opportunity else "retention")
    Demand.objects.create(link=link, kind=kind, opportunity=opportunity, points=points, **fields)
    return link


def add_worked_example() -> dict[str, Issue]:
    """T3 of the framework's worked numbers: see tests/scoring/worked.py."""
    a = add_account("A", 120_000, health="yellow", renewal_on=date(2027, 6, 30))
    b = add_account("B", 30_000, health="green", renewal_on=date(2027, 6, 30))
    deal = add_opportunity(a, 50_000, probability=Decimal(50), closes_on=date(2027, 4, 15))
    issues = {
        "#101": add_issue("One", weight=8),
        "#102": add_issue("Two", weight=2),
        "#103": add_issue("Three", weight=3),
    }
    add_link(issues["#101"], a, 10)
    add_link(issues["#102"], a, 2)
    add_link(issues["#101"], b, 1)
    add_link(issues["#103"], b, 4)
    add_link(issues["#103"], a, 5, opportunity=deal)
    return issues
