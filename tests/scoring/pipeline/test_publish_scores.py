"""From demand in the database to labels in GitLab, with the scores that the portal computes."""

import pytest

from intake.models import Issue
from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Sandbox
from scoring.pipeline.score import score_changes, score_everything
from tests.scoring.label_desk import LabelDesk, row_of
from tests.scoring.store import add_account, add_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway) -> LabelDesk:
    return LabelDesk(sandbox, gitlab)


def plant_four(desk: LabelDesk) -> list[Issue]:
    """One group and type; three accounts ask for each, with 10, 7, 4 and 1 points."""
    accounts = [add_account(f"Customer {n}", 100_000, changed_at=desk.now) for n in range(3)]
    issues = []
    for points in (10, 7, 4, 1):
        issue = desk.plant("type::feature", "group::code review", bucket=0)
        Issue.objects.filter(pk=issue.pk).update(weight=2)
        desk.act(issue, "weight", value=2)
        for account in accounts:
            add_link(issue, account, points)
        issues.append(issue)
    return issues


def test_quartiles_urgency_and_intent_reach_gitlab(desk: LabelDesk) -> None:
    issues = plant_four(desk)
    score_everything(now=desk.now)
    assert desk.publish() == 4
    told = zip(issues, ("churn-risk", "blocker", "important", "nice-to-have"), strict=True)
    for bucket, (issue, urgency) in enumerate(told, 1):
        assert set(row_of(issue).labels) <= desk.labels(issue)
        assert desk.labels(issue) == {
            "type::feature",
            "group::code review",
            f"customer-priority-score::{bucket}",
            f"customer-urgency::{urgency}",
            "customer-intent::retain",
        }
    score_everything(now=desk.now)
    assert desk.publish() == 0
    assert desk.calls() == []


def test_a_change_of_demand_moves_them(desk: LabelDesk) -> None:
    issues = plant_four(desk)
    score_everything(now=desk.now)
    desk.publish()
    desk.advance(minutes=5)
    desk.act(issues[0], "close")
    desk.mirror()
    score_changes(now=desk.now)
    desk.publish()
    assert desk.labels(issues[0]) == {"type::feature", "group::code review"}
    # Three are too few to be sorted into quarters; how grave each is stays told.
    assert [
        sorted(name for name in desk.labels(issue) if "customer" in name) for issue in issues[1:]
    ] == [
        ["customer-intent::retain", f"customer-urgency::{urgency}"]
        for urgency in ("blocker", "important", "nice-to-have")
    ]
