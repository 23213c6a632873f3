"""The hand at the portal's database while publishers of labels are killed.

One order in JSON a line, one answer in JSON a line.
"""

import json
import sys
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from intake.models import CrosswalkVersion, Issue
from intake.pipeline.mirror import mirror_project
from portal.gateways import connect
from scoring.models import IssueScore, PublishedLabels, RunKind, ScoreRun


def lay_out() -> dict[str, Any]:
    """Tables, issues as GitLab has them, and a score for each."""
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    mirror_project("larkfield/platform", gitlab=connect.gitlab(), clock=timezone.now)
    run = ScoreRun.objects.create(
        kind=RunKind.FULL,
        model_version="test",
        crosswalk=CrosswalkVersion.objects.all()[0],
        today=now.date(),
        started_at=now,
    )
    values = {"run": run, "scored_at": now, "model": "cipf", "accounts": 3}
    values |= {"bucket": 1, "urgency": "blocker", "intent": "retain"}
    IssueScore.objects.bulk_create(IssueScore(issue=row, **values) for row in Issue.objects.all())
    return {}


def pass_claims() -> dict[str, Any]:
    """As if the minutes had gone by that a claim lasts."""
    PublishedLabels.objects.update(due_at=None)
    return {}


def count() -> dict[str, Any]:
    rows = PublishedLabels.objects.values_list("labels", "attempted")
    return {
        "ours": sum(len(labels) for labels, _ in rows),
        "unfinished": sum(bool(attempted) for _, attempted in rows),
    }


ORDERS = {"lay_out": lay_out, "pass_claims": pass_claims, "count": count}


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ORDERS[order.pop("do")](**order)), flush=True)
