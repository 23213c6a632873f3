"""The part of GitLab's GraphQL schema that tells where a closed issue went on.

https://docs.gitlab.com/api/graphql/reference/ — anything outside these types and fields is an
error in the `errors` array, as a real server would answer for an unknown field.
"""

import re
from collections.abc import Callable
from typing import Any

from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.graphql_parser import Field, GraphQLProblem, parse_operation
from portal.sandbox.gitlab.model import Issue, Project, User
from portal.sandbox.gitlab.present import Presenter, show_time
from portal.sandbox.gitlab.projects import VERSION
from portal.sandbox.wire import Response, json_response

Resolver = Callable[[Call, Any, dict[str, Any]], Any]


def answer_query(call: Call) -> Response:
    """Always 200: problems are told in `errors`."""
    try:
        variables = call.params.get("variables") or {}
        fields = parse_operation(call.text("query") or "", variables)
        check_fields("Query", fields)
        return json_response({"data": _resolve(call, "Query", None, fields)})
    except GraphQLProblem as problem:
        return json_response({"errors": [{"message": str(problem)}]})


def check_fields(type_name: str, fields: list[Field]) -> None:
    """Every field must exist and have selections exactly when it is an object."""
    for field in fields:
        if field.name == "__typename":
            continue
        known = SCHEMA[type_name].get(field.name)
        if known is None:
            raise GraphQLProblem(f"Field '{field.name}' doesn't exist on type '{type_name}'")
        inner = known[0]
        if inner is None and field.selections:
            raise GraphQLProblem(f"Selections can't be made on scalars (field '{field.name}')")
        if inner is not None:
            if not field.selections:
                words = f"Field must have selections (field '{field.name}' returns {inner})"
                raise GraphQLProblem(words)
            check_fields(inner, field.selections)


