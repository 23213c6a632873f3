"""What is there at the start, and what tests and the demo put in."""

from datetime import UTC, date, datetime
from typing import Any

from portal.sandbox.gitlab.call import parse_day, parse_moment
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.labels import make_label
from portal.sandbox.gitlab.model import (
    DEVELOPER,
    GUEST,
    MAINTAINER,
    REPORTER,
    Hook,
    Issue,
    Milestone,
    Project,
    Token,
    User,
)
from portal.sandbox.gitlab.post_hook import is_loopback
from portal.sandbox.salesforce.records import put_account
from portal.sandbox.state import State

Order = dict[str, Any]

BEGINNING = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
USERS = (
    (User(9001, "portal-bot", "Portal", bot=True), MAINTAINER),
    (User(9002, "portal-reader", "Portal reader", bot=True), REPORTER),
    (User(9003, "portal-reporter", "Portal reporter", bot=True), REPORTER),
    (User(9004, "portal-guest", "Portal guest", bot=True), GUEST),
    (User(9005, "outsider", "Outsider"), 0),
    (User(7001, "dana", "Dana Whitcombe"), DEVELOPER),
    (User(7002, "miles", "Miles Abara"), MAINTAINER),
)
TOKENS = (
    Token(51, "sandbox-token", 9001, ("api",), date(2027, 10, 1)),
    Token(52, "readonly-token", 9002, ("read_api",), date(2027, 10, 1)),
    Token(53, "reporter-token", 9003, ("api",), date(2027, 10, 1)),
    Token(54, "guest-token", 9004, ("api",), date(2027, 10, 1)),
    Token(55, "outsider-token", 9005, ("api",), date(2027, 10, 1)),
    Token(56, "person-token", 7001, ("api",), None),
    Token(57, "expired-token", 9001, ("api",), date(2025, 1, 1)),
    Token(58, "revoked-token", 9001, ("api",), date(2027, 10, 1), active=False),
)
PROJECTS = (
    (101, "larkfield/platform", "public"),
    (102, "larkfield/internal", "private"),
    (201, "imported/issues", "public"),
)
HOOK_EVENTS: tuple[str, ...] = ("issues_events", "confidential_issues_events", "note_events")
HOOK_EVENTS += ("confidential_note_events",)


def seed_basics(state: State) -> None:
    """Users, tokens and three empty projects; the Salesforce client credentials."""
    gitlab = state.gitlab
    gitlab.users = {user.id: user for user, _ in USERS}
    for token in TOKENS:
        kept = (token.id, token.value, token.user_id, token.scopes, token.expires_on, token.active)
        gitlab.tokens[token.value] = Token(*kept)
    for project_id, path, visibility in PROJECTS:
        _put_project(state, {"id": project_id, "path": path, "visibility": visibility})
    state.salesforce.secrets["sandbox-consumer"] = "sandbox-secret"


def _put_project(state: State, order: Order) -> None:
    """New, or changed in path or visibility; an old path keeps redirecting."""
    project = state.gitlab.projects.get(order["id"])
    if project is None:
        members = {user.id: level for user, level in USERS if level}
        made = Project(order["id"], order["path"], order.get("visibility", "private"), BEGINNING)
        made.members = {int(k): v for k, v in order.get("members", members).items()}
        state.gitlab.projects[made.id] = made
        return
    if order.get("path", project.path) != project.path:
        project.old_paths.add(project.path.lower())
        project.path = order["path"]
    project.visibility = order.get("visibility", project.visibility)
    if "members" in order:
        project.members = {int(k): v for k, v in order["members"].items()}
    project.touch()


def add_site_hook(state: State, url: str, secret: str) -> None:
    """The portal's own hook in every project."""
    for project_id in state.gitlab.projects:
        _put_hook(state, {"project_id": project_id, "url": url, "token": secret})


def _put_hook(state: State, row: Order) -> None:
    """Told of issues and notes, confidential ones too."""
    if not is_loopback(row["url"]):
        raise ValueError("a webhook's address must be on loopback")
    hook = Hook(state.gitlab.next_id("hook", 70), row["project_id"], row["url"])
    hook.token, hook.signing_token = row.get("token", ""), row.get("signing_token", "")
    hook.events = dict.fromkeys(HOOK_EVENTS, True)
    state.gitlab.hooks[hook.id] = hook


