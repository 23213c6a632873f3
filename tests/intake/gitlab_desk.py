"""A tracker in the sandbox that people write into, and the portal that reads it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from intake.models import CustomerLink, Issue
from intake.pipeline.count_demand import count_due_demand
from intake.pipeline.follow_issue import follow_changes
from intake.pipeline.mirror import mirror_project
from intake.pipeline.read_notes import read_due_notes
from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Sandbox

PLATFORM = "larkfield/platform"
CLASSIC = "https://larkfield.my.salesforce.com"


def link_to(salesforce_id: str, points: int | None = None) -> str:
    label = f' ~"customer priority::{points}"' if points is not None else ""
    return f"They ask for this: {CLASSIC}/{salesforce_id}{label}"


@dataclass
class Desk:
    """`write` and the like are people in GitLab; `read` is one round of the portal."""

    sandbox: Sandbox
    gitlab: GitLabGateway
    clock: Callable[..., Any]
    notes: list[int] = field(default_factory=list)

    def plant(self, count: int = 1, **fields: Any) -> list[int]:
        rows = [
            {"project_id": 101, "title": f"Wish number {number}", "description": "x", **fields}
            for number in range(count)
        ]
        return [made["iid"] for made in self.sandbox.seed({"issues": rows})["issues"]]

    def write(self, iid: int, body: str, **fields: Any) -> int:
        return int(self.sandbox.act(101, iid, "note", body=body, **fields)["id"])

    def edit(self, iid: int, note_id: int, body: str) -> None:
        self.sandbox.act(101, iid, "edit_note", note_id=note_id, body=body)

    def delete(self, iid: int, note_id: int) -> None:
        self.sandbox.act(101, iid, "delete_note", note_id=note_id)

    def read(self, *, everything: bool = False) -> None:
        self.clock.advance(minutes=1)  # type: ignore[attr-defined]
        mirror_project(PLATFORM, gitlab=self.gitlab, clock=self.clock, everything=everything)
        follow_changes(gitlab=self.gitlab, clock=self.clock)
        assert read_due_notes(gitlab=self.gitlab, clock=self.clock)
        assert count_due_demand(clock=self.clock)


def demands(link: CustomerLink) -> list[tuple[str, int | None, int]]:
    rows = link.demands.order_by("kind", "opportunity")
    return [(row.kind, row.opportunity_id, row.points) for row in rows]


def links() -> dict[tuple[int, str], CustomerLink]:
    """By the issue's number and the account's name."""
    rows = CustomerLink.objects.select_related("issue", "account")
    return {(link.issue.iid, link.account.name): link for link in rows}


def issue(iid: int) -> Issue:
    return Issue.objects.get(iid=iid)
