"""However things change, scoring what changed ends with the rows that scoring everything makes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction

from intake.models import CustomerLink, Demand, Issue
from portal.models import Account, Opportunity
from scoring.models import Estimate, IssueScore, RunKind, ScoreParts
from scoring.pipeline.gap_rows import rank_gaps
from scoring.pipeline.score import score_changes, score_everything
from tests.scoring.store import NOW, add_account, add_issue, add_link, add_opportunity

pytestmark = pytest.mark.django_db

GROUPS = ("group::code review", "group::access")
ARRS = (None, -5, 0, 1000, 1000, 33_333, 120_000)
DAYS = (None, date(2026, 1, 1), date(2027, 3, 1), date(2028, 2, 1), date(2030, 1, 1))
ISSUES, ACCOUNTS, CHANGES = 14, 6, 30


@pytest.mark.parametrize("seed", range(6))
def test_changes_end_where_scoring_everything_ends(seed: int) -> None:
    random = Random(seed)
    make_world(random)
    score_everything(now=NOW)
    now = NOW
    for _ in range(CHANGES):
        now += timedelta(seconds=random.choice((20, 60, 900)))
        if now.date() > NOW.date():
            break
        for _ in range(random.choice((1, 1, 1, 4))):
            random.choice(MOVES)(random, now)
        run = score_changes(now=now)
        assert run is None or run.kind == RunKind.CHANGES
        rank_gaps()
        told = read_rows()
        expected = compare_with_everything(now)
        assert told == expected


def compare_with_everything(now: datetime) -> dict[str, Any]:
    """What a full run would have written, without disturbing the runs that went before."""
    with transaction.atomic():
        score_everything(now=now)
        rows = read_rows()
        transaction.set_rollback(True)
    return rows


def read_rows() -> dict[str, Any]:
    hidden = ("run_id", "scored_at")
    rows = IssueScore.objects.order_by("issue").values()
    return {
        "scores": [
            {name: value for name, value in row.items() if name not in hidden} for row in rows
        ],
        "parts": list(ScoreParts.objects.order_by("issue").values("issue_id", "parts")),
    }


def make_world(random: Random) -> None:
    for _ in range(ACCOUNTS):
        account = add_account(arr=random.choice(ARRS), renewal_on=random.choice(DAYS))
        for _ in range(random.randrange(3)):
            add_opportunity(account, net_arr=random.choice(ARRS), closes_on=random.choice(DAYS))
    for _ in range(ISSUES):
        add_issue(
            labels=["type::feature", random.choice(GROUPS)],
            weight=random.choice((None, 1, 2, 3, 8)),
            created_at=NOW - timedelta(days=random.randrange(3)),
        )
    for _ in range(ISSUES * 2):
        ask(random, NOW)


def ask(random: Random, now: datetime) -> None:
    """A link with a demand, new or with other points."""
    issue, account = random.choice(Issue.objects.all()), random.choice(Account.objects.all())
    deals = [None, *Opportunity.objects.filter(account=account)]
    kind = random.choice(("retention", "growth"))
    opportunity = random.choice(deals) if kind == "growth" else None
    Demand.objects.filter(
        link__issue=issue, link__account=account, kind=kind, opportunity=opportunity
    ).delete()
    points = random.randint(1, 10)
    link = add_link(issue, account, points, kind=kind, opportunity=opportunity,
                    severity=random.choice(("P0", "P2")))  # fmt: skip
    CustomerLink.objects.filter(pk=link.pk).update(demand_changed_at=now)


def take_back(random: Random, now: datetime) -> None:
    if demands := list(Demand.objects.all()):
        demand = random.choice(demands)
        CustomerLink.objects.filter(pk=demand.link_id).update(demand_changed_at=now)
        demand.delete()


def change_account(random: Random, now: datetime) -> None:
    account = random.choice(Account.objects.all())
    account.arr = None if (arr := random.choice(ARRS)) is None else Decimal(arr)
    account.renewal_on, account.health = random.choice(DAYS), random.choice(("red", "green"))
    account.seats, account.is_strategic = random.choice((None, 5)), random.random() < 0.5
    account.changed_at = now
    account.save()


def change_opportunity(random: Random, now: datetime) -> None:
    if deals := list(Opportunity.objects.all()):
        deal = random.choice(deals)
        deal.net_arr = Decimal(random.choice((0, 500, 20_000)))
        deal.is_closed = random.random() < 0.3
        deal.is_won = deal.is_closed and random.random() < 0.5
        deal.changed_at = now
        deal.save()


def change_issue(random: Random, now: datetime) -> None:
    issue = random.choice(Issue.objects.all())
    issue.is_closed = random.random() < 0.2
    issue.weight = random.choice((None, 1, 1, 2, 5))
    issue.labels = [random.choice(GROUPS), *random.sample(["theme:x", "theme:y"], 1)]
    issue.changed_at = now
    issue.save()


def estimate(random: Random, now: datetime) -> None:
    value = random.choice(("", "100", "999999", "high"))
    Estimate.objects.create(
        issue=random.choice(Issue.objects.all()),
        kind="manual_value",
        value=value,
        reason="security" if value else "",
        created_at=now,
    )


MOVES: tuple[Callable[[Random, datetime], None], ...] = (
    ask, ask, take_back, change_account, change_opportunity, change_issue, change_issue, estimate,
)  # fmt: skip
