"""Search for issues and projects, in all that the caller sees or in one project."""

from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.model import Project
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.wire import Response, json_response

SCOPES = ("issues", "projects", "milestones", "notes", "users")


def search_everything(call: Call) -> Response:
    call.viewer.require_user()
    seen = [p for p in call.gitlab.projects.values() if call.viewer.sees_project(p)]
    return _search(call, seen)


def search_project(call: Call) -> Response:
    project = call.project
    call.viewer.require_user()
    return _search(call, [project])


def _search(call: Call, projects: list[Project]) -> Response:
    call.require_text("scope")
    scope = call.choice("scope", SCOPES, "issues")
    words = call.require_text("search").lower().split()
    present = Presenter(call.gitlab, call.base, call.viewer)
    if scope == "projects":
        named = [p for p in projects if all(w in p.path.lower() for w in words)]
        found, headers = cut_page(call, named)
        shapes = [present.project(p, call.viewer.level(p)) for p in found]
        return json_response(shapes, headers=headers)
    if scope != "issues":
        return json_response([], headers=cut_page(call, [])[1])
    issues = [
        issue
        for project in projects
        for issue in project.issues.values()
        if all(word in f"{issue.title} {issue.description}".lower() for word in words)
        and call.viewer.sees_issue(project, issue)
        and call.text("state") in (None, "all", issue.state)
    ]
    issues.sort(key=lambda issue: (issue.created_at, issue.id), reverse=True)
    rows, headers = cut_page(call, issues)
    return json_response([present.issue(issue) for issue in rows], headers=headers)
