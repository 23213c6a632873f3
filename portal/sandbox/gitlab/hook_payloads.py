"""The bodies of GitLab's issue and note events. Times in the webhooks' own style.

https://docs.gitlab.com/user/project/integrations/webhook_events/
"""

from datetime import datetime
from typing import Any

from portal.sandbox.gitlab.model import Issue, Note, Project, User
from portal.sandbox.gitlab.present import LEVELS, Presenter, show_day
from portal.sandbox.hub import Hub

Shape = dict[str, Any]
STATE_IDS = {"opened": 1, "closed": 2}
PLAIN = ("title", "description", "confidential", "weight", "milestone_id")


def show_hook_time(moment: datetime | None) -> str | None:
    """Webhook style: 2026-01-31 10:00:00 UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else None


def build_issue_event(hub: Hub, issue: Issue, by: User, action: str, before: Shape) -> Shape:
    project = hub.state.gitlab.projects[issue.project_id]
    attributes = _issue_attributes(hub, issue) | {"action": action}
    return {
        "object_kind": "issue",
        "event_type": "confidential_issue" if issue.confidential else "issue",
        "user": _user(by),
        "project": _project(hub, project),
        "object_attributes": attributes,
        "labels": _labels(project, issue.labels),
        "changes": _changes(project, issue, before),
        "repository": {"name": project.path.rpartition("/")[2], "homepage": attributes["url"]},
        "assignees": [],
    }


def build_note_event(
    hub: Hub, note: Note, issue: Issue, by: User, action: str, *, hidden: bool
) -> Shape:
    project = hub.state.gitlab.projects[issue.project_id]
    url = Presenter(hub.state.gitlab, hub.addresses["gitlab"]).issue_url(issue)
    act = {"action": action}
    return {
        "object_kind": "note",
        "event_type": "confidential_note" if hidden else "note",
        "user": _user(by),
        "project_id": project.id,
        "project": _project(hub, project),
        "object_attributes": _note_attributes(note, issue) | {"url": f"{url}#note_{note.id}"} | act,
        "repository": {"name": project.path.rpartition("/")[2], "homepage": url},
        "issue": _issue_attributes(hub, issue) | {"labels": _labels(project, issue.labels)},
    }


def _note_attributes(note: Note, issue: Issue) -> Shape:
    return {
        "id": note.id,
        "internal": note.internal,
        "note": note.body,
        "noteable_type": "Issue",
        "author_id": note.author_id,
        "created_at": show_hook_time(note.created_at),
        "updated_at": show_hook_time(note.updated_at),
        "project_id": note.project_id,
        "attachment": None,
        "noteable_id": issue.id,
        "system": note.system,
        "description": note.body,
    }


def _user(user: User) -> Shape:
    return {
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "avatar_url": None,
        "email": "[REDACTED]",
    }


def _project(hub: Hub, project: Project) -> Shape:
    namespace, _, name = project.path.rpartition("/")
    return {
        "id": project.id,
        "name": name,
        "description": None,
        "web_url": f"{hub.addresses['gitlab']}/{project.path}",
        "namespace": namespace,
        "visibility_level": LEVELS[project.visibility],
        "path_with_namespace": project.path,
        "default_branch": "main",
    }


def _labels(project: Project, names: tuple[str, ...]) -> list[Shape]:
    found = [project.labels[name] for name in names if name in project.labels]
    return [
        {"id": label.id, "title": label.name, "color": label.color, "project_id": project.id}
        for label in found
    ]


def _issue_attributes(hub: Hub, issue: Issue) -> Shape:
    presenter = Presenter(hub.state.gitlab, hub.addresses["gitlab"])
    return {
        "id": issue.id,
        "iid": issue.iid,
        "project_id": issue.project_id,
        "title": issue.title,
        "description": issue.description,
        "author_id": issue.author_id,
        "created_at": show_hook_time(issue.created_at),
        "updated_at": show_hook_time(issue.updated_at),
        "closed_at": show_hook_time(issue.closed_at),
        "confidential": issue.confidential,
        "due_date": show_day(issue.due_on),
        "duplicated_to_id": issue.duplicated_to_id,
        "moved_to_id": issue.moved_to_id,
        "milestone_id": issue.milestone_id,
        "state_id": STATE_IDS[issue.state],
        "state": issue.state,
        "type": issue.issue_type.capitalize(),
        "weight": issue.weight,
        "url": presenter.issue_url(issue),
        "assignee_ids": list(issue.assignee_ids),
        "labels": _labels(hub.state.gitlab.projects[issue.project_id], issue.labels),
    }


def _changes(project: Project, issue: Issue, before: Shape) -> Shape:
    """Previous and current value of every changed attribute."""
    changes: Shape = {}
    for name in PLAIN:
        if name in before:
            changes[name] = {"previous": before[name], "current": getattr(issue, name)}
    if "state" in before:
        was, now = STATE_IDS[before["state"]], STATE_IDS[issue.state]
        changes["state_id"] = {"previous": was, "current": now}
    if "labels" in before:
        was_labels = _labels(project, before["labels"])
        changes["labels"] = {"previous": was_labels, "current": _labels(project, issue.labels)}
    if "updated_at" in before:
        was_at, now_at = show_hook_time(before["updated_at"]), show_hook_time(issue.updated_at)
        changes["updated_at"] = {"previous": was_at, "current": now_at}
    return changes
