"""Labels: scoped ones exclude each other; unknown ones come to be when they are first used."""

from zlib import crc32

from portal.sandbox.gitlab.access import refuse, refuse_parameter
from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.model import PLANNER, Label, Project
from portal.sandbox.gitlab.paging import cut_page
from portal.sandbox.gitlab.present import Presenter
from portal.sandbox.state import GitLabState
from portal.sandbox.wire import Response, json_response

COLORS = ("#6699cc", "#5cb85c", "#d9534f", "#f0ad4e", "#8e44ad", "#7f8c8d", "#009966", "#cc338b")


def find_scope(name: str) -> str | None:
    """`priority::high` has the scope `priority`; `a::b::c` has `a::b`; a plain label has none."""
    scope, mark, _ = name.rpartition("::")
    return scope.lower() if mark and scope else None


def exclude_scoped(wanted: tuple[str, ...], held: tuple[str, ...]) -> tuple[str, ...]:
    """Of labels with one scope the newly added one stays; among several new ones the last."""
    old = {name.lower() for name in held}
    fresh_last = sorted(wanted, key=lambda name: name.lower() not in old)
    by_scope = {find_scope(name): name for name in fresh_last if find_scope(name)}
    kept = (n for n in wanted if find_scope(n) is None or by_scope[find_scope(n)] == n)
    return tuple(dict.fromkeys(kept))


def find_label(project: Project, name: str) -> Label | None:
    return project.labels.get(name)


def make_label(state: GitLabState, project: Project, name: str, color: str = "") -> Label:
    label = find_label(project, name)
    if label is None:
        shade = color or COLORS[crc32(name.encode()) % len(COLORS)]
        label = Label(state.next_id("label", 4_000), name, shade)
        project.labels[name] = label
    return label


def _named(call: Call) -> Label:
    wanted = call.parts["label"]
    for label in call.project.labels.values():
        if label.name == wanted or str(label.id) == wanted:
            return label
    raise refuse(404, "404 Label Not Found")


def list_labels(call: Call) -> Response:
    search = (call.text("search") or "").lower()
    labels = sorted(call.project.labels.values(), key=lambda label: label.name.lower())
    rows, headers = cut_page(call, [label for label in labels if search in label.name.lower()])
    show = Presenter(call.gitlab, call.base).label
    return json_response([show(label) for label in rows], headers=headers)


def show_label(call: Call) -> Response:
    return json_response(Presenter(call.gitlab, call.base).label(_named(call)))


def create_label(call: Call) -> Response:
    call.require_level(PLANNER)
    name, color = call.require_text("name"), call.require_text("color")
    if find_label(call.project, name) is not None:
        raise refuse(409, "Label already exists")
    if not color.startswith("#"):
        raise refuse(400, {"color": ["must be a valid color code"]})
    label = make_label(call.gitlab, call.project, name, color)
    label.description = call.text("description") or ""
    return json_response(Presenter(call.gitlab, call.base).label(label), 201)


def update_label(call: Call) -> Response:
    call.require_level(PLANNER)
    label = _named(call)
    if not {"new_name", "color", "description"} & set(call.params):
        raise refuse_parameter(
            "new_name, color, description, priority, archived are missing, "
            "at least one parameter must be provided"
        )
    old, label.name = label.name, call.text("new_name") or label.name
    label.color = call.text("color") or label.color
    label.description = call.text("description") or label.description
    call.project.labels.pop(old, None)
    call.project.labels[label.name] = label
    for issue in call.project.issues.values():
        if old in issue.labels:
            issue.labels = tuple(label.name if name == old else name for name in issue.labels)
    call.project.touch()
    return json_response(Presenter(call.gitlab, call.base).label(label))


def delete_label(call: Call) -> Response:
    call.require_level(PLANNER)
    label = _named(call)
    call.project.labels.pop(label.name, None)
    for issue in call.project.issues.values():
        issue.labels = tuple(name for name in issue.labels if name != label.name)
    call.project.touch()
    return Response(204)
