"""One issue: read, create, change, move, delete."""

from typing import Any

from portal.sandbox.gitlab.access import refuse, refuse_parameter
from portal.sandbox.gitlab.call import Call, parse_day
from portal.sandbox.gitlab.commands import apply_commands
from portal.sandbox.gitlab.desk import Changes, Desk
from portal.sandbox.gitlab.model import OWNER, PLANNER, Issue
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.gitlab.quick_actions import extract_commands
from portal.sandbox.wire import Response, json_response

UPDATABLE: tuple[str, ...] = (
    "title",
    "description",
    "labels",
    "add_labels",
    "remove_labels",
    "state_event",
)
UPDATABLE += ("weight", "milestone_id", "confidential", "assignee_ids", "assignee_id", "due_date")
UPDATABLE += ("issue_type", "discussion_locked", "updated_at")


def show_issue(call: Call) -> Response:
    return json_response(_present(call, call.issue))


def show_any_issue(call: Call) -> Response:
    """By global id: for administrators only, and no token here is one."""
    call.viewer.require_user()
    raise refuse(403, "403 Forbidden")


def _present(call: Call, issue: Issue) -> dict[str, Any]:
    return Presenter(call.gitlab, call.base, call.viewer).issue(issue)


def create_issue(call: Call, desk: Desk) -> Response:
    """Anybody who sees the project may; labels, weight and the like need a role."""
    by, project = call.viewer.require_user(), call.project
    title = call.require_text("title")
    values: Changes = {"title": _check_title(title)}
    text, commands = extract_commands(call.text("description") or "")
    values["description"] = text
    values["confidential"] = bool(call.flag("confidential"))
    if call.viewer.level(project) >= PLANNER:
        values |= _read_metadata(call)
        values["labels"] = tuple(call.words("labels") or ())
        iid = call.number("iid", 0)
        if iid and iid in project.issues:
            raise refuse(409, "Duplicated issue")
        values |= {"iid": iid} if iid else {}
    issue = desk.create_issue(project, by, values)
    if call.viewer.level(project) >= PLANNER:
        apply_commands(desk, issue, by, commands)
    return json_response(_present(call, issue), 201)


def _check_title(title: str) -> str:
    if not title.strip():
        raise refuse(400, {"title": ["can't be blank"]})
    if len(title) > 255:
        raise refuse(400, {"title": ["is too long (maximum is 255 characters)"]})
    return title


def _read_metadata(call: Call) -> Changes:
    values: Changes = {}
    if "weight" in call.params:
        values["weight"] = _read_weight(call)
    if "milestone_id" in call.params:
        milestone = call.number("milestone_id", 0)
        values["milestone_id"] = milestone if milestone in call.project.milestones else None
    if "due_date" in call.params:
        try:
            values["due_on"] = parse_day(call.text("due_date"))
        except ValueError:
            raise refuse_parameter("due_date is invalid") from None
    if "assignee_ids" in call.params or "assignee_id" in call.params:
        ids = call.words("assignee_ids") or call.words("assignee_id") or []
        values["assignee_ids"] = tuple(int(i) for i in ids if i.isdigit() and i != "0")
    if "issue_type" in call.params:
        values["issue_type"] = call.choice("issue_type", ("issue", "incident", "task"), "issue")
    return values


def _read_weight(call: Call) -> int | None:
    if call.params["weight"] in (None, ""):
        return None
    weight = call.number("weight", 0)
    if weight < 0:
        raise refuse(400, {"weight": ["must be greater than or equal to 0"]})
    return weight


def update_issue(call: Call, desk: Desk) -> Response:
    by, issue = call.viewer.require_user(), call.issue
    may_plan = call.viewer.level(call.project) >= PLANNER
    if not may_plan and issue.author_id != by.id:
        raise refuse(403, "403 Forbidden")
    if not set(UPDATABLE) & set(call.params):
        words = f"{', '.join(UPDATABLE)} are missing, at least one parameter must be provided"
        raise refuse_parameter(words)
    text, commands = extract_commands(call.text("description") or "")
    changes = _read_text(call, text)
    if may_plan:
        changes |= _read_metadata(call) | _read_labels(call, issue)
        if (confidential := call.flag("confidential")) is not None:
            changes["confidential"] = confidential
    desk.change_issue(issue, by, changes)
    if may_plan:
        apply_commands(desk, issue, by, commands)
    return json_response(_present(call, issue))


def _read_text(call: Call, description: str) -> Changes:
    changes: Changes = {}
    if "title" in call.params:
        changes["title"] = _check_title(call.text("title") or "")
    if "description" in call.params:
        changes["description"] = description
    if "state_event" in call.params:
        event = call.choice("state_event", ("close", "reopen"), "close")
        changes["state"] = "closed" if event == "close" else "opened"
    return changes


def _read_labels(call: Call, issue: Issue) -> Changes:
    replaced = call.words("labels")
    added, removed = call.words("add_labels") or [], call.words("remove_labels") or []
    if replaced is None and not added and not removed:
        return {}
    base = list(issue.labels) if replaced is None else replaced
    return {"labels": tuple(name for name in [*base, *added] if name not in removed)}


def move_issue(call: Call, desk: Desk) -> Response:
    by, issue = call.viewer.require_user(), call.issue
    call.require_level(PLANNER)
    target_id = call.number("to_project_id", 0) if call.require_text("to_project_id") else 0
    target = call.gitlab.projects.get(target_id)
    if target is None or not call.viewer.sees_project(target):
        raise refuse(404, "404 Project Not Found")
    if target.id == issue.project_id:
        raise refuse(400, "Cannot move issue to project it originates from!")
    if issue.moved_to_id or call.viewer.level(target) < PLANNER:
        raise refuse(400, "Cannot move issue due to insufficient permissions!")
    return json_response(_present(call, desk.move_issue(issue, target, by)), 201)


def delete_issue(call: Call, desk: Desk) -> Response:
    issue = call.issue
    call.require_level(OWNER)
    desk.delete_issue(issue)
    return Response(204)
