"""Project hooks: create, read, update, delete."""

from typing import Any

from portal.sandbox.gitlab.access import refuse
from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.model import MAINTAINER, Hook
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.post_hook import is_loopback
from portal.sandbox.gitlab.present import show_time
from portal.sandbox.wire import Response, json_response

EVENTS: tuple[str, ...] = (
    "push_events",
    "issues_events",
    "confidential_issues_events",
    "note_events",
)
EVENTS += ("confidential_note_events", "merge_requests_events", "tag_push_events")


def _present(call: Call, hook: Hook) -> dict[str, Any]:
    status = "disabled" if hook.disabled else "executable"
    shape: dict[str, Any] = {"id": hook.id, "url": hook.url, "project_id": hook.project_id}
    shape |= {name: hook.events.get(name, False) for name in EVENTS}
    shape |= {"alert_status": status, "disabled_until": None, "enable_ssl_verification": True}
    return shape | {"created_at": show_time(call.project.created_at)}


def _find_hook(call: Call) -> Hook:
    call.require_level(MAINTAINER)
    found = call.gitlab.hooks.get(int(call.parts["hook"]))
    if found is None or found.project_id != call.project.id:
        raise refuse(404, "404 Not found")
    return found


def list_hooks(call: Call) -> Response:
    call.require_level(MAINTAINER)
    mine = [h for h in call.gitlab.hooks.values() if h.project_id == call.project.id]
    rows, headers = cut_page(call, mine)
    return json_response([_present(call, hook) for hook in rows], headers=headers)


def show_hook(call: Call) -> Response:
    return json_response(_present(call, _find_hook(call)))


def create_hook(call: Call) -> Response:
    call.require_level(MAINTAINER)
    url = call.require_text("url")
    hook = Hook(call.gitlab.next_id("hook", 70), call.project.id, url)
    hook.events = {"push_events": True}
    _fill(call, hook)
    call.gitlab.hooks[hook.id] = hook
    return json_response(_present(call, hook), 201)


def update_hook(call: Call) -> Response:
    hook = _find_hook(call)
    _fill(call, hook)
    hook.failures, hook.disabled = 0, False
    return json_response(_present(call, hook))


def _fill(call: Call, hook: Hook) -> None:
    """Only loopback is called from here, whatever is asked."""
    url = call.text("url") or hook.url
    if not is_loopback(url):
        raise refuse(422, "Invalid url given")
    hook.url = url
    hook.token = call.text("token") or hook.token
    hook.signing_token = call.text("signing_token") or hook.signing_token
    for name in EVENTS:
        if (wanted := call.flag(name)) is not None:
            hook.events[name] = wanted


def delete_hook(call: Call) -> Response:
    hook = _find_hook(call)
    del call.gitlab.hooks[hook.id]
    return Response(204)
