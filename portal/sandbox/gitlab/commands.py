"""What each quick action does to the issue it was posted on."""

import re
from collections.abc import Callable
from typing import Any

from portal.sandbox.gitlab.desk import Changes, Desk
from portal.sandbox.gitlab.model import Issue, User
from portal.sandbox.gitlab.quick_actions import Command

LABELS = re.compile(r'~"([^"]+)"|~(\S+)')
Done = tuple[dict[str, Any], str] | None
Action = Callable[[Desk, Issue, User, str], Done]


def apply_commands(
    desk: Desk, issue: Issue, by: User, commands: list[Command]
) -> tuple[dict[str, Any], list[str]]:
    """Execute; returns GitLab's `commands_changes` and the sentences of its `summary`."""
    told: dict[str, Any] = {}
    summary: list[str] = []
    for name, argument in commands:
        done = ACTIONS[name](desk, issue, by, argument)
        if done is not None:
            told |= done[0]
            summary.append(done[1])
        facts = {"command": name, "argument": argument, "author": by.username}
        where = {"project_id": issue.project_id, "iid": issue.iid}
        desk.hub.events.add("quick_action", **where, **facts, done=done is not None)
    return told, summary


def _set(changes: Changes, told: dict[str, Any], words: str) -> Action:
    def run(desk: Desk, issue: Issue, by: User, _argument: str) -> Done:
        desk.change_issue(issue, by, changes)
        return told, words

    return run


def _say(words: str) -> Action:
    return lambda _desk, _issue, _by, _argument: ({}, words)


def _set_weight(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    if not argument.isdigit():
        return None
    desk.change_issue(issue, by, {"weight": int(argument)})
    return {"weight": int(argument)}, f"Set weight to {argument}."


def _set_title(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    if not argument:
        return None
    desk.change_issue(issue, by, {"title": argument})
    return {"title": argument}, f'Changed the title to "{argument}".'


def _read_labels(argument: str) -> list[str]:
    return [quoted or plain for quoted, plain in LABELS.findall(argument)] or argument.split()


def _add_labels(
    desk: Desk, issue: Issue, by: User, argument: str, *, replace: bool = False
) -> Done:
    """Only labels that exist; a quick action makes none."""
    project = desk.hub.state.gitlab.projects[issue.project_id]
    known = [name for name in _read_labels(argument) if name in project.labels]
    if not known:
        return None
    desk.change_issue(issue, by, {"labels": (*(() if replace else issue.labels), *known)})
    ids = [project.labels[name].id for name in known]
    return {"add_label_ids": ids}, f"Added {' '.join('~' + name for name in known)} labels."


def _replace_labels(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    return _add_labels(desk, issue, by, argument, replace=True)


def _remove_labels(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    project = desk.hub.state.gitlab.projects[issue.project_id]
    gone = [name for name in _read_labels(argument) if name in project.labels] or issue.labels
    ids = [project.labels[name].id for name in gone]
    desk.change_issue(issue, by, {"labels": tuple(n for n in issue.labels if n not in gone)})
    return {"remove_label_ids": ids}, "Removed labels."


def _assign(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    users = desk.hub.state.gitlab.users.values()
    wanted = [word.lstrip("@") for word in argument.split()]
    ids = tuple(u.id for u in users if u.username in wanted or ("me" in wanted and u is by))
    if not ids:
        return None
    desk.change_issue(issue, by, {"assignee_ids": ids})
    return {"assignee_ids": list(ids)}, "Changed assignees."


def _mark_duplicate(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    project = desk.hub.state.gitlab.projects[issue.project_id]
    match = re.search(r"#(\d+)", argument)
    original = project.issues.get(int(match[1])) if match else None
    if original is None or original is issue:
        return None
    desk.mark_duplicate(issue, original, by)
    words = f"Closed this issue. Marked as related to, and a duplicate of, {argument}."
    return {"canonical_issue_id": original.id}, words


def _move(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    target = desk.hub.state.gitlab.project_by_path(argument)
    if target is None or target.id == issue.project_id:
        return None
    desk.move_issue(issue, target, by)
    return {"target_project": target.id}, f"Moved this issue to {target.path}."


def _set_milestone(desk: Desk, issue: Issue, by: User, argument: str) -> Done:
    project = desk.hub.state.gitlab.projects[issue.project_id]
    title = argument.lstrip("%").strip('"')
    found = next((m.id for m in project.milestones.values() if m.title == title), None)
    if found is None:
        return None
    desk.change_issue(issue, by, {"milestone_id": found})
    return {"milestone_id": found}, f"Set the milestone to {argument}."


def _promote(desk: Desk, issue: Issue, by: User, _argument: str) -> Done:
    desk.promote_issue(issue, by)
    return {}, "Promoted issue to an epic."


ACTIONS: dict[str, Action] = {
    "close": _set({"state": "closed"}, {"state_event": "close"}, "Closed this issue."),
    "reopen": _set({"state": "opened"}, {"state_event": "reopen"}, "Reopened this issue."),
    "label": _add_labels,
    "relabel": _replace_labels,
    "unlabel": _remove_labels,
    "weight": _set_weight,
    "clear_weight": _set({"weight": None}, {"weight": None}, "Cleared weight."),
    "confidential": _set({"confidential": True}, {"confidential": True}, "Made confidential."),
    "duplicate": _mark_duplicate,
    "assign": _assign,
    "unassign": _set({"assignee_ids": ()}, {"assignee_ids": []}, "Removed assignees."),
    "title": _set_title,
    "milestone": _set_milestone,
    "remove_milestone": _set({"milestone_id": None}, {"milestone_id": None}, "Removed milestone."),
    "move": _move,
    "promote": _promote,
    "due": _say("Ran due."),
    "subscribe": _say("Subscribed to notifications."),
    "todo": _say("Added a to-do item."),
    "relate": _say("Ran relate."),
}
