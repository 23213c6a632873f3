"""Changes to issues, by whomever: the API, a quick action, a web hook or a person in a test.

Every change writes the system notes GitLab writes and tells the hooks.
"""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.sandbox.gitlab.label_events import copy_label_events, record_labels
from portal.sandbox.gitlab.labels import exclude_scoped, make_label
from portal.sandbox.gitlab.model import Issue, Note, Project, User
from portal.sandbox.gitlab.webhooks import WebhookSender
from portal.sandbox.hub import Hub

Changes = dict[str, Any]
COPIED = ("title", "description", "labels", "weight", "confidential", "issue_type", "due_on")


def read_clock() -> datetime:
    return datetime.now(UTC)


class Desk:
    """Writes to the state under its lock, which the caller holds."""

    def __init__(self, hub: Hub, webhooks: WebhookSender) -> None:
        self.hub = hub
        self.webhooks = webhooks

    def _tick(self, issue: Issue | None = None) -> datetime:
        """Now, and always later than the issue's last change."""
        now = read_clock()
        if issue is not None and now <= issue.updated_at:
            now = issue.updated_at + timedelta(milliseconds=1)
        return now

    def create_issue(
        self, project: Project, by: User, values: Changes, *, quiet: bool = False
    ) -> Issue:
        """`values` are Issue fields; `quiet` is for seeding: no hook is told."""
        state, now = self.hub.state.gitlab, self._tick()
        values = {"created_at": now, "updated_at": now, "description": "", **values}
        iid = values.pop("iid", None) or project.next_iid
        project.next_iid = max(project.next_iid, iid + 1)
        issue_id = state.next_id("issue", 50_000)
        author = values.pop("author_id", by.id)
        labels = exclude_scoped(tuple(values.pop("labels", ())), ())
        issue = Issue(id=issue_id, iid=iid, project_id=project.id, author_id=author, **values)
        issue.labels = self._known_labels(project, labels)
        record_labels(state, issue, by, (), now)
        project.issues[iid] = issue
        state.issue_ids[issue.id] = issue
        project.touch(issue)
        if not quiet:
            self.webhooks.tell_issue(issue, by, "open", {})
        return issue

    def _known_labels(self, project: Project, names: tuple[str, ...]) -> tuple[str, ...]:
        """Unknown labels come to be; known ones keep their spelling; sorted by name."""
        known = {make_label(self.hub.state.gitlab, project, name).name for name in names}
        return tuple(sorted(known, key=str.lower))

    def change_issue(self, issue: Issue, by: User, changes: Changes) -> None:
        """Set Issue fields; nothing happens for values that are already so."""
        project = self.hub.state.gitlab.projects[issue.project_id]
        if "labels" in changes:
            wanted = exclude_scoped(tuple(changes["labels"]), issue.labels)
            changes = {**changes, "labels": self._known_labels(project, wanted)}
        known = {field.name for field in fields(Issue)}
        before = {k: getattr(issue, k) for k, v in changes.items() if getattr(issue, k) != v}
        if not before or not set(changes) <= known:
            return
        now = self._tick(issue)
        before["updated_at"] = issue.updated_at
        for name, value in changes.items():
            setattr(issue, name, value)
        issue.updated_at = now
        if "state" in before:
            closed = issue.state == "closed"
            issue.closed_at, issue.closed_by_id = (now, by.id) if closed else (None, None)
        project.touch(issue)
        self._write_history(issue, by, before)
        action = {"opened": "reopen", "closed": "close"}[issue.state]
        self.webhooks.tell_issue(issue, by, action if "state" in before else "update", before)

    def _write_history(self, issue: Issue, by: User, before: Changes) -> None:
        if "labels" in before:
            record_labels(self.hub.state.gitlab, issue, by, before["labels"], issue.updated_at)
            added = [f"~{n}" for n in issue.labels if n not in before["labels"]]
            gone = [f"~{n}" for n in before["labels"] if n not in issue.labels]
            parts = [f"added {' '.join(added)}" if added else ""]
            parts.append(f"removed {' '.join(gone)}" if gone else "")
            self.add_system_note(issue, by, " and ".join(p for p in parts if p) + " labels")
        if "title" in before:
            words = f"changed title from **{before['title']}** to **{issue.title}**"
            self.add_system_note(issue, by, words)
        if "description" in before:
            self.add_system_note(issue, by, "changed the description")
        if "confidential" in before:
            sight = "confidential" if issue.confidential else "visible to everyone"
            self.add_system_note(issue, by, f"made the issue {sight}")
        if "weight" in before:
            words = f"set weight to **{issue.weight}**" if issue.weight else "removed the weight"
            self.add_system_note(issue, by, words)
        if "milestone_id" in before:
            self.add_system_note(issue, by, self._milestone_words(issue))
        if "state" in before:
            words = "closed" if issue.state == "closed" else "reopened"
            self.add_system_note(issue, by, words)

    def _milestone_words(self, issue: Issue) -> str:
        project = self.hub.state.gitlab.projects[issue.project_id]
        milestone = project.milestones.get(issue.milestone_id or 0)
        return f'changed milestone to %"{milestone.title}"' if milestone else "removed milestone"

    def add_system_note(self, issue: Issue, by: User, body: str) -> Note:
        now = self._tick()
        return self._append_note(issue, by, body, now, internal=False, system=True)

    def _append_note(
        self, issue: Issue, by: User, body: str, at: datetime, *, internal: bool, system: bool
    ) -> Note:
        state = self.hub.state.gitlab
        note_id = state.next_id("note", 300_000)
        project_id, iid = issue.project_id, issue.iid
        note = Note(note_id, project_id, iid, by.id, body, internal, system, at, at)
        issue.notes.append(note)
        state.note_ids[note.id] = note
        return note

    def add_note(self, issue: Issue, by: User, body: str, *, internal: bool) -> Note:
        """A comment. Bumps the issue's `updated_at`, as GitLab mostly does, and tells the hooks."""
        issue.updated_at = self._tick(issue)
        note = self._append_note(issue, by, body, issue.updated_at, internal=internal, system=False)
        self.hub.state.gitlab.projects[issue.project_id].touch(issue)
        self.webhooks.tell_note(note, issue, by, "create")
        return note

    def edit_note(self, note: Note, by: User, body: str) -> None:
        issue = self.hub.state.gitlab.projects[note.project_id].issues[note.iid]
        if note.body != body:
            note.body = body
            note.updated_at = max(self._tick(), note.updated_at + timedelta(milliseconds=1))
            self.webhooks.tell_note(note, issue, by, "update")

    def delete_note(self, note: Note) -> None:
        """The note is gone for every reader; there is no event for it. Kept for verdicts."""
        note.deleted = True
        note.updated_at = self._tick()

    def move_issue(self, issue: Issue, target: Project, by: User) -> Issue:
        """Close here, copy there with all notes; the copy has new ids."""
        values = {name: getattr(issue, name) for name in COPIED}
        values |= {"author_id": issue.author_id, "created_at": issue.created_at}
        source = self.hub.state.gitlab.projects[issue.project_id]
        copy = self.create_issue(target, by, values)
        copy_label_events(self.hub.state.gitlab, issue, copy)
        for note in issue.live_notes():
            author = self.hub.state.gitlab.users.get(note.author_id, by)
            told = {"internal": note.internal, "system": note.system}
            self._append_note(copy, author, note.body, note.created_at, **told)
        self.add_system_note(copy, by, f"moved from {source.path}#{issue.iid}")
        self.add_system_note(issue, by, f"moved to {target.path}#{copy.iid}")
        self.change_issue(issue, by, {"state": "closed", "moved_to_id": copy.id})
        return copy

    def mark_duplicate(self, issue: Issue, original: Issue, by: User) -> None:
        path = self.hub.state.gitlab.projects[original.project_id].path
        same = original.project_id == issue.project_id
        words = f"#{original.iid}" if same else f"{path}#{original.iid}"
        self.add_system_note(issue, by, f"marked this issue as a duplicate of {words}")
        self.link_issues(issue, original, "relates_to")
        self.change_issue(issue, by, {"state": "closed", "duplicated_to_id": original.id})

    def promote_issue(self, issue: Issue, by: User) -> None:
        """To an epic: closed here, with GitLab's system note."""
        self.add_system_note(issue, by, "promoted to epic &1")
        self.change_issue(issue, by, {"state": "closed", "promoted": True})

    def link_issues(self, one: Issue, other: Issue, kind: str) -> int:
        link_id = self.hub.state.gitlab.next_id("link", 800)
        opposite = {"blocks": "is_blocked_by", "is_blocked_by": "blocks"}.get(kind, kind)
        one.links[other.id] = (link_id, kind)
        other.links[one.id] = (link_id, opposite)
        return link_id

    def delete_issue(self, issue: Issue) -> None:
        """Gone without an event, as in GitLab."""
        state = self.hub.state.gitlab
        project = state.projects[issue.project_id]
        project.issues.pop(issue.iid, None)
        state.issue_ids.pop(issue.id, None)
        for note in issue.notes:
            note.deleted = True
        project.touch(issue)
