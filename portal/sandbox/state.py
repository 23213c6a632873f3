"""Everything the two services remember, in memory, under one lock."""

import threading
from dataclasses import dataclass, field
from typing import Any

from portal.sandbox.gitlab.model import Hook, Issue, Note, Project, Token, User

Row = dict[str, Any]


@dataclass(slots=True)
class GitLabState:
    """`issue_ids` finds an issue by its global id."""

    users: dict[int, User] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    issue_ids: dict[int, Issue] = field(default_factory=dict)
    note_ids: dict[int, Note] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    imported: dict[str, int] = field(default_factory=dict)
    deliveries: list[Row] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)

    def next_id(self, kind: str, start: int) -> int:
        self.counters[kind] = self.counters.get(kind, start) + 1
        return self.counters[kind]

    def project_by_path(self, path: str) -> Project | None:
        wanted = path.lower()
        return next((p for p in self.projects.values() if p.path.lower() == wanted), None)

    def project_by_old_path(self, path: str) -> Project | None:
        wanted = path.lower()
        return next((p for p in self.projects.values() if wanted in p.old_paths), None)


@dataclass(slots=True)
class SalesforceState:
    """`rows[object][id18]` is one record with every field of the schema."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    cursors: dict[str, list[Row]] = field(default_factory=dict)
    missing_fields: set[str] = field(default_factory=set)
    used: int = 0
    limit: int = 100_000
    counters: dict[str, int] = field(default_factory=dict)


class State:
    """`generation` goes up at every reset, so that late work knows it is out of date."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.generation = 0
        self.gitlab = GitLabState()
        self.salesforce = SalesforceState()

    def clear(self) -> None:
        """Forget everything but the registered keys."""
        keys = self.salesforce.keys
        self.generation += 1
        self.gitlab = GitLabState()
        self.salesforce = SalesforceState(keys=keys)
