"""Projects, the current user, the version, the token itself, and users."""

from portal.sandbox.gitlab.access import refuse
from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.present import Presenter, show_day, show_time
from portal.sandbox.wire import Response, json_response

VERSION = "18.5.0-ee"


def show_project(call: Call) -> Response:
    level = call.viewer.level(call.project)
    return json_response(Presenter(call.gitlab, call.base).project(call.project, level))


def list_projects(call: Call) -> Response:
    seen = [p for p in call.gitlab.projects.values() if call.viewer.sees_project(p)]
    if call.flag("membership"):
        seen = [p for p in seen if call.viewer.level(p) > 0]
    search = (call.text("search") or "").lower()
    seen = [p for p in seen if search in p.path.lower()]
    rows, headers = cut_page(call, sorted(seen, key=lambda p: p.id, reverse=True))
    present = Presenter(call.gitlab, call.base).project
    return json_response([present(p, call.viewer.level(p)) for p in rows], headers=headers)


def show_user(call: Call) -> Response:
    user = call.viewer.require_user()
    shape = Presenter(call.gitlab, call.base).user(user.id)
    more = {"bot": user.bot, "email": user.email, "is_admin": False, "created_at": None}
    return json_response(shape | more)


def find_user(call: Call) -> Response:
    call.viewer.require_user()
    user = call.gitlab.users.get(int(call.parts["user"]))
    if user is None:
        raise refuse(404, "404 User Not Found")
    return json_response(Presenter(call.gitlab, call.base).user(user.id))


def list_users(call: Call) -> Response:
    call.viewer.require_user()
    name = call.text("username")
    users = [u for u in call.gitlab.users.values() if name in (None, u.username)]
    rows, headers = cut_page(call, users)
    present = Presenter(call.gitlab, call.base).user
    return json_response([present(user.id) for user in rows], headers=headers)


def show_version(call: Call) -> Response:
    call.viewer.require_user()
    return json_response({"version": VERSION, "revision": "0a1b2c3d4e5", "enterprise": True})


def show_token(call: Call) -> Response:
    token = call.viewer.token
    if token is None:
        raise refuse(401, "401 Unauthorized")
    made_at = min(project.created_at for project in call.gitlab.projects.values())
    return json_response(
        {
            "id": token.id,
            "name": f"token {token.id}",
            "revoked": not token.active,
            "created_at": show_time(made_at),
            "description": None,
            "scopes": list(token.scopes),
            "user_id": token.user_id,
            "last_used_at": show_time(call.now),
            "active": token.active,
            "expires_at": show_day(token.expires_on),
        }
    )


def list_nothing(call: Call) -> Response:
    """Things that are there to be read but hold nothing, such as epics."""
    call.viewer.require_user()
    return json_response([], headers=cut_page(call, [])[1])


def show_member(call: Call) -> Response:
    user_id = int(call.parts["user"])
    level = call.project.members.get(user_id)
    call.viewer.require_user()
    if level is None:
        raise refuse(404, "404 Not found")
    shape = Presenter(call.gitlab, call.base).user(user_id)
    return json_response(shape | {"access_level": level, "expires_at": None})


def list_members(call: Call) -> Response:
    call.viewer.require_user()
    rows, headers = cut_page(call, sorted(call.project.members.items()))
    present = Presenter(call.gitlab, call.base).user
    shapes = [present(user_id) | {"access_level": level} for user_id, level in rows]
    return json_response(shapes, headers=headers)
