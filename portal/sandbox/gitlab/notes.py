"""Notes on issues: list, read, write. A page may be shorter than asked for.

https://docs.gitlab.com/api/notes/
"""

import re
from typing import Any

from portal.sandbox.gitlab.access import refuse, refuse_parameter
from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.commands import apply_commands
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.model import MAINTAINER, PLANNER, Issue, Note
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.gitlab.quick_actions import extract_commands
from portal.sandbox.wire import Response, json_response

MENTION = re.compile(r"(?<![\w@/`.])@([A-Za-z0-9_][\w.-]*[\w]|all)\b")
FILTERS = ("all_notes", "only_comments", "only_activity")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LIMIT = 1_000_000


def _find_issue(call: Call) -> Issue:
    return call.find_issue("404 Issue Not Found")


def list_notes(call: Call) -> Response:
    """Notes hidden from the caller are taken out after the page is cut, as GitLab does."""
    issue = _find_issue(call)
    call.viewer.require_user()
    order = call.choice("order_by", ("created_at", "updated_at"), "created_at")
    descending = call.choice("sort", ("asc", "desc"), "desc") == "desc"
    wanted = call.choice("activity_filter", FILTERS, "all_notes")
    notes = [
        n
        for n in issue.live_notes()
        if wanted == "all_notes" or n.system == (wanted == "only_activity")
    ]
    notes.sort(key=lambda note: (getattr(note, order), note.id), reverse=descending)
    rows, headers = cut_page(call, notes)
    shown = [note for note in rows if call.viewer.sees_note(call.project, note)]
    present = Presenter(call.gitlab, call.base).note
    return json_response([present(note, issue) for note in shown], headers=headers)


def show_note(call: Call) -> Response:
    call.viewer.require_user()
    return json_response(Presenter(call.gitlab, call.base).note(call.note, call.issue))


def create_note(call: Call, desk: Desk) -> Response:
    """`internal` from somebody below planner is dropped in silence and the note is public."""
    issue, by = _find_issue(call), call.viewer.require_user()
    text = call.require_text("body")
    asked = bool(call.flag("internal")) or bool(call.flag("confidential"))
    internal = asked and call.viewer.sees_internal(call.project)
    body, commands = extract_commands(text)
    _check_body(body, commands_only=bool(commands) and not body.strip())
    told: dict[str, Any] = {}
    summary: list[str] = []
    if call.viewer.level(call.project) >= PLANNER:
        told, summary = apply_commands(desk, issue, by, commands)
    if commands and not body.strip():
        if not summary:
            raise refuse(400, "Could not apply the command.")
        return json_response({"commands_changes": told, "summary": summary}, 202)
    note = desk.add_note(issue, by, body, internal=internal)
    _record_mentions(desk, note, by.username)
    shape = Presenter(call.gitlab, call.base).note(note, issue) | {"commands_changes": told}
    return json_response(shape, 201)


def _check_body(body: str, *, commands_only: bool) -> None:
    if commands_only:
        return
    if not body.strip():
        raise refuse(400, '400 Bad request - Note {:note=>["can\'t be blank"]}')
    if len(body) > LIMIT:
        raise refuse(
            400, '400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}'
        )


def _record_mentions(desk: Desk, note: Note, author: str) -> None:
    """Whom GitLab would notify. Names in code are not mentions."""
    for who in dict.fromkeys(MENTION.findall(CODE.sub(" ", note.body))):
        where = {"project_id": note.project_id, "iid": note.iid, "note_id": note.id}
        desk.hub.events.add("mention", **where, who=who, author=author)


def _require_own(call: Call) -> Note:
    note, by = call.note, call.viewer.require_user()
    mine = note.author_id == by.id or call.viewer.level(call.project) >= MAINTAINER
    if note.system or not mine:
        raise refuse(403, "403 Forbidden")
    return note


def update_note(call: Call, desk: Desk) -> Response:
    note = _require_own(call)
    if call.text("body") is None:
        raise refuse_parameter("body is missing")
    body, commands = extract_commands(call.text("body") or "")
    if not body.strip() and not commands:
        raise refuse_parameter("body is empty")
    by = call.viewer.require_user()
    apply_commands(desk, call.issue, by, commands)
    desk.edit_note(note, by, body)
    _record_mentions(desk, note, by.username)
    return json_response(Presenter(call.gitlab, call.base).note(note, call.issue))


def delete_note(call: Call, desk: Desk) -> Response:
    desk.delete_note(_require_own(call))
    return Response(204)