def apply_seed(desk: Desk, order: Order) -> dict[str, Any]:
    """Put in what is asked for; returns what was made. Raises KeyError, ValueError, TypeError."""
    state = desk.hub.state
    for row in order.get("users", []):
        state.gitlab.users[row["id"]] = User(row["id"], row["username"], row.get("name", ""))
    for row in order.get("projects", []):
        _put_project(state, row)
    for row in order.get("tokens", []):
        _put_token(state, row)
    for row in order.get("hooks", []):
        _put_hook(state, row)
    for row in order.get("labels", []):
        project = state.gitlab.projects[row["project_id"]]
        make_label(state.gitlab, project, row["name"], row.get("color", ""))
    for row in order.get("milestones", []):
        put_milestone(state, row["project_id"], row)
    for row in order.get("releases", []):
        _put_release(state, row)
    issues = [put_issue(desk, row) for row in order.get("issues", [])]
    accounts = [put_account(state.salesforce, row) for row in order.get("accounts", [])]
    if "salesforce" in order:
        _configure_salesforce(state, order["salesforce"])
    made = [{"project_id": i.project_id, "iid": i.iid, "id": i.id} for i in issues]
    return {"issues": made, "accounts": accounts}


def _configure_salesforce(state: State, order: Order) -> None:
    state.salesforce.limit = int(order.get("limit", state.salesforce.limit))
    state.salesforce.missing_fields = {n.lower() for n in order.get("missing_fields", [])}


def _put_token(state: State, row: Order) -> None:
    gitlab = state.gitlab
    old = gitlab.tokens.get(row["token"])
    token = Token(
        id=old.id if old else gitlab.next_id("token", 100),
        value=row["token"],
        user_id=row.get("user_id", old.user_id if old else 9001),
        scopes=tuple(row.get("scopes", old.scopes if old else ("api",))),
        expires_on=parse_day(row["expires_on"]) if row.get("expires_on") else None,
        active=bool(row.get("active", True)),
    )
    gitlab.tokens[token.value] = token
    if "role" in row:
        for project in gitlab.projects.values():
            project.members[token.user_id] = int(row["role"])
            project.touch()


def put_milestone(state: State, project_id: int, row: Order) -> Milestone:
    project = state.gitlab.projects[project_id]
    old = next((m for m in project.milestones.values() if m.title == row["title"]), None)
    if old is None:
        new_id, iid = state.gitlab.next_id("milestone", 600), len(project.milestones) + 1
        old = Milestone(new_id, iid, project_id, row["title"], None, "active", BEGINNING)
        project.milestones[old.id] = old
    old.due_on = parse_day(row.get("due_on")) or old.due_on
    old.state = row.get("state", old.state)
    project.touch()
    return old


def _put_release(state: State, row: Order) -> None:
    when = row.get("released_at") or "2026-01-01T00:00:00.000Z"
    release = {"tag_name": row["tag_name"], "name": row.get("name", row["tag_name"])}
    release |= {"description": row.get("description", ""), "released_at": when}
    release |= {"created_at": when, "milestones": list(row.get("milestones", []))}
    state.gitlab.projects[row["project_id"]].releases.append(release)


def put_issue(desk: Desk, row: Order) -> Issue:
    """One issue without telling any hook. Times default to now."""
    state = desk.hub.state
    project = state.gitlab.projects[row["project_id"]]
    author = state.gitlab.users[row.get("author_id", 7001)]
    values: dict[str, Any] = {"title": row["title"], "description": row.get("description") or ""}
    for name in ("iid", "weight", "confidential", "issue_type"):
        if row.get(name) is not None:
            values[name] = row[name]
    values["labels"] = tuple(row.get("labels", ()))
    created = row.get("created_at") or row.get("created_on")
    updated = row.get("updated_at") or row.get("updated_on") or created
    if created:
        values["created_at"] = parse_moment(created)
        values["updated_at"] = parse_moment(updated or created)
    if row.get("milestone"):
        title = {"title": row["milestone"]}
        values["milestone_id"] = put_milestone(state, project.id, title).id
    issue = desk.create_issue(project, author, values, quiet=True)
    if row.get("state", "opened") == "closed":
        project.touch(issue)
        issue.state, issue.closed_at, issue.closed_by_id = "closed", issue.updated_at, author.id
    return issue
