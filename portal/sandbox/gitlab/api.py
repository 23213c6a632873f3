"""GitLab's front: which path is answered by whom."""

from collections.abc import Callable
from datetime import UTC, datetime

from portal.sandbox.gitlab import (
    graphql,
    hooks,
    issue_lists,
    issues,
    label_events,
    labels,
    notes,
    pages,
    plans,
    projects,
    search,
)
from portal.sandbox.gitlab.access import identify, refuse
from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.hub import Hub
from portal.sandbox.wire import Request, Response, Router, json_response

Read = Callable[[Call], Response]
Write = Callable[[Call, Desk], Response]

P = "/projects/{project}"
I = P + "/issues/{iid:int}"  # noqa: E741
READS: list[tuple[str, str, Read]] = [
    ("GET", "/version", projects.show_version),
    ("GET", "/user", projects.show_user),
    ("GET", "/users", projects.list_users),
    ("GET", "/users/{user:int}", projects.find_user),
    ("GET", "/personal_access_tokens/self", projects.show_token),
    ("GET", "/projects", projects.list_projects),
    ("GET", P, projects.show_project),
    ("GET", P + "/members/all", projects.list_members),
    ("GET", P + "/members", projects.list_members),
    ("GET", P + "/members/all/{user:int}", projects.show_member),
    ("GET", P + "/members/{user:int}", projects.show_member),
    ("GET", "/issues", issue_lists.list_all_issues),
    ("GET", "/issues/{id:int}", issues.show_any_issue),
    ("GET", P + "/issues", issue_lists.list_project_issues),
    ("GET", I, issues.show_issue),
    ("GET", I + "/notes", notes.list_notes),
    ("GET", I + "/notes/{note:int}", notes.show_note),
    ("GET", I + "/resource_label_events", label_events.list_label_events),
    ("GET", I + "/links", plans.list_links),
    ("DELETE", I + "/links/{link:int}", plans.delete_link),
    ("GET", P + "/labels", labels.list_labels),
    ("POST", P + "/labels", labels.create_label),
    ("GET", P + "/labels/{label}", labels.show_label),
    ("PUT", P + "/labels/{label}", labels.update_label),
    ("DELETE", P + "/labels/{label}", labels.delete_label),
    ("GET", P + "/milestones", plans.list_milestones),
    ("POST", P + "/milestones", plans.create_milestone),
    ("GET", P + "/milestones/{milestone:int}", plans.show_milestone),
    ("PUT", P + "/milestones/{milestone:int}", plans.update_milestone),
    ("GET", P + "/milestones/{milestone:int}/issues", plans.list_milestone_issues),
    ("GET", P + "/releases", plans.list_releases),
    ("GET", P + "/releases/{tag}", plans.show_release),
    ("GET", P + "/hooks", hooks.list_hooks),
    ("POST", P + "/hooks", hooks.create_hook),
    ("GET", P + "/hooks/{hook:int}", hooks.show_hook),
    ("PUT", P + "/hooks/{hook:int}", hooks.update_hook),
    ("DELETE", P + "/hooks/{hook:int}", hooks.delete_hook),
    ("GET", P + "/search", search.search_project),
    ("GET", "/search", search.search_everything),
    ("GET", "/groups/{group}/epics", projects.list_nothing),
    ("GET", "/groups/{group}/milestones", projects.list_nothing),
]
WRITES: list[tuple[str, str, Write]] = [
    ("POST", P + "/issues", issues.create_issue),
    ("PUT", I, issues.update_issue),
    ("DELETE", I, issues.delete_issue),
    ("POST", I + "/move", issues.move_issue),
    ("POST", I + "/notes", notes.create_note),
    ("PUT", I + "/notes/{note:int}", notes.update_note),
    ("DELETE", I + "/notes/{note:int}", notes.delete_note),
    ("POST", I + "/links", plans.create_link),
]


class GitLabService:
    """REST, GraphQL and the issue pages a person opens."""

    name = "gitlab"
    locked = True

    def __init__(self, hub: Hub, desk: Desk) -> None:
        self.hub = hub
        self.desk = desk
        self.router: Router[Read] = Router()
        for method, template, read in READS:
            self.router.add(method, template, read)
        for method, template, write in WRITES:
            self.router.add(method, template, self._with_desk(write))

    def _with_desk(self, write: Write) -> Read:
        return lambda call: write(call, self.desk)

    def answer(self, request: Request) -> Response:
        if request.path.startswith("/api/v4/"):
            return self._answer_rest(request)
        viewer = identify(self.hub.state.gitlab, request, datetime.now(UTC).date())
        call = Call(self.hub, request, viewer, {})
        if request.path == "/api/graphql":
            return graphql.answer_query(call)
        return pages.show_page(call)

    def _answer_rest(self, request: Request) -> Response:
        viewer = identify(self.hub.state.gitlab, request, datetime.now(UTC).date())
        found = self.router.find(request.method, request.path.removeprefix("/api/v4"))
        if found is None:
            return json_response({"error": "404 Not Found"}, 404)
        handler, parts = found
        if request.method != "GET" and viewer.user is None:
            raise refuse(401, "401 Unauthorized")
        return handler(Call(self.hub, request, viewer, parts))
