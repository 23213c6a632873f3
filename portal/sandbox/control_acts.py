"""What a person does to an issue, on order of a test or the demo; hooks are told as usual."""

from collections.abc import Callable
from typing import Any

from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.model import Issue, Note, User
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.hub import Hub
from portal.sandbox.seed import put_milestone
from portal.sandbox.state import GitLabState

Order = dict[str, Any]
Act = Callable[[Desk, Issue, User, Order], Any]


def find_issue(hub: Hub, parts: dict[str, str]) -> Issue:
    return hub.state.gitlab.projects[int(parts["project"])].issues[int(parts["iid"])]


def find_actor(hub: Hub, order: Order) -> User:
    name = order.get("author", "dana")
    for user in hub.state.gitlab.users.values():
        if user.username == name:
            return user
    raise KeyError(name)


def show_note(state: GitLabState, note: Note) -> Order:
    author = state.users.get(note.author_id)
    return {
        "id": note.id,
        "project_id": note.project_id,
        "iid": note.iid,
        "author": author.username if author else "ghost",
        "author_id": note.author_id,
        "internal": note.internal,
        "system": note.system,
        "body": note.body,
        "deleted": note.deleted,
        "created_at": note.created_at.isoformat(),
        "updated_at": note.updated_at.isoformat(),
    }


def show_issue(hub: Hub, issue: Issue) -> Order:
    shape = Presenter(hub.state.gitlab, hub.addresses["gitlab"]).issue(issue)
    return shape | {"duplicated_to_id": issue.duplicated_to_id, "promoted": issue.promoted}


def _find_note(desk: Desk, order: Order) -> Note:
    return desk.hub.state.gitlab.note_ids[int(order["note_id"])]


def _add_note(desk: Desk, issue: Issue, by: User, order: Order) -> Any:
    note = desk.add_note(issue, by, order["body"], internal=bool(order.get("internal")))
    return show_note(desk.hub.state.gitlab, note)


def _edit_note(desk: Desk, _issue: Issue, by: User, order: Order) -> Any:
    note = _find_note(desk, order)
    desk.edit_note(note, by, order["body"])
    return show_note(desk.hub.state.gitlab, note)


def _delete_note(desk: Desk, _issue: Issue, _by: User, order: Order) -> Any:
    note = _find_note(desk, order)
    desk.delete_note(note)
    return show_note(desk.hub.state.gitlab, note)


def _set(desk: Desk, issue: Issue, by: User, **changes: Any) -> Any:
    desk.change_issue(issue, by, changes)
    return show_issue(desk.hub, issue)


def _set_labels(desk: Desk, issue: Issue, by: User, order: Order) -> Any:
    wanted = [*order.get("set", issue.labels), *order.get("add", [])]
    gone = order.get("remove", [])
    return _set(desk, issue, by, labels=tuple(name for name in wanted if name not in gone))


def _move(desk: Desk, issue: Issue, by: User, order: Order) -> Any:
    target = desk.hub.state.gitlab.projects[int(order["to_project_id"])]
    return show_issue(desk.hub, desk.move_issue(issue, target, by))


def _mark_duplicate(desk: Desk, issue: Issue, by: User, order: Order) -> Any:
    project_id = int(order.get("of_project_id", issue.project_id))
    original = desk.hub.state.gitlab.projects[project_id].issues[int(order["of_iid"])]
    desk.mark_duplicate(issue, original, by)
    return show_issue(desk.hub, issue)


def _set_milestone(desk: Desk, issue: Issue, by: User, order: Order) -> Any:
    if not order.get("title"):
        return _set(desk, issue, by, milestone_id=None)
    milestone = put_milestone(desk.hub.state, issue.project_id, order)
    return _set(desk, issue, by, milestone_id=milestone.id)


def _delete(desk: Desk, issue: Issue, _by: User, _order: Order) -> Any:
    desk.delete_issue(issue)
    return {}


def _promote(desk: Desk, issue: Issue, by: User, _order: Order) -> Any:
    desk.promote_issue(issue, by)
    return show_issue(desk.hub, issue)


ACTS: dict[str, Act] = {
    "note": _add_note,
    "edit_note": _edit_note,
    "delete_note": _delete_note,
    "labels": _set_labels,
    "close": lambda d, i, u, _: _set(d, i, u, state="closed"),
    "reopen": lambda d, i, u, _: _set(d, i, u, state="opened"),
    "move": _move,
    "duplicate": _mark_duplicate,
    "confidential": lambda d, i, u, o: _set(d, i, u, confidential=bool(o.get("value", True))),
    "title": lambda d, i, u, o: _set(d, i, u, title=o["title"]),
    "description": lambda d, i, u, o: _set(d, i, u, description=o["description"]),
    "milestone": _set_milestone,
    "weight": lambda d, i, u, o: _set(d, i, u, weight=o["value"]),
    "delete": _delete,
    "promote": _promote,
}
