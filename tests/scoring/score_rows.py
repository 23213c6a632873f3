"""Rows of scores as a run leaves them, written straight into the database."""

from decimal import Decimal
from typing import Any

from intake.models import CrosswalkVersion, Issue
from scoring.models import IssueScore, ScoreRun
from tests.scoring.store import NOW, TODAY, add_issue


def add_run(**fields: Any) -> ScoreRun:
    values = {
        "kind": "full",
        "today": TODAY,
        "model_version": "test",
        "crosswalk": CrosswalkVersion.objects.first(),
        "started_at": NOW,
        "finished_at": NOW,
    }
    return ScoreRun.objects.create(**values | fields)


def add_score(issue: Issue | str, rank: int | None = 1, **fields: Any) -> IssueScore:
    """One issue's row; a text makes the issue. Without a rank it stands last and has no score."""
    if isinstance(issue, str):
        issue = add_issue(issue, weight=None if rank is None else 2)
    money = {"retention": 1000, "growth": 0, "priority": 1000}
    money |= {name: fields.pop(name) for name in money if name in fields}
    weighted = None if rank is None else Decimal(money["priority"]) / 2
    values: dict[str, Any] = {
        "issue": issue,
        "run": ScoreRun.objects.first() or add_run(),
        "scored_at": NOW,
        "model": "cipf",
        "rank": rank,
        "standing": f"{rank or 99_999:05}",
        "score": weighted,
        "weighted": weighted,
        "combined": Decimal(money["retention"]) + Decimal(money["growth"]),
        **{name: Decimal(amount) for name, amount in money.items()},
        "accounts": 1,
        "warnings": []
        if rank
        else [{"kind": "add a weight", "account": None, "opportunity": None}],
    }
    return IssueScore.objects.create(**values | fields)
