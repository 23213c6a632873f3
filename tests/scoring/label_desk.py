"""Issues that are in the sandbox's GitLab, mirrored and scored; and what publishing did there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from intake.models import CrosswalkVersion, Issue
from intake.pipeline.mirror import mirror_project, store_issue, store_project
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from portal.sandbox.client import Fault, Sandbox
from scoring.models import IssueScore, PublishedLabels, RunKind, ScoreRun
from scoring.pipeline.publish import publish_labels
from tests.portal_fixtures import NOW

ISSUE_PUTS = r"/issues/\d+$"
ALL_OF_OURS = {
    "customer-priority-score::1",
    "customer-urgency::blocker",
    "customer-intent::retain",
}


@dataclass
class LabelDesk:
    """`now` stands still until it is moved."""

    sandbox: Sandbox
    gitlab: GitLabGateway
    now: datetime = NOW
    mark: int = field(default=0)

    def __post_init__(self) -> None:
        crosswalk = CrosswalkVersion.objects.order_by("-number")[0]
        started = {"started_at": NOW, "finished_at": NOW, "today": NOW.date()}
        self.run = ScoreRun.objects.create(
            kind=RunKind.FULL, model_version="test", crosswalk=crosswalk, **started
        )

    def clock(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)

    def plant(self, *labels: str, project_id: int = 101, **score: Any) -> Issue:
        """Issue and score; three accounts stand behind it, enough for a public project."""
        order = {"project_id": project_id, "title": "Limit approvals", "labels": list(labels)}
        made = self.sandbox.seed({"issues": [order]})["issues"][0]
        key = IssueKey(made["project_id"], made["iid"])
        project = store_project(self.gitlab.project(key.project_id), now=self.now)
        issue = store_issue(self.gitlab.issue(key), project, now=self.now)
        if "bucket" not in score or score["bucket"] != 0:
            self.score(issue, **score)
        return issue

    def score(self, issue: Issue, **score: Any) -> None:
        values = {"bucket": 1, "urgency": "blocker", "intent": "retain", "accounts": 3} | score
        values |= {"run": self.run, "scored_at": self.now, "model": "cipf"}
        IssueScore.objects.update_or_create(issue=issue, defaults=values)

    def mirror(self, project: str = "larkfield/platform") -> None:
        self.advance(minutes=1)
        mirror_project(project, gitlab=self.gitlab, clock=self.clock, everything=True)

    def publish(self, **order: Any) -> int:
        self.mark = self.sandbox.last_seq()
        return publish_labels(gitlab=self.gitlab, clock=self.clock, **order)

    def act(self, issue: Issue, act: str, **order: Any) -> dict[str, Any]:
        return self.sandbox.act(issue.project.project_id, issue.iid, act, **order)

    def labels(self, issue: Issue) -> set[str]:
        return set(self.sandbox.issue(issue.project.project_id, issue.iid)["labels"])

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        """What was asked of GitLab since the last publishing began."""
        filters = {"kind": "request", "phase": "received", "service": "gitlab"}
        if method:
            filters["method"] = method
        return self.sandbox.events(self.mark, **filters)

    def strike(self, fault: str, method: str = "PUT", **which: Any) -> None:
        order = {"service": "gitlab", "method": method, "path": ISSUE_PUTS, "nth": 1} | which
        self.sandbox.add_faults(Fault(fault, **order))


def row_of(issue: Issue) -> PublishedLabels:
    return PublishedLabels.objects.get(pk=issue.pk)
