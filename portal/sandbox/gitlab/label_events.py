"""Who put which label on an issue or took it off: GitLab's own record, kept for ever.

https://docs.gitlab.com/api/resource_label_events/
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.model import Issue, LabelEvent, User
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.state import GitLabState
from portal.sandbox.wire import Response, json_response


def record_labels(
    state: GitLabState, issue: Issue, by: User, before: Iterable[str], at: datetime
) -> None:
    """What a scoped label pushed out counts as taken off by whoever put that one on."""
    held = tuple(before)
    changes = [("add", name) for name in issue.labels if name not in held]
    changes += [("remove", name) for name in held if name not in issue.labels]
    for action, name in changes:
        event_id = state.next_id("label_event", 9_000)
        issue.label_events.append(LabelEvent(event_id, by.id, name, action, at))


def copy_label_events(state: GitLabState, source: Issue, copy: Issue) -> None:
    """An issue that moves takes them along, with the people in them."""
    copy.label_events = [
        replace(event, id=state.next_id("label_event", 9_000)) for event in source.label_events
    ]


def list_label_events(call: Call) -> Response:
    """The oldest first. `label` is null for a label that was deleted from the project."""
    issue = call.find_issue("404 Issue Not Found")
    call.viewer.require_user()
    events, headers = cut_page(call, issue.label_events)
    present = Presenter(call.gitlab, call.base)
    rows = [
        {
            "id": event.id,
            "user": present.user(event.user_id),
            "created_at": event.created_at.isoformat(timespec="milliseconds")[:-6] + "Z",
            "resource_type": "Issue",
            "resource_id": issue.id,
            "label": {
                "id": call.project.labels[event.label].id,
                "name": event.label,
                "color": call.project.labels[event.label].color,
                "description": "",
            }
            if event.label in call.project.labels
            else None,
            "action": event.action,
        }
        for event in events
    ]
    return json_response(rows, headers=headers)
