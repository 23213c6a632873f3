"""The real gateway, with something happening in between: what another worker or a person does."""

from collections.abc import Callable, Iterator
from typing import Any

from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey, IssueRecord, NoteRecord
from portal.sandbox.client import Sandbox


def nothing() -> None:
    """Nobody interrupts."""


class InterruptedGateway(GitLabGateway):
    """Each interruption comes once."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox.gitlab_url, "sandbox-token", timeout=5, write_deadline=5)
        self.after_listing: Callable[[], None] = nothing
        self.after_posting: Callable[[], None] = nothing
        self.before_creating: Callable[[], None] = nothing
        self.after_creating: Callable[[], None] = nothing

    def _interrupt(self, moment: str) -> None:
        act = getattr(self, moment)
        setattr(self, moment, nothing)
        act()

    def notes(self, key: IssueKey) -> Iterator[NoteRecord]:
        yield from list(super().notes(key))
        self._interrupt("after_listing")

    def post_note(self, key: IssueKey, body: str, *, is_internal: bool) -> NoteRecord:
        note = super().post_note(key, body, is_internal=is_internal)
        self._interrupt("after_posting")
        return note

    def find_issue_by_marker(self, project_id: int, marker: str) -> IssueRecord | None:
        found = super().find_issue_by_marker(project_id, marker)
        self._interrupt("before_creating")
        return found

    def create_issue(self, project_id: int, **fields: Any) -> IssueRecord:
        made = super().create_issue(project_id, **fields)
        self._interrupt("after_creating")
        return made
