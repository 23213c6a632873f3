"""Notes: writing, hiding, quick actions, mentions, short pages."""

from typing import Any

import gitlab
import pytest
import requests

from portal.sandbox.client import Fault, Sandbox

Project = Any
URL = "/api/v4/projects/101/issues/1/notes"


@pytest.fixture
def issue(project: Project) -> Any:
    return project.issues.create({"title": "One"})


def post_note(sandbox: Sandbox, body: str, token: str = "sandbox-token") -> requests.Response:
    url, headers = sandbox.gitlab_url + URL, {"PRIVATE-TOKEN": token}
    return requests.post(url, json={"body": body}, headers=headers, timeout=10)


def test_write_edit_delete(sandbox: Sandbox, issue: Any) -> None:
    note = issue.notes.create({"body": "first", "internal": True})
    assert (note.internal, note.confidential, note.system) == (True, True, False)
    issue.notes.update(note.id, {"body": "second"})
    assert issue.notes.get(note.id).body == "second"
    issue.notes.delete(note.id)
    with pytest.raises(gitlab.GitlabGetError) as missing:
        issue.notes.get(note.id)
    assert missing.value.response_code == 404
    assert [(n["body"], n["deleted"]) for n in sandbox.notes(101, 1)] == [("second", True)]
    assert sandbox.notes(101, 1, deleted=False) == []


def test_order_and_filter(sandbox: Sandbox, issue: Any) -> None:
    for body in ("a", "b"):
        issue.notes.create({"body": body})
    sandbox.act(101, 1, "close")
    bodies = [note.body for note in issue.notes.list(get_all=True, sort="asc")]
    assert bodies == ["a", "b", "closed"]
    comments = issue.notes.list(get_all=True, activity_filter="only_comments")
    assert [note.body for note in comments] == ["b", "a"]
    activity = issue.notes.list(get_all=True, activity_filter="only_activity")
    assert [note.body for note in activity] == ["closed"]


def test_pages_are_cut_before_hidden_notes_are_taken_out(
    sandbox: Sandbox, connect: Any, issue: Any
) -> None:
    for number in range(6):
        issue.notes.create({"body": str(number), "internal": number < 3})
    url, headers = sandbox.gitlab_url + URL, {"PRIVATE-TOKEN": "guest-token"}
    query = {"per_page": 2, "sort": "asc"}
    first = requests.get(url, query, headers=headers, timeout=10)
    assert first.json() == []
    assert first.headers["X-Next-Page"] == "2"
    guest = connect("guest-token").projects.get(101).issues.get(1)
    assert [n.body for n in guest.notes.list(iterator=True, **query)] == ["3", "4", "5"]


def test_short_pages_lose_nothing(sandbox: Sandbox, issue: Any) -> None:
    for number in range(5):
        issue.notes.create({"body": str(number)})
    sandbox.add_faults(Fault("short_page", path="/notes$", parameters={"drop": 1}))
    rows = issue.notes.list(iterator=True, per_page=2, sort="asc")
    assert [note.body for note in rows] == ["0", "1", "2", "3", "4"]
    first = issue.notes.list(page=1, per_page=2, sort="asc")
    assert [note.body for note in first] == ["0"]


def test_internal_from_a_guest_is_dropped_in_silence(
    sandbox: Sandbox, connect: Any, issue: Any
) -> None:
    guest = connect("guest-token").projects.get(101).issues.get(issue.iid)
    note = guest.notes.create({"body": "hello", "internal": True})
    assert note.internal is False
    reporter = connect("reporter-token").projects.get(101).issues.get(issue.iid)
    assert reporter.notes.create({"body": "hello", "internal": True}).internal is True


def test_only_the_author_or_a_maintainer_changes_a_note(connect: Any, issue: Any) -> None:
    note = issue.notes.create({"body": "ours"})
    other = connect("reporter-token").projects.get(101).issues.get(1)
    with pytest.raises(gitlab.GitlabUpdateError) as refused:
        other.notes.update(note.id, {"body": "theirs"})
    assert refused.value.response_code == 403
    theirs = other.notes.create({"body": "theirs"})
    issue.notes.delete(theirs.id)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("/close", "state", "closed"),
        ("/label ~known", "labels", ["known"]),
        ('/label ~"two words"', "labels", ["two words"]),
        ("/weight 3", "weight", 3),
        ("/confidential", "confidential", True),
        ("/title New", "title", "New"),
        ("/CLOSE", "state", "closed"),
    ],
)
def test_a_note_of_only_commands_is_202_without_id(
    sandbox: Sandbox, issue: Any, line: str, field: str, value: Any
) -> None:
    rows = [{"project_id": 101, "name": name} for name in ("known", "two words")]
    sandbox.seed({"labels": rows})
    answer = post_note(sandbox, line)
    assert answer.status_code == 202
    assert "id" not in answer.json()
    assert "commands_changes" in answer.json()
    assert sandbox.issue(101, issue.iid)[field] == value
    assert sandbox.notes(101, issue.iid) == []


def test_commands_are_taken_out_of_other_text(sandbox: Sandbox, issue: Any) -> None:
    note = issue.notes.create({"body": "Please\n/close\nthanks"})
    assert note.body == "Please\nthanks"
    assert sandbox.issue(101, 1)["state"] == "closed"
    event = sandbox.events(kind="quick_action")[0]
    assert (event["command"], event["author"], event["done"]) == ("close", "portal-bot", True)


def test_commands_in_a_new_description_run_too(sandbox: Sandbox, project: Project) -> None:
    made = project.issues.create({"title": "One", "description": "text\n/weight 5"})
    assert (made.description, made.weight) == ("text", 5)


@pytest.mark.parametrize(
    "body",
    [
        "> /close",
        "  /close",
        "see /close",
        "```\n/close\n```",
        "/closed",
        "/unknown",
        ">>>\n/close\n>>>",
    ],
)
def test_text_that_is_no_command_stays(sandbox: Sandbox, issue: Any, body: str) -> None:
    note = issue.notes.create({"body": body})
    assert note.body == body
    assert sandbox.issue(101, 1)["state"] == "opened"


def test_a_guest_cannot_command(sandbox: Sandbox, issue: Any) -> None:
    answer = post_note(sandbox, "/close", "guest-token")
    assert answer.status_code == 400
    assert sandbox.issue(101, 1)["state"] == "opened"


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("hello @all", ["all"]),
        ("@dana and @miles: @dana", ["dana", "miles"]),
        ("ann@example.org", []),
        ("`@all`", []),
        ("```\n@all\n```", []),
        ("\\@ all", []),
    ],
)
def test_mentions_are_recorded(sandbox: Sandbox, issue: Any, body: str, who: list[str]) -> None:
    issue.notes.create({"body": body})
    assert [event["who"] for event in sandbox.events(kind="mention")] == who


def test_blank_and_missing_bodies(sandbox: Sandbox, issue: Any) -> None:
    blank = post_note(sandbox, " ")
    assert (blank.status_code, "can't be blank" in blank.json()["message"]) == (400, True)
    url, headers = sandbox.gitlab_url + URL, {"PRIVATE-TOKEN": "sandbox-token"}
    missing = requests.post(url, json={}, headers=headers, timeout=10)
    assert missing.json() == {"error": "body is missing"}
    nowhere = requests.post(
        url.replace("/1/", "/9/"), json={"body": "x"}, headers=headers, timeout=10
    )
    assert (nowhere.status_code, nowhere.json()) == (404, {"message": "404 Issue Not Found"})
