"""Lists of issues: filters, order, and the sorted lists that are kept between changes."""

from bisect import insort
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from portal.sandbox.gitlab.access import refuse_parameter
from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.model import Issue, Project
from portal.sandbox.gitlab.paging import cut_keyset, cut_page
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.wire import Answer, Response, json_response

ORDERS = ("created_at", "updated_at", "due_date", "title", "weight", "id")
KEYSET_ORDERS = ("created_at", "updated_at", "id")
TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
KEPT_LISTS = 24
Test = Callable[[Issue], bool]
FAR = datetime(9999, 1, 1, tzinfo=UTC).date()

SORT_KEYS: dict[str, Callable[[Issue], Any]] = {
    "created_at": lambda issue: (issue.created_at, issue.id),
    "updated_at": lambda issue: (issue.updated_at, issue.id),
    "id": lambda issue: issue.id,
    "title": lambda issue: (issue.title.lower(), issue.id),
    "weight": lambda issue: (issue.weight is None, issue.weight or 0, issue.id),
    "due_date": lambda issue: (issue.due_on or FAR, issue.id),
}


def list_project_issues(call: Call) -> Response:
    return _list(call, [call.project])


def list_all_issues(call: Call) -> Response:
    call.viewer.require_user()
    seen = [p for p in call.gitlab.projects.values() if call.viewer.sees_project(p)]
    return _list(call, seen)


def _list(call: Call, projects: list[Project]) -> Response:
    order = call.choice("order_by", ORDERS, "created_at")
    descending = call.choice("sort", ("asc", "desc"), "desc") == "desc"
    rows = _find_rows(call, projects, order, descending)
    if call.text("pagination") == "keyset":
        if order not in KEYSET_ORDERS:
            words = "Keyset pagination is not yet available for this type of request"
            raise Answer(json_response({"error": words}, 405))
        shown, headers = cut_keyset(call, rows, lambda issue: _cursor(issue, order))
    else:
        shown, headers = cut_page(call, rows)
    present = Presenter(call.gitlab, call.base, call.viewer).issue
    details = bool(call.flag("with_labels_details"))
    return json_response([present(issue, details) for issue in shown], headers=headers)


def _cursor(issue: Issue, order: str) -> list[Any]:
    return (
        [issue.id]
        if order == "id"
        else [getattr(issue, order).isoformat("T", "microseconds"), issue.id]
    )


def _find_rows(call: Call, projects: list[Project], order: str, descending: bool) -> list[Issue]:
    """Filtered and sorted; kept with the project while nothing in it changes."""
    paging = ("page", "per_page", "cursor", "pagination", "private_token")
    asked = sorted((k, str(v)) for k, v in call.params.items() if k not in paging)
    user_id = call.viewer.user.id if call.viewer.user else 0
    key = (user_id, tuple(asked))
    keep = projects[0].kept if len(projects) == 1 else {}
    if key not in keep:
        if len(keep) >= KEPT_LISTS:
            keep.pop(next(iter(keep)))
        keep[key] = _sort_rows(call, projects, order, descending)
    rows: list[Issue] = keep[key]
    return rows


def _sort_rows(call: Call, projects: list[Project], order: str, descending: bool) -> list[Issue]:
    tests = list(_build_tests(call))
    found: list[Issue] = []
    for project in projects:
        rows = read_order(project, order)
        if not call.viewer.sees_internal(project):
            rows = [row for row in rows if call.viewer.sees_issue(project, row)]
        for test in tests:
            rows = [row for row in rows if test(row)]
        found += rows
    if len(projects) > 1:
        found.sort(key=SORT_KEYS[order])
    return found[::-1] if descending else found


def read_order(project: Project, order: str) -> list[Issue]:
    """The project's issues, ascending. Sorted once; afterwards changed issues find their place."""
    key = SORT_KEYS[order]
    if order not in project.orders:
        project.orders[order] = sorted(project.issues.values(), key=key)
    changed = project.stale.pop(order, None)
    if changed:
        rows = [row for row in project.orders[order] if row.id not in changed]
        for issue in changed.values():
            if issue.iid in project.issues:
                insort(rows, issue, key=key)
        project.orders[order] = rows
    return project.orders[order]


def _build_tests(call: Call) -> Iterable[Test]:
    state = call.choice("state", ("opened", "closed", "all"), "all")
    if state != "all":
        yield lambda issue: issue.state == state
    iids = call.words("iids")
    if iids is not None:
        wanted = _read_numbers(iids)
        yield lambda issue: issue.iid in wanted
    confidential = call.flag("confidential")
    if confidential is not None:
        yield lambda issue: issue.confidential == confidential
    if "issue_type" in call.params:
        kind = call.choice("issue_type", TYPES, "issue")
        yield lambda issue: issue.issue_type == kind
    if call.text("author_id"):
        author = call.number("author_id", 0)
        yield lambda issue: issue.author_id == author
    yield from _time_tests(call)
    yield from _label_tests(call)
    yield from _milestone_tests(call)
    yield from _search_tests(call)


def _read_numbers(words: list[str]) -> set[int]:
    try:
        return {int(word) for word in words}
    except ValueError:
        raise refuse_parameter("iids is invalid") from None


def _time_tests(call: Call) -> Iterable[Test]:
    """Both ends count: GitLab says "on or after", "on or before"."""
    for field in ("created", "updated"):
        after, before = call.moment(f"{field}_after"), call.moment(f"{field}_before")
        if after is not None:
            yield lambda i, f=f"{field}_at", t=after: getattr(i, f) >= t  # type: ignore[misc]
        if before is not None:
            yield lambda i, f=f"{field}_at", t=before: getattr(i, f) <= t  # type: ignore[misc]


def _label_tests(call: Call) -> Iterable[Test]:
    labels = call.words("labels")
    if labels:
        word = labels[0].lower()
        if word in ("none", "any"):
            yield lambda issue: bool(issue.labels) == (word == "any")
        else:
            for name in labels:
                yield lambda issue, name=name: name in issue.labels  # type: ignore[misc]
    unwanted = call.params.get("not[labels]")
    if unwanted:
        without = set(str(unwanted).split(","))
        yield lambda issue: not without & set(issue.labels)


def _milestone_tests(call: Call) -> Iterable[Test]:
    title = call.text("milestone")
    if not title:
        return
    if title.lower() in ("none", "any"):
        yield lambda issue: (issue.milestone_id is not None) == (title.lower() == "any")
        return
    projects = call.gitlab.projects.values()
    ids = {m.id for p in projects for m in p.milestones.values() if m.title == title}
    yield lambda issue: issue.milestone_id in ids


def _search_tests(call: Call) -> Iterable[Test]:
    """Every word must occur, in title or description as `in` says."""
    words = (call.text("search") or "").lower().split()
    if not words:
        return
    places = (call.text("in") or "title,description").split(",")

    def contains(issue: Issue) -> bool:
        text = issue.title.lower() if "title" in places else ""
        if "description" in places:
            text += "\n" + issue.description.lower()
        return all(word in text for word in words)

    yield contains
