"""Milestones, releases and links between issues."""

from typing import Any

from portal.sandbox.gitlab.access import refuse, refuse_parameter
from portal.sandbox.gitlab.call import Call, parse_day
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.model import PLANNER, Issue, Milestone
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.wire import Response, json_response

LINK_TYPES = ("relates_to", "blocks", "is_blocked_by")


def list_milestones(call: Call) -> Response:
    state, title = call.choice("state", ("active", "closed"), ""), call.text("title")
    found = [m for m in call.project.milestones.values() if not state or m.state == state]
    found = [m for m in found if title in (None, m.title)]
    iids = call.words("iids")
    found = [m for m in found if iids is None or str(m.iid) in iids]
    rows, headers = cut_page(call, sorted(found, key=lambda m: m.id, reverse=True))
    present = Presenter(call.gitlab, call.base).milestone
    return json_response([present(m) for m in rows], headers=headers)


def _find_milestone(call: Call) -> Milestone:
    found = call.project.milestones.get(int(call.parts["milestone"]))
    if found is None:
        raise refuse(404, "404 Not found")
    return found


def show_milestone(call: Call) -> Response:
    return json_response(Presenter(call.gitlab, call.base).milestone(_find_milestone(call)))


def list_milestone_issues(call: Call) -> Response:
    milestone = _find_milestone(call)
    issues = [i for i in call.project.issues.values() if i.milestone_id == milestone.id]
    seen = [i for i in issues if call.viewer.sees_issue(call.project, i)]
    rows, headers = cut_page(call, seen)
    present = Presenter(call.gitlab, call.base, call.viewer).issue
    return json_response([present(issue) for issue in rows], headers=headers)


def create_milestone(call: Call) -> Response:
    call.require_level(PLANNER)
    title = call.require_text("title")
    if any(m.title == title for m in call.project.milestones.values()):
        raise refuse(400, {"title": ["already being used for another group or project milestone."]})
    milestone = Milestone(
        id=call.gitlab.next_id("milestone", 600),
        iid=len(call.project.milestones) + 1,
        project_id=call.project.id,
        title=title,
        due_on=_read_day(call),
        state="active",
        created_at=call.now,
    )
    call.project.milestones[milestone.id] = milestone
    return json_response(Presenter(call.gitlab, call.base).milestone(milestone), 201)


def update_milestone(call: Call) -> Response:
    call.require_level(PLANNER)
    milestone = _find_milestone(call)
    milestone.title = call.text("title") or milestone.title
    if "due_date" in call.params:
        milestone.due_on = _read_day(call)
    event = call.choice("state_event", ("close", "activate"), "")
    if event:
        milestone.state = "closed" if event == "close" else "active"
    call.project.touch()
    return json_response(Presenter(call.gitlab, call.base).milestone(milestone))


def _read_day(call: Call) -> Any:
    try:
        return parse_day(call.text("due_date"))
    except ValueError:
        raise refuse_parameter("due_date is invalid") from None


def list_releases(call: Call) -> Response:
    """Newest first, each with its milestones."""
    newest = sorted(call.project.releases, key=lambda r: str(r["released_at"]), reverse=True)
    rows, headers = cut_page(call, newest)
    return json_response([_show_release(call, release) for release in rows], headers=headers)


def show_release(call: Call) -> Response:
    for release in call.project.releases:
        if release["tag_name"] == call.parts["tag"]:
            return json_response(_show_release(call, release))
    raise refuse(404, "404 Not Found")


def _show_release(call: Call, release: dict[str, Any]) -> dict[str, Any]:
    titles = release.get("milestones", [])
    found = [m for m in call.project.milestones.values() if m.title in titles]
    present = Presenter(call.gitlab, call.base).milestone
    url = f"{call.base}/{call.project.path}/-/releases/{release['tag_name']}"
    shape = {**release, "milestones": [present(m) for m in found], "_links": {"self": url}}
    return shape | {"upcoming_release": False, "evidences": [], "assets": {"count": 0}}


def list_links(call: Call) -> Response:
    issue = call.issue
    shapes = []
    for other_id, (link_id, kind) in issue.links.items():
        other = call.gitlab.issue_ids.get(other_id)
        if other is None or not _sees(call, other):
            continue
        shape = Presenter(call.gitlab, call.base, call.viewer).issue(other)
        shapes.append(shape | {"issue_link_id": link_id, "link_type": kind})
    return json_response(shapes)


def _sees(call: Call, issue: Issue) -> bool:
    project = call.gitlab.projects[issue.project_id]
    return call.viewer.sees_project(project) and call.viewer.sees_issue(project, issue)


def create_link(call: Call, desk: Desk) -> Response:
    call.require_level(PLANNER)
    target_project = call.require_text("target_project_id")
    target_iid = call.number("target_issue_iid", 0)
    project = call.gitlab.projects.get(int(target_project)) if target_project.isdigit() else None
    project = project or call.gitlab.project_by_path(target_project)
    other = project.issues.get(target_iid) if project else None
    if other is None or not _sees(call, other):
        raise refuse(404, "404 Not found")
    if other.id in call.issue.links:
        raise refuse(409, "Issue(s) already assigned")
    kind = call.choice("link_type", LINK_TYPES, "relates_to")
    desk.link_issues(call.issue, other, kind)
    present = Presenter(call.gitlab, call.base, call.viewer).issue
    shape = {"source_issue": present(call.issue), "target_issue": present(other)}
    return json_response(shape | {"link_type": kind}, 201)


def delete_link(call: Call) -> Response:
    call.require_level(PLANNER)
    wanted = int(call.parts["link"])
    for other_id, (link_id, kind) in list(call.issue.links.items()):
        if link_id == wanted:
            del call.issue.links[other_id]
            if (other := call.gitlab.issue_ids.get(other_id)) is not None:
                other.links.pop(call.issue.id, None)
            return json_response({"link_type": kind})
    raise refuse(404, "404 Not found")
