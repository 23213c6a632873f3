"""The demo world and imported trackers: issues, comments and accounts from data files."""

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from portal.sandbox.gitlab.call import parse_moment
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.model import Issue, Note, User
from portal.sandbox.salesforce.records import put_account
from portal.sandbox.seed import put_issue, put_milestone

WORLD = Path(__file__).parent / "world"
PLATFORM, INTERNAL, IMPORTED = 101, 102, 201
FEATURE_KINDS = frozenset(("New Feature", "Story", "Improvement", "enhancement"))
BOT = 9001


@cache
def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def load_world(desk: Desk, folder: Path = WORLD) -> None:
    """Accounts, milestones and issues from the folder's files; absent files are skipped."""
    state = desk.hub.state
    for path in sorted(folder.glob("accounts*.json")):
        for account in _read_json(path):
            put_account(state.salesforce, account)
    for path in sorted(folder.glob("milestones*.json")):
        for row in _read_json(path):
            put_milestone(state, row.get("project_id", PLATFORM), row)
    made: dict[str, Issue] = {}
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("issues_*.json")):
        rows += _read_json(path)
    for row in sorted(rows, key=lambda row: str(row.get("created_on", ""))):
        made[row["title"]] = put_issue(desk, {**row, "project_id": find_project(row)})
    for row in rows:
        _tell_closing(desk, made[row["title"]], row, made)
    for path in sorted(folder.glob("notes*.json")):
        _load_notes(desk, _read_json(path), made)


def find_project(row: dict[str, Any]) -> int:
    """Everything is in the public project, confidential or not, unless the file says otherwise."""
    return int(
        row.get("project_id") or (INTERNAL if row.get("project") == "internal" else PLATFORM)
    )


def _tell_closing(desk: Desk, issue: Issue, row: dict[str, Any], made: dict[str, Issue]) -> None:
    """Why it was closed, as GitLab would have noted it."""
    by = desk.hub.state.gitlab.users[issue.author_id]
    reason = row.get("closed_reason")
    original = made.get(row.get("duplicate_of_title") or "")
    if reason == "duplicate" and original is not None and original is not issue:
        issue.duplicated_to_id = original.id
        desk.link_issues(issue, original, "relates_to")
        desk.add_system_note(issue, by, f"marked this issue as a duplicate of #{original.iid}")
    if issue.state == "closed":
        desk.add_system_note(issue, by, "closed")
    for note in issue.notes:
        note.created_at = note.updated_at = issue.updated_at


def _load_notes(desk: Desk, content: dict[str, Any], made: dict[str, Issue]) -> None:
    """Comments of people, as old as the file says; no hook is told."""
    state = desk.hub.state.gitlab
    for person in content["people"]:
        state.users[person["id"]] = User(person["id"], person["username"], person["name"])
    ids = {user.username: user.id for user in state.users.values()}
    for row in content["notes"]:
        issue, at = made[row["issue"]], parse_moment(row["written_on"])
        author, is_internal = ids[row["author"]], bool(row["internal"])
        note = Note(
            id=state.next_id("note", 300_000),
            project_id=issue.project_id,
            iid=issue.iid,
            author_id=author,
            body=row["body"],
            internal=is_internal,
            system=False,
            created_at=at,
            updated_at=at,
        )
        issue.notes.append(note)
        state.note_ids[note.id] = note


def read_lines(path: Path) -> Iterable[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@cache
def _read_tracker(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(read_lines(path))


def load_tracker(desk: Desk, path: Path, excluded: frozenset[str]) -> int:
    """A tracker's issues into the imported project, in the file's order; returns how many."""
    state = desk.hub.state
    for row in _read_tracker(path):
        if row["id"] in excluded:
            continue
        kind = "type::feature" if row["kind"] in FEATURE_KINDS else "type::bug"
        order = {"project_id": IMPORTED, "title": row["title"].strip()[:255] or row["id"]}
        order |= {"description": row["body"], "labels": [kind], "author_id": BOT}
        issue = put_issue(desk, order | {"created_at": row["created_at"]})
        state.gitlab.imported[row["id"]] = issue.iid
    return len(state.gitlab.imported)


def load_all(
    desk: Desk, *, world: bool, tracker: Path | None = None, excluded: frozenset[str] = frozenset()
) -> None:
    if world:
        load_world(desk)
    if tracker is not None:
        load_tracker(desk, tracker, excluded)
