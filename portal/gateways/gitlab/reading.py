"""GitLab's JSON → our records.

Ways of failing: LookupError, TypeError or ValueError where something is missing or odd that a
record cannot be without.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from portal.gateways.records import (
    IssueKey,
    IssueRecord,
    LabelEventRecord,
    MilestoneRecord,
    NoteRecord,
    ProjectRecord,
    TokenRecord,
    Visibility,
)

_ISSUE_PATH = re.compile(r"/projects/(\d+)/issues/(\d+)/?$")


def read_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def read_text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def read_time(value: Any) -> datetime:
    """`2026-01-31T10:00:00.000Z`, or with an offset, in UTC."""
    found = datetime.fromisoformat(value)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def read_day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if value else None


def read_token(token: Any, *, username: str) -> TokenRecord:
    return TokenRecord(
        user_id=read_number(token["user_id"]),
        username=username,
        scopes=tuple(read_text(scope) for scope in token["scopes"]),
        expires_on=read_day(token.get("expires_at")),
    )


def read_project(project: Any) -> ProjectRecord:
    return ProjectRecord(
        id=read_number(project["id"]),
        path=read_text(project["path_with_namespace"]),
        visibility=Visibility(project["visibility"]),
        web_url=read_text(project["web_url"]),
        access_level=_read_access_level(project.get("permissions") or {}),
    )


def _read_access_level(permissions: Any) -> int | None:
    """The higher of the roles in the project and in its group; None without either."""
    roles = (permissions.get("project_access"), permissions.get("group_access"))
    return max((read_number(role["access_level"]) for role in roles if role), default=None)


def read_issue(issue: Any) -> IssueRecord:
    return IssueRecord(
        gitlab_id=read_number(issue["id"]),
        key=IssueKey(read_number(issue["project_id"]), read_number(issue["iid"])),
        title=read_text(issue["title"]),
        description=read_text(issue.get("description")),
        is_closed=issue["state"] == "closed",
        labels=tuple(read_text(label) for label in issue.get("labels") or ()),
        milestone=_read_milestone(issue.get("milestone")),
        weight=None if issue.get("weight") is None else read_number(issue["weight"]),
        is_confidential=issue["confidential"] is not False,
        type=read_text(issue.get("issue_type")) or "issue",
        author_id=_read_author_id(issue),
        web_url=read_text(issue["web_url"]),
        created_at=read_time(issue["created_at"]),
        updated_at=read_time(issue["updated_at"]),
        closed_at=read_time(issue["closed_at"]) if issue.get("closed_at") else None,
        user_notes_count=read_number(issue.get("user_notes_count") or 0),
        has_gone_on=issue.get("moved_to_id") is not None or read_duplicate(issue) is not None,
        author_name=_read_author_name(issue),
    )


def _read_milestone(milestone: Any) -> MilestoneRecord | None:
    if not milestone:
        return None
    return MilestoneRecord(
        id=read_number(milestone["id"]),
        title=read_text(milestone["title"]),
        due_on=read_day(milestone.get("due_date")),
        is_closed=milestone.get("state") == "closed",
    )


def _read_author_id(thing: Any) -> int:
    author = thing.get("author")
    return read_number(author["id"]) if author else 0


def _read_author_name(thing: Any) -> str:
    return read_text((thing.get("author") or {}).get("name"))


def read_duplicate(issue: Any) -> IssueKey | None:
    """`_links.closed_as_duplicate_of` is the API address of the issue that goes on."""
    found = _ISSUE_PATH.search((issue.get("_links") or {}).get("closed_as_duplicate_of") or "")
    return IssueKey(int(found[1]), int(found[2])) if found else None


def read_label_event(event: Any) -> LabelEventRecord:
    return LabelEventRecord(
        id=read_number(event["id"]),
        user_id=read_number(event["user"]["id"]) if event.get("user") else 0,
        label=read_text((event.get("label") or {}).get("name")),
        is_added=event["action"] == "add",
    )


def read_note(note: Any) -> NoteRecord:
    """`internal` was called `confidential` before GitLab 15.3."""
    return NoteRecord(
        id=read_number(note["id"]),
        body=read_text(note["body"]),
        author_id=_read_author_id(note),
        is_internal=(note.get("internal") or note.get("confidential")) is True,
        created_at=read_time(note["created_at"]),
        updated_at=read_time(note["updated_at"]),
        author_name=_read_author_name(note),
    )


def read_comment(note: Any) -> NoteRecord | None:
    """None for a system note, which only records what happened to the issue."""
    return None if note.get("system") else read_note(note)
