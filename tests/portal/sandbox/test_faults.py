"""Every fault, as the client libraries meet it."""

import time
from typing import Any

import gitlab
import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceRefusedRequest

from portal.sandbox.client import Fault, Sandbox, SandboxError
from tests.portal.sandbox.conftest import connect_gitlab

NOTES = r"/issues/1/notes$"


@pytest.fixture
def issue(sandbox: Sandbox) -> Any:
    sandbox.seed({"issues": [{"project_id": 101, "title": "One"}]})
    gl = connect_gitlab(sandbox.gitlab_url, "sandbox-token", timeout=3)
    return gl.projects.get(101, lazy=True).issues.get(1, lazy=True)


def break_notes(sandbox: Sandbox, fault: str, **order: Any) -> None:
    sandbox.add_faults(Fault(fault, service="gitlab", method="POST", path=NOTES, **order))


def bodies(sandbox: Sandbox) -> list[str]:
    return [note["body"] for note in sandbox.notes(101, 1)]


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        ("429_json", 429, "application/json"),
        ("500", 500, "application/json"),
        ("502_html", 502, "text/html"),
        ("503", 503, "application/json"),
        ("401", 401, "application/json"),
        ("403", 403, "application/json"),
        ("404", 404, "application/json"),
    ],
)
def test_answers_in_place_of_the_write(
    sandbox: Sandbox, issue: Any, fault: str, status: int, kind: str
) -> None:
    break_notes(sandbox, fault)
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues/1/notes"
    headers = {"PRIVATE-TOKEN": "sandbox-token"}
    answer = requests.post(url, json={"body": "x"}, headers=headers, timeout=5)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(kind)
    assert "Retry-After" not in answer.headers
    with pytest.raises((gitlab.GitlabCreateError, gitlab.GitlabAuthenticationError)):
        issue.notes.create({"body": "x"}, obey_rate_limit=False)
    assert bodies(sandbox) == []


def test_429_text_says_when_to_come_back(sandbox: Sandbox, issue: Any) -> None:
    break_notes(sandbox, "429_text", parameters={"retry_after": 7})
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues/1/notes"
    answer = requests.post(url, json={"body": "x"}, timeout=5)
    assert (answer.status_code, answer.text) == (429, "Retry later\n")
    assert answer.headers["Retry-After"] == "7"
    assert "RateLimit-Remaining" in answer.headers


@pytest.mark.parametrize(
    ("fault", "error", "kept"),
    [
        ("reset_before", requests.ConnectionError, []),
        ("reset_after_commit", requests.ConnectionError, ["x"]),
        ("truncate_after_commit", requests.exceptions.ChunkedEncodingError, ["x"]),
        ("bad_json_after_commit", gitlab.GitlabParsingError, ["x"]),
    ],
)
def test_lost_answers(
    sandbox: Sandbox, issue: Any, fault: str, error: type[Exception], kept: list[str]
) -> None:
    break_notes(sandbox, fault)
    with pytest.raises(error):
        issue.notes.create({"body": "x"})
    assert bodies(sandbox) == kept
    assert sandbox.wait_for(phase="received", path=NOTES)["faults"] == [fault]


def test_a_ghost_writes_after_the_client_has_left(sandbox: Sandbox, issue: Any) -> None:
    break_notes(sandbox, "ghost_write", parameters={"delay": 0.3})
    with pytest.raises(requests.ConnectionError):
        issue.notes.create({"body": "x"})
    assert bodies(sandbox) == []
    assert sandbox.wait_for(phase="committed", path=NOTES)["late"] is True
    assert bodies(sandbox) == ["x"]


def test_a_ghost_can_let_the_client_time_out(sandbox: Sandbox, issue: Any) -> None:
    break_notes(sandbox, "ghost_write", parameters={"delay": 0.5, "answer": "hang"})
    gl = connect_gitlab(sandbox.gitlab_url, "sandbox-token", timeout=0.2)
    hurried = gl.projects.get(101, lazy=True).issues.get(1, lazy=True)
    with pytest.raises(requests.ReadTimeout):
        hurried.notes.create({"body": "x"})
    assert bodies(sandbox) == []
    sandbox.wait_for(phase="committed", path=NOTES)
    assert bodies(sandbox) == ["x"]


def test_a_ghost_does_not_survive_a_reset(sandbox: Sandbox, issue: Any) -> None:
    break_notes(sandbox, "ghost_write", parameters={"delay": 0.2})
    with pytest.raises(requests.ConnectionError):
        issue.notes.create({"body": "x"})
    sandbox.reset()
    sandbox.seed({"issues": [{"project_id": 101, "title": "One"}]})
    assert sandbox.events(wait=0.5, phase="committed") == []
    assert bodies(sandbox) == []


def test_delay_and_hang(sandbox: Sandbox, issue: Any) -> None:
    break_notes(sandbox, "delay", nth=1, parameters={"seconds": 0.3})
    break_notes(sandbox, "hang", nth=2)
    started = time.monotonic()
    issue.notes.create({"body": "late"})
    assert time.monotonic() - started >= 0.3
    gl = connect_gitlab(sandbox.gitlab_url, "sandbox-token", timeout=0.2)
    with pytest.raises(requests.ReadTimeout):
        gl.projects.get(101, lazy=True).issues.get(1, lazy=True).notes.create({"body": "never"})
    assert sandbox.wait_for(phase="aborted")["faults"] == ["hang"]
    assert bodies(sandbox) == ["late"]


