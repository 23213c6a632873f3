"""GitLab's things, as plain records."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

GUEST, PLANNER, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 15, 20, 30, 40, 50


@dataclass(slots=True)
class User:
    id: int
    username: str
    name: str
    bot: bool = False
    email: str = ""


@dataclass(slots=True)
class Token:
    """`active` is false once revoked; an expired one is told from `expires_on`."""

    id: int
    value: str
    user_id: int
    scopes: tuple[str, ...]
    expires_on: date | None = None
    active: bool = True


@dataclass(slots=True)
class Label:
    id: int
    name: str
    color: str = "#6699cc"
    description: str = ""


@dataclass(slots=True)
class Milestone:
    id: int
    iid: int
    project_id: int
    title: str
    due_on: date | None
    state: str
    created_at: datetime


@dataclass(slots=True)
class Note:
    id: int
    project_id: int
    iid: int
    author_id: int
    body: str
    internal: bool
    system: bool
    created_at: datetime
    updated_at: datetime
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """`action` is add or remove."""

    id: int
    user_id: int
    label: str
    action: str
    created_at: datetime


@dataclass(slots=True)
class Issue:
    """`id` is global, `iid` counts in the project; `notes` includes deleted ones."""

    id: int
    iid: int
    project_id: int
    title: str
    description: str
    author_id: int
    created_at: datetime
    updated_at: datetime
    state: str = "opened"
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    labels: tuple[str, ...] = ()
    milestone_id: int | None = None
    weight: int | None = None
    confidential: bool = False
    issue_type: str = "issue"
    assignee_ids: tuple[int, ...] = ()
    due_on: date | None = None
    moved_to_id: int | None = None
    duplicated_to_id: int | None = None
    promoted: bool = False
    links: dict[int, tuple[int, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    label_events: list[LabelEvent] = field(default_factory=list)

    def live_notes(self) -> list[Note]:
        return [note for note in self.notes if not note.deleted]


@dataclass(slots=True)
class Hook:
    id: int
    project_id: int
    url: str
    token: str = ""
    signing_token: str = ""
    events: dict[str, bool] = field(default_factory=dict)
    failures: int = 0
    disabled: bool = False


@dataclass(slots=True)
class Project:
    """`orders` are its issues sorted, mended where `stale` says; `kept` are filtered lists."""

    id: int
    path: str
    visibility: str
    created_at: datetime
    members: dict[int, int] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    releases: list[dict[str, Any]] = field(default_factory=list)
    old_paths: set[str] = field(default_factory=set)
    next_iid: int = 1
    orders: dict[str, list[Issue]] = field(default_factory=dict)
    stale: dict[str, dict[int, Issue]] = field(default_factory=dict)
    kept: dict[Any, list[Issue]] = field(default_factory=dict)

    def touch(self, issue: Issue | None = None) -> None:
        """Something changed: one issue, or what every list depends on."""
        self.kept.clear()
        if issue is None:
            self.orders.clear()
            self.stale.clear()
        for name in self.orders:
            if issue is not None:
                self.stale.setdefault(name, {})[issue.id] = issue
