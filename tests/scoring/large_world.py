"""A large company's demand, made up: the size that the bench measures at."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from django.utils import timezone

from intake.models import CustomerLink, Demand, Issue, Project
from portal.models import Account, Opportunity

ISSUES, ACCOUNTS, LINKS = 20_000, 5_000, 200_000
GROUPS, THEMES = 20, 30
BATCH = 2_000


def make_world(issues: int = ISSUES, accounts: int = ACCOUNTS, links: int = LINKS) -> None:
    """Into an empty database. Some issues are asked for by hundreds, most by a few; accounts are
    as unequal. All changes are a day old."""
    random, now = Random(4), timezone.now()
    project = Project.objects.create(
        instance="gitlab.example", project_id=1, path="larkfield/portal", is_public=True
    )
    store(Issue, (make_issue(project, n, random, now) for n in range(issues)))
    store(Account, (make_account(n, random, now) for n in range(accounts)))
    store(Opportunity, (make_opportunity(n, accounts, random, now) for n in range(accounts)))
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        issue = int(issues * random.random() ** 1.6)
        pairs.add((issue + 1, int(accounts * random.random() ** 1.3) + 1))
    ties = [
        CustomerLink(issue_id=issue, account_id=account, note_state="posted",
                     demand_changed_at=now - timedelta(days=1))
        for issue, account in sorted(pairs)
    ]  # fmt: skip
    store(CustomerLink, ties)
    rows = CustomerLink.objects.order_by("pk").values_list("pk", "account_id")
    store(Demand, (make_demand(pk, account, random) for pk, account in rows))


def store(model: Any, rows: Iterable[Any]) -> None:
    waiting = iter(rows)
    while part := list(islice(waiting, BATCH)):
        model.objects.bulk_create(part)


def make_issue(project: Project, number: int, random: Random, now: datetime) -> Issue:
    born = now - timedelta(days=random.randrange(2000))
    return Issue(
        pk=number + 1,
        project=project,
        iid=number + 1,
        gitlab_id=number + 1,
        title=f"Let a group of reviewers {number} approve changes together",
        web_url=f"https://gitlab.example/larkfield/portal/-/issues/{number + 1}",
        labels=[
            random.choice(("type::feature", "type::feature", "type::bug")),
            f"group::group {random.randrange(GROUPS)}",
            *(f"theme:theme {random.randrange(THEMES)}" for _ in range(random.randrange(3))),
        ],
        weight=random.choice((None, 1, 2, 3, 5, 8)),
        milestone=random.choice(("", "17.3", "17.4")),
        created_at=born,
        updated_at=born,
        mirrored_at=now,
        changed_at=born,
    )


def make_account(number: int, random: Random, now: datetime) -> Account:
    return Account(
        pk=number + 1,
        salesforce_id=f"001{number:015d}",
        name=f"Customer {number}",
        arr=Decimal(round(random.lognormvariate(10.5, 1.2), 2)).quantize(Decimal("0.01")),
        seats=random.randrange(10, 3000),
        health=random.choice(("green", "green", "yellow", "red", "unknown")),
        renewal_on=(now + timedelta(days=random.randrange(1, 900))).date(),
        is_strategic=random.random() < 0.05,
        segment=random.choice(("Enterprise", "Mid-market", "")),
        refreshed_at=now,
        changed_at=now - timedelta(days=1),
    )


def make_opportunity(number: int, accounts: int, random: Random, now: datetime) -> Opportunity:
    """One for each account; a tenth of them lost."""
    is_lost = random.random() < 0.1
    return Opportunity(
        pk=number + 1,
        salesforce_id=f"006{number:015d}",
        account_id=number % accounts + 1,
        name=f"Expansion {number}",
        net_arr=Decimal(random.randrange(1_000, 80_000)),
        probability=Decimal(random.randrange(0, 101, 10)),
        closes_on=(now + timedelta(days=random.randrange(1, 400))).date(),
        is_closed=is_lost,
        refreshed_at=now,
        changed_at=now - timedelta(days=1),
    )


def make_demand(link: int, account: int, random: Random) -> Demand:
    is_growth = random.random() < 0.15
    return Demand(
        link_id=link,
        kind="growth" if is_growth else "retention",
        opportunity_id=account if is_growth else None,
        points=random.choice((1, 4, 4, 7, 10)),
        value=random.randint(1, 3),
        pilot_urgency=random.randint(1, 3),
        severity=random.choice(("P0", "P1", "P2", "P2")),
    )
