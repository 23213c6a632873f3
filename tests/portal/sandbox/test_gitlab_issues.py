"""Issues through python-gitlab: lists, paging, changes, moves."""

from typing import Any

import pytest
import requests

from portal.sandbox.client import Sandbox

Project = Any


def seed_issues(sandbox: Sandbox, count: int, **fields: Any) -> None:
    rows = [
        {
            "project_id": 101,
            "title": f"Issue {n:03d}",
            "created_at": f"2026-01-01T{n // 60:02d}:{n % 60:02d}:00Z",
        }
        | fields
        for n in range(count)
    ]
    sandbox.seed({"issues": rows})


def test_an_issue_comes_back_as_it_was_made(project: Project) -> None:
    made = project.issues.create(
        {"title": "Export <b>", "description": "Two\nlines", "labels": "b,a", "weight": 3}
    )
    found = project.issues.get(made.iid)
    assert (found.title, found.description) == ("Export <b>", "Two\nlines")
    assert (found.labels, found.weight, found.state) == (["a", "b"], 3, "opened")
    assert found.created_at.endswith("Z")
    assert len(found.created_at) == len("2026-01-31T10:00:00.000Z")
    assert found.web_url.endswith("/larkfield/platform/-/issues/1")
    assert found._links["closed_as_duplicate_of"] is None


def test_global_id_and_iid_differ(project: Project) -> None:
    made = project.issues.create({"title": "One"})
    assert made.iid == 1
    assert made.id != made.iid


def test_offset_pages_hold_every_issue_once(sandbox: Sandbox, project: Project) -> None:
    seed_issues(sandbox, 23)
    rows = project.issues.list(iterator=True, per_page=5, order_by="created_at", sort="asc")
    assert rows.total == 23
    assert [row.iid for row in rows] == list(range(1, 24))


@pytest.mark.parametrize("order", ["id", "created_at", "updated_at"])
@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_keyset_pages_hold_every_issue_once(
    sandbox: Sandbox, project: Project, order: str, sort: str
) -> None:
    seed_issues(sandbox, 12)
    seed_issues(sandbox, 5, created_at="2026-01-01T00:00:00Z")
    query = {"pagination": "keyset", "order_by": order, "sort": sort}
    rows = project.issues.list(iterator=True, per_page=4, **query)
    ids = [row.id for row in rows]
    assert len(ids) == len(set(ids)) == 17
    if order == "id":
        assert ids == sorted(ids, reverse=sort == "desc")


def test_an_issue_that_changes_during_a_keyset_walk_is_not_lost(
    sandbox: Sandbox, project: Project
) -> None:
    seed_issues(sandbox, 8)
    query = {"pagination": "keyset", "order_by": "updated_at", "sort": "asc"}
    rows = iter(project.issues.list(iterator=True, per_page=3, **query))
    seen = [next(rows).iid for _ in range(3)]
    sandbox.act(101, 5, "title", title="Changed")
    seen += [row.iid for row in rows]
    assert set(seen) == set(range(1, 9))


def test_total_is_not_told_above_ten_thousand(sandbox: Sandbox) -> None:
    seed_issues(sandbox, 1)
    rows = [{"project_id": 101, "title": "x", "created_at": "2026-01-01"}] * 10_000
    sandbox.seed({"issues": rows})
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues"
    headers = requests.get(url, timeout=10).headers
    assert "X-Total" not in headers
    assert headers["X-Next-Page"] == "2"
    assert 'rel="last"' not in headers["Link"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "closed"}, {3}),
        ({"state": "opened"}, {1, 2, 4}),
        ({"labels": "a"}, {1, 2}),
        ({"labels": "a,b"}, {2}),
        ({"labels": "None"}, {3, 4}),
        ({"labels": "Any"}, {1, 2}),
        ({"search": "DARK mode"}, {1}),
        ({"search": "night", "in": "title"}, set()),
        ({"search": "night"}, {1}),
        ({"iids": [2, 4]}, {2, 4}),
        ({"confidential": True}, {4}),
        ({"milestone": "3.1"}, {2}),
        ({"issue_type": "incident"}, {4}),
        ({"updated_after": "2026-03-01T00:00:00Z"}, {3, 4}),
        ({"updated_before": "2026-03-01T00:00:00Z"}, {1, 2, 3}),
        ({"created_after": "2026-02-01T01:00:00+01:00"}, {2, 3, 4}),
    ],
)
def test_filters(
    sandbox: Sandbox, project: Project, query: dict[str, Any], expected: set[int]
) -> None:
    rows = [
        {
            "title": "Dark mode",
            "description": "for the night",
            "labels": ["a"],
            "created_on": "2026-01-01",
        },
        {"title": "B", "labels": ["a", "b"], "created_on": "2026-02-01", "milestone": "3.1"},
        {"title": "C", "state": "closed", "created_on": "2026-03-01"},
        {"title": "D", "confidential": True, "issue_type": "incident", "created_on": "2026-04-01"},
    ]
    sandbox.seed({"issues": [row | {"project_id": 101} for row in rows]})
    found = {issue.iid for issue in project.issues.list(get_all=True, **query)}
    assert found == expected


