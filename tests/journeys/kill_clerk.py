"""The hand at the portal's database while workers are killed: sends requests, sweeps, counts.

One order in JSON a line, one answer in JSON a line.
"""

import json
import sys
import threading
from collections import Counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from intake import tasks
from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.draft import RequestText, SubmissionDraft
from intake.models import CustomerLink, Issue, Submission
from intake.pipeline.index import update_index
from intake.pipeline.mirror import mirror_project
from portal.gateways import connect
from portal.models import Account, Membership, Role, User

PERIOD = 1.5  # seconds between two sweeps


def lay_out(accounts: list[str]) -> dict[str, Any]:
    """Tables, one person and one organisation for each account id, issues as GitLab has them."""

    call_command("migrate", interactive=False, verbosity=0)
    for number, salesforce_id in enumerate(accounts):
        account = Account.objects.create(
            salesforce_id=salesforce_id, name=f"Customer {number}", refreshed_at=timezone.now()
        )
        person = User.objects.create_user(f"person{number}@customer{number}.example")
        Membership.objects.create(user=person, account=account, basis=Membership.Basis.STAFF)
    User.objects.create_user("tam@larkfield.example", role=Role.TAM)
    mirror_project("larkfield/platform", gitlab=connect.gitlab(), clock=timezone.now)
    update_index(settings.INDEX_DIR, holder="the kill test")
    threading.Thread(target=sweep_for_ever, daemon=True).start()
    return {}


def sweep_for_ever() -> None:
    """What beat rings for, more often."""

    while True:
        tasks._sweep()
        threading.Event().wait(PERIOD)


def send(account: str, iid: int, urgency: str) -> dict[str, Any]:
    """One request, joined by its author at once."""

    text = RequestText(
        summary=f"Stop unreviewed changes to folder {uuid4()}",
        problem="Anybody can merge a change to the payment folder.",
        workaround="",
        urgency=urgency,
        urgency_detail="Our auditors ask.",
        decide_by=None,
        intent="retain",
        reach=None,
        area="",
        links=(),
    )
    issue = Issue.objects.get(iid=iid)
    draft = SubmissionDraft(form_token=uuid4(), text=text, chosen_issue_id=issue.pk)
    submit(draft, by=User.objects.get(memberships__account__salesforce_id=account))
    return {}


def count() -> dict[str, Any]:
    """Requests by stage, and those that machines gave up on."""

    rows = list(Submission.objects.values_list("stage", "trouble"))
    return {
        "stages": Counter(stage for stage, _ in rows),
        "gave_up": sum(trouble == "gave_up" for _, trouble in rows),
        "refused": sum(trouble == "gitlab_refused" for _, trouble in rows),
    }


def try_again() -> dict[str, Any]:
    """A person presses the button for every request that was given up on."""

    tam = User.objects.get(email="tam@larkfield.example")
    for row in Submission.objects.filter(trouble="gave_up"):
        triage.try_again(row, by=tam)
    return {}


def list_links() -> dict[str, Any]:

    rows = CustomerLink.objects.values_list(
        "issue__iid", "account__salesforce_id", "note_state", "note_id"
    )
    return {"links": [list(row) for row in rows]}


ORDERS = {
    "lay_out": lay_out,
    "send": send,
    "count": count,
    "try_again": try_again,
    "list_links": list_links,
}


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ORDERS[order.pop("do")](**order)), flush=True)