def _resolve(call: Call, type_name: str, value: Any, fields: list[Field]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for field in fields:
        if field.name == "__typename":
            answer[field.alias] = type_name
            continue
        inner, resolver = SCHEMA[type_name][field.name]
        found = resolver(call, value, field.arguments)
        if inner is not None and field.name == "nodes":
            answer[field.alias] = [_resolve(call, inner, one, field.selections) for one in found]
        elif inner is not None and found is not None:
            answer[field.alias] = _resolve(call, inner, found, field.selections)
        else:
            answer[field.alias] = found
    return answer


def _seen(call: Call, issue: Issue | None) -> Issue | None:
    if issue is None:
        return None
    project = call.gitlab.projects[issue.project_id]
    seen = call.viewer.sees_project(project) and call.viewer.sees_issue(project, issue)
    return issue if seen else None


def _read_gid(text: Any, kind: str) -> int:
    match = re.fullmatch(rf"gid://gitlab/{kind}/(\d+)", str(text))
    if match is None:
        raise GraphQLProblem(f'"{text}" does not represent an instance of {kind}')
    return int(match[1])


def _find_project(call: Call, _: Any, arguments: dict[str, Any]) -> Project | None:
    found = call.gitlab.project_by_path(str(_require(arguments, "fullPath", "project")))
    return found if found and call.viewer.sees_project(found) else None


def _find_projects(call: Call, _: Any, arguments: dict[str, Any]) -> list[Project]:
    ids = [_read_gid(gid, "Project") for gid in _require(arguments, "ids", "projects")]
    found = [call.gitlab.projects[i] for i in ids if i in call.gitlab.projects]
    return [project for project in found if call.viewer.sees_project(project)]


def _find_issue(call: Call, _: Any, arguments: dict[str, Any]) -> Issue | None:
    issue_id = _read_gid(_require(arguments, "id", "issue"), "(?:Issue|WorkItem)")
    return _seen(call, call.gitlab.issue_ids.get(issue_id))


def _project_issue(call: Call, project: Project, arguments: dict[str, Any]) -> Issue | None:
    iid = str(_require(arguments, "iid", "issue"))
    return _seen(call, project.issues.get(int(iid)) if iid.isdigit() else None)


def _project_issues(call: Call, project: Project, arguments: dict[str, Any]) -> list[Issue]:
    iids = {str(iid) for iid in _require(arguments, "iids", "issues")}
    found = [i for i in project.issues.values() if str(i.iid) in iids]
    return [issue for issue in found if _seen(call, issue)]


def _require(arguments: dict[str, Any], name: str, field: str) -> Any:
    if arguments.get(name) is None:
        raise GraphQLProblem(f"Field '{field}' is missing required arguments: {name}")
    return arguments[name]


def _issue_at(call: Call, issue_id: int | None) -> Issue | None:
    return _seen(call, call.gitlab.issue_ids.get(issue_id or 0))


def _web_url(call: Call, issue: Issue) -> str:
    return Presenter(call.gitlab, call.base).issue_url(issue)


def _path_of(call: Call, issue: Issue, arguments: dict[str, Any]) -> str:
    full = f"{call.gitlab.projects[issue.project_id].path}#{issue.iid}"
    return full if arguments.get("full") else f"#{issue.iid}"


def _current_user(call: Call, _: Any, __: dict[str, Any]) -> User | None:
    return call.viewer.user


def _same(_call: Call, value: Any, _arguments: dict[str, Any]) -> Any:
    return value


def _same_version(_call: Call, _value: Any, _arguments: dict[str, Any]) -> str:
    return VERSION


def _reader(read: Callable[[Call, Any], Any]) -> Resolver:
    return lambda call, value, _arguments: read(call, value)


def _scalar(read: Callable[[Call, Any], Any]) -> tuple[None, Resolver]:
    return None, _reader(read)


def _plain(read: Callable[[Any], Any]) -> tuple[None, Resolver]:
    return None, lambda _call, value, _arguments: read(value)


SCHEMA: dict[str, dict[str, tuple[str | None, Resolver]]] = {
    "Query": {
        "project": ("Project", _find_project),
        "projects": ("ProjectConnection", _find_projects),
        "issue": ("Issue", _find_issue),
        "currentUser": ("CurrentUser", _current_user),
        "metadata": ("Metadata", _same_version),
    },
    "Metadata": {"version": _plain(lambda v: v)},
    "CurrentUser": {
        "id": _plain(lambda v: f"gid://gitlab/User/{v.id}"),
        "username": _plain(lambda v: v.username),
        "name": _plain(lambda v: v.name),
    },
    "ProjectConnection": {"nodes": ("Project", _same)},
    "IssueConnection": {"nodes": ("Issue", _same)},
    "Project": {
        "id": _plain(lambda v: f"gid://gitlab/Project/{v.id}"),
        "fullPath": _plain(lambda v: v.path),
        "name": _plain(lambda v: v.path.rpartition("/")[2]),
        "visibility": _plain(lambda v: v.visibility),
        "webUrl": _scalar(lambda c, v: f"{c.base}/{v.path}"),
        "issue": ("Issue", _project_issue),
        "issues": ("IssueConnection", _project_issues),
    },
    "Issue": {
        "id": _plain(lambda v: f"gid://gitlab/Issue/{v.id}"),
        "iid": _plain(lambda v: str(v.iid)),
        "projectId": _plain(lambda v: v.project_id),
        "title": _plain(lambda v: v.title),
        "description": _plain(lambda v: v.description),
        "state": _plain(lambda v: v.state),
        "confidential": _plain(lambda v: v.confidential),
        "webUrl": _scalar(_web_url),
        "reference": (None, _path_of),
        "weight": _plain(lambda v: v.weight),
        "createdAt": _plain(lambda v: show_time(v.created_at)),
        "updatedAt": _plain(lambda v: show_time(v.updated_at)),
        "closedAt": _plain(lambda v: show_time(v.closed_at)),
        "moved": _plain(lambda v: v.moved_to_id is not None),
        "movedTo": ("Issue", _reader(lambda c, v: _issue_at(c, v.moved_to_id))),
        "closedAsDuplicateOf": ("Issue", _reader(lambda c, v: _issue_at(c, v.duplicated_to_id))),
    },
}