@pytest.mark.parametrize(
    "query", [{"state": "open"}, {"order_by": "size"}, {"updated_after": "soon"}, {"per_page": "x"}]
)
def test_impossible_parameters_are_refused(sandbox: Sandbox, query: dict[str, str]) -> None:
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues"
    answer = requests.get(url, query, timeout=10)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


def test_lists_follow_every_change(sandbox: Sandbox, project: Project) -> None:
    seed_issues(sandbox, 3)
    query = {"order_by": "updated_at", "sort": "desc", "get_all": True}
    assert project.issues.list(**query)[0].iid == 3
    sandbox.act(101, 1, "labels", add=["x"])
    assert [issue.iid for issue in project.issues.list(**query)] == [1, 3, 2]
    sandbox.act(101, 3, "delete")
    assert [issue.iid for issue in project.issues.list(**query)] == [1, 2]


def test_labels_are_added_and_removed_without_touching_others(project: Project) -> None:
    made = project.issues.create({"title": "One", "labels": "theirs,old"})
    project.issues.update(made.iid, {"add_labels": "ours", "remove_labels": "old"})
    assert project.issues.get(made.iid).labels == ["ours", "theirs"]


def test_scoped_labels_exclude_each_other(project: Project) -> None:
    made = project.issues.create({"title": "One", "labels": "priority::low,plain,a::b::c"})
    project.issues.update(made.iid, {"add_labels": "priority::high,a::b::d"})
    assert project.issues.get(made.iid).labels == ["a::b::d", "plain", "priority::high"]


def test_of_a_whole_list_the_new_scoped_label_stays(project: Project) -> None:
    made = project.issues.create({"title": "One", "labels": "priority::low"})
    project.issues.update(made.iid, {"labels": "priority::high,priority::low"})
    assert project.issues.get(made.iid).labels == ["priority::high"]


def test_close_and_reopen_write_system_notes(project: Project) -> None:
    made = project.issues.create({"title": "One"})
    closed = project.issues.update(made.iid, {"state_event": "close"})
    assert closed["state"] == "closed"
    assert closed["closed_at"]
    assert closed["closed_by"]["username"] == "portal-bot"
    reopened = project.issues.update(made.iid, {"state_event": "reopen"})
    assert reopened["closed_at"] is None
    notes = made.notes.list(get_all=True, sort="asc")
    assert [(note.body, note.system) for note in notes] == [("closed", True), ("reopened", True)]


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({}, {"error": "title is missing"}),
        ({"title": " "}, {"message": {"title": ["can't be blank"]}}),
        ({"title": "x" * 256}, {"message": {"title": ["is too long (maximum is 255 characters)"]}}),
    ],
)
def test_bad_issues_are_refused_in_both_shapes(
    sandbox: Sandbox, values: dict[str, str], body: dict[str, Any]
) -> None:
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues"
    answer = requests.post(url, json=values, headers={"PRIVATE-TOKEN": "sandbox-token"}, timeout=10)
    assert (answer.status_code, answer.json()) == (400, body)


def test_a_move_closes_here_and_copies_there_with_notes(sandbox: Sandbox, project: Project) -> None:
    made = project.issues.create({"title": "One", "labels": "a", "description": "text"})
    made.notes.create({"body": "public"})
    made.notes.create({"body": "hidden", "internal": True})
    made.move(102)
    left = project.issues.get(made.iid)
    copy = sandbox.issue(102, 1)
    assert (left.state, left.moved_to_id) == ("closed", copy["id"])
    assert (copy["title"], copy["labels"], copy["description"]) == ("One", ["a"], "text")
    copied = [(note["body"], note["internal"]) for note in sandbox.notes(102, 1)]
    assert copied == [("public", False), ("hidden", True)]
    left_notes = [note["body"] for note in sandbox.notes(101, 1, system=True)]
    assert "moved to larkfield/internal#1" in left_notes


def test_a_duplicate_names_its_original(sandbox: Sandbox, project: Project) -> None:
    seed_issues(sandbox, 2)
    sandbox.act(101, 1, "duplicate", of_iid=2)
    found = project.issues.get(1)
    assert found.state == "closed"
    assert found._links["closed_as_duplicate_of"].endswith("/api/v4/projects/101/issues/2")


def test_who_set_and_took_off_labels_is_kept(sandbox: Sandbox, project: Project) -> None:
    """https://docs.gitlab.com/api/resource_label_events/"""
    issue = project.issues.create({"title": "One", "labels": "priority::low"})
    project.issues.update(issue.iid, {"add_labels": "priority::high"})
    sandbox.act(101, issue.iid, "labels", add=["backlog"])
    project.labels.delete("priority::low")
    events = project.issues.get(issue.iid).resourcelabelevents.list(get_all=True)
    told = [(e.user["username"], e.action, e.label and e.label["name"]) for e in events]
    assert told == [
        ("portal-bot", "add", None),
        ("portal-bot", "add", "priority::high"),
        ("portal-bot", "remove", None),
        ("dana", "add", "backlog"),
    ]