def test_drip_defeats_a_timeout_per_read(sandbox: Sandbox, issue: Any) -> None:
    break_notes(sandbox, "drip", parameters={"seconds_per_byte": 0.001})
    gl = connect_gitlab(sandbox.gitlab_url, "sandbox-token", timeout=0.5)
    started = time.monotonic()
    note = gl.projects.get(101, lazy=True).issues.get(1, lazy=True).notes.create({"body": "x"})
    assert note.body == "x"
    assert time.monotonic() - started > 0.5


def test_a_stale_list_lacks_the_newest(sandbox: Sandbox, issue: Any) -> None:
    for body in ("a", "b", "c"):
        issue.notes.create({"body": body})
    sandbox.add_faults(Fault("stale_list", method="GET", path=NOTES, nth=1, parameters={"rows": 2}))
    sandbox.add_faults(
        Fault("stale_list", method="GET", path=NOTES, nth=2, parameters={"seconds": 60})
    )
    listed = [[n.body for n in issue.notes.list(get_all=True, sort="asc")] for _ in range(3)]
    assert listed == [["a"], [], ["a", "b", "c"]]


def test_a_next_link_can_lead_elsewhere(sandbox: Sandbox, issue: Any) -> None:
    for body in ("a", "b"):
        issue.notes.create({"body": body})
    elsewhere = {"base": "http://127.0.0.2:9"}
    sandbox.add_faults(Fault("foreign_next", path=NOTES, parameters=elsewhere))
    url = f"{sandbox.gitlab_url}/api/v4/projects/101/issues/1/notes?per_page=1"
    answer = requests.get(url, headers={"PRIVATE-TOKEN": "sandbox-token"}, timeout=5)
    assert answer.links["next"]["url"].startswith(elsewhere["base"])


@pytest.mark.parametrize(
    ("order", "struck"),
    [
        ({"nth": 2}, [2]),
        ({"first": 2}, [1, 2]),
        ({"every": 2}, [2, 4]),
        ({"between": (2, 3)}, [2, 3]),
        ({}, [1, 2, 3, 4]),
    ],
)
def test_which_requests_are_struck(
    sandbox: Sandbox, issue: Any, order: dict[str, Any], struck: list[int]
) -> None:
    break_notes(sandbox, "500", **order)
    failed = []
    for number in range(1, 5):
        try:
            issue.notes.create({"body": str(number)})
        except gitlab.GitlabCreateError:
            failed.append(number)
    assert failed == struck
    assert sandbox.fault_counts()[0]["seen"] == 4
    sandbox.clear_faults()
    issue.notes.create({"body": "well"})


def test_faults_choose_by_method_path_query_and_service(sandbox: Sandbox, issue: Any) -> None:
    sandbox.add_faults(Fault("500", method="GET", path="/notes$", query="page=2"))
    sandbox.add_faults(Fault("500", service="salesforce"))
    issue.notes.create({"body": "a"})
    assert issue.notes.list(page=1)
    with pytest.raises(gitlab.GitlabListError):
        issue.notes.list(page=2)


@pytest.mark.parametrize("order", [{"fault": "earthquake"}, {"fault": "500", "path": "("}])
def test_orders_that_make_no_sense_are_refused(sandbox: Sandbox, order: dict[str, str]) -> None:
    with pytest.raises(SandboxError):
        sandbox.add_faults(Fault(**order))


def test_salesforce_session_expires_once(
    sandbox: Sandbox, sf: Salesforce, accounts: list[str]
) -> None:
    sandbox.add_faults(Fault("expired_session", path="/query", nth=1))
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == len(accounts)
    logins = sandbox.events(phase="answered", path="/oauth2/token")
    assert len(logins) == 2


def test_salesforce_session_stays_expired(sandbox: Sandbox, sf: Salesforce) -> None:
    sandbox.add_faults(Fault("401", service="salesforce", path="/query"))
    with pytest.raises(SalesforceExpiredSession) as refused:
        sf.query("SELECT Id FROM Account")
    assert refused.value.content[0]["errorCode"] == "INVALID_SESSION_ID"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("request_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("403", 403, "INSUFFICIENT_ACCESS"),
        ("lock_row", 400, "UNABLE_TO_LOCK_ROW"),
        ("server_unavailable", 503, "SERVER_UNAVAILABLE"),
        ("500", 500, "UNKNOWN_EXCEPTION"),
    ],
)
def test_salesforce_errors_are_lists(
    sandbox: Sandbox, sf: Salesforce, fault: str, status: int, code: str
) -> None:
    sandbox.add_faults(Fault(fault, service="salesforce", path="/query"))
    answer = sf.session.get(f"{sf.base_url}query?q=x", headers=sf.headers)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)
    assert list(answer.json()[0]) == ["message", "errorCode"]


def test_the_daily_limit_ends_the_day(sandbox: Sandbox, sf: Salesforce) -> None:
    sandbox.seed({"salesforce": {"limit": 1}})
    sf.query("SELECT Id FROM Account")
    with pytest.raises(SalesforceRefusedRequest):
        sf.query("SELECT Id FROM Account")
