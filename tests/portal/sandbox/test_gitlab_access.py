"""Tokens, roles, hidden projects and issues, GraphQL."""

from typing import Any

import gitlab
import pytest
import requests

from portal.sandbox.client import Sandbox

MOVED = """
query($path: ID!, $iid: String!) {
  project(fullPath: $path) {
    issue(iid: $iid) {
      moved
      movedTo { iid projectId webUrl reference(full: true) }
      closedAsDuplicateOf { iid projectId }
    }
  }
}
"""


def get(sandbox: Sandbox, path: str, token: str = "", **headers: str) -> requests.Response:
    sent = {"PRIVATE-TOKEN": token} if token else {}
    return requests.get(f"{sandbox.gitlab_url}/api/v4{path}", headers=sent | headers, timeout=10)


def ask(sandbox: Sandbox, query: str, token: str = "sandbox-token", **variables: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url, body = f"{sandbox.gitlab_url}/api/graphql", {"query": query, "variables": variables}
    answer = requests.post(url, json=body, headers=headers, timeout=10)
    assert answer.status_code == 200
    return answer.json()


def test_who_we_are(connect: Any) -> None:
    gl = connect("sandbox-token")
    gl.auth()
    token = gl.personal_access_tokens.get("self")
    assert (gl.user.id, gl.user.username) == (9001, "portal-bot")
    assert (token.scopes, token.expires_at, token.active) == (["api"], "2027-10-01", True)
    assert gl.version()[0].startswith("18.")


def test_bearer_is_as_good_as_private_token(sandbox: Sandbox) -> None:
    answer = get(sandbox, "/user", Authorization="Bearer sandbox-token")
    assert answer.json()["username"] == "portal-bot"


@pytest.mark.parametrize(
    ("token", "body"),
    [
        ("nonsense", {"message": "401 Unauthorized"}),
        ("expired-token", "invalid_token"),
        ("revoked-token", "invalid_token"),
        ("", {"message": "401 Unauthorized"}),
    ],
)
def test_tokens_that_do_not_work(sandbox: Sandbox, token: str, body: Any) -> None:
    answer = get(sandbox, "/user", token)
    assert answer.status_code == 401
    assert answer.json() == body or answer.json().get("error") == body


def test_a_token_can_expire_between_two_calls(sandbox: Sandbox, connect: Any) -> None:
    gl = connect("sandbox-token")
    gl.projects.get(101)
    sandbox.seed({"tokens": [{"token": "sandbox-token", "expires_on": "2026-01-01"}]})
    with pytest.raises(gitlab.GitlabAuthenticationError):
        gl.projects.get(101)


def test_read_api_may_read_and_not_write(sandbox: Sandbox, connect: Any) -> None:
    project = connect("readonly-token").projects.get(101)
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        project.issues.create({"title": "no"})
    assert refused.value.response_code == 403
    assert sandbox.issues() == []


def test_a_private_project_is_404_without_access(sandbox: Sandbox, connect: Any) -> None:
    assert connect("sandbox-token").projects.get(102).visibility == "private"
    answer = get(sandbox, "/projects/102", "outsider-token")
    assert (answer.status_code, answer.json()) == (404, {"message": "404 Project Not Found"})


def test_role_is_told_with_the_project(connect: Any) -> None:
    levels = {
        token: connect(token).projects.get(101).permissions["project_access"]
        for token in ("sandbox-token", "guest-token", "outsider-token")
    }
    assert levels["sandbox-token"]["access_level"] == 40
    assert levels["guest-token"]["access_level"] == 10
    assert levels["outsider-token"] is None


def test_confidential_issues_are_hidden_from_outsiders(sandbox: Sandbox, connect: Any) -> None:
    row = {"project_id": 101, "title": "Secret", "confidential": True}
    sandbox.seed({"issues": [row, {"project_id": 101, "title": "Open"}]})
    outsider = connect("outsider-token").projects.get(101)
    assert [issue.title for issue in outsider.issues.list(get_all=True)] == ["Open"]
    assert get(sandbox, "/projects/101/issues/1", "outsider-token").status_code == 404
    assert get(sandbox, "/projects/101/issues/1", "reporter-token").status_code == 200
    hidden = get(sandbox, "/search?scope=issues&search=secret", "outsider-token")
    assert hidden.json() == []


def test_a_hidden_original_is_not_named(sandbox: Sandbox) -> None:
    rows = [{"project_id": 101, "title": "Copy"}, {"project_id": 102, "title": "Original"}]
    sandbox.seed({"issues": rows})
    sandbox.act(101, 1, "duplicate", of_project_id=102, of_iid=1)
    named = {
        token: get(sandbox, "/projects/101/issues/1", token).json()["_links"]
        for token in ("reporter-token", "outsider-token")
    }
    assert named["reporter-token"]["closed_as_duplicate_of"].endswith("/projects/102/issues/1")
    assert named["outsider-token"]["closed_as_duplicate_of"] is None


def test_a_guest_may_write_an_issue_but_not_label_it(connect: Any) -> None:
    project = connect("guest-token").projects.get(101)
    made = project.issues.create({"title": "Mine", "labels": "a", "weight": 3})
    assert (made.labels, made.weight) == ([], None)


def test_issues_by_global_id_are_for_administrators(sandbox: Sandbox) -> None:
    assert get(sandbox, "/issues/50001", "sandbox-token").status_code == 403


def test_epics_are_there_and_empty(connect: Any) -> None:
    assert (
        connect("sandbox-token").groups.get("larkfield", lazy=True).epics.list(get_all=True) == []
    )


def test_unknown_paths_and_methods(sandbox: Sandbox) -> None:
    assert get(sandbox, "/nonsense", "sandbox-token").json() == {"error": "404 Not Found"}
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues"
    assert (
        requests.put(url, headers={"PRIVATE-TOKEN": "sandbox-token"}, timeout=10).status_code == 405
    )


def test_graphql_follows_a_move_and_a_duplicate(sandbox: Sandbox) -> None:
    rows = [{"project_id": 101, "title": title} for title in ("Moved", "Copy", "Original")]
    made = sandbox.seed({"issues": rows})["issues"]
    sandbox.act(101, 1, "move", to_project_id=102)
    sandbox.act(101, 2, "duplicate", of_iid=3)
    moved = ask(sandbox, MOVED, path="larkfield/platform", iid="1")["data"]["project"]["issue"]
    assert moved["moved"] is True
    assert moved["movedTo"] == {
        "iid": "1",
        "projectId": 102,
        "webUrl": f"{sandbox.gitlab_url}/larkfield/internal/-/issues/1",
        "reference": "larkfield/internal#1",
    }
    gid = f"gid://gitlab/Issue/{made[1]['id']}"
    query = (
        f'{{ issue(id: "{gid}") {{ state original: closedAsDuplicateOf {{ iid projectId }} }} }}'
    )
    expected = {"state": "closed", "original": {"iid": "3", "projectId": 101}}
    assert ask(sandbox, query)["data"]["issue"] == expected


def test_graphql_hides_what_the_caller_may_not_see(sandbox: Sandbox) -> None:
    sandbox.seed({"issues": [{"project_id": 101, "title": "Moved"}]})
    sandbox.act(101, 1, "move", to_project_id=102)
    asked = {"path": "larkfield/platform", "iid": "1"}
    seen = ask(sandbox, MOVED, "outsider-token", **asked)["data"]["project"]["issue"]
    assert seen["movedTo"] is None
    hidden = ask(sandbox, MOVED, "outsider-token", path="larkfield/internal", iid="1")
    assert hidden["data"]["project"] is None


@pytest.mark.parametrize(
    "query",
    [
        "{ issue(id: 1) { iid } }",
        '{ issue(id: "gid://gitlab/Issue/1") { duplicatedToIssue { iid } } }',
        '{ issue(id: "gid://gitlab/Issue/1") }',
        "{ project { id } }",
        "mutation { x }",
        "{ currentUser { username { x } } }",
        "{ currentUser { ...f } }",
        "{ currentUser { username }",
        "",
    ],
)
def test_graphql_tells_problems_in_errors(sandbox: Sandbox, query: str) -> None:
    answer = ask(sandbox, query)
    assert answer["errors"][0]["message"]
    assert "data" not in answer
