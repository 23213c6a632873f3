"""Gates: a request is kept at one point until a test lets it go."""

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from portal.sandbox.client import Fault, Sandbox
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
    ("phase", "kept"), [("received", []), ("committed", ["x"]), ("answered", ["x"])]
)
def test_a_write_can_be_held_at_each_point(
    sandbox: Sandbox, issue: Any, phase: str, kept: list[str]
) -> None:
    sandbox.hold("here")
    break_notes(sandbox, "hold", parameters={"gate": "here", "phase": phase})
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(issue.notes.create, {"body": "x"})
        assert sandbox.wait_held("here") == 1
        assert bodies(sandbox) == kept
        assert writing.done() is False or phase == "answered"
        sandbox.release("here")
        assert writing.result(timeout=5).body == "x"
    assert bodies(sandbox) == ["x"]


def test_what_is_held_over_a_reset_writes_nothing(sandbox: Sandbox, issue: Any) -> None:
    sandbox.hold("here")
    break_notes(sandbox, "hold", parameters={"gate": "here", "phase": "received"})
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(issue.notes.create, {"body": "from before"})
        sandbox.wait_held("here")
        sandbox.reset()
        sandbox.seed({"issues": [{"project_id": 101, "title": "One"}]})
        with pytest.raises(requests.ConnectionError):
            writing.result(timeout=5)
    assert bodies(sandbox) == []


def test_a_list_can_be_held_after_it_was_read(sandbox: Sandbox, issue: Any) -> None:
    sandbox.hold("listing")
    place = {"gate": "listing", "phase": "listed"}
    sandbox.add_faults(Fault("hold", method="GET", path=NOTES, parameters=place))
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(issue.notes.list, get_all=True)
        sandbox.wait_held("listing")
        sandbox.act(101, 1, "note", body="too late to be seen")
        sandbox.release("listing")
        assert reading.result(timeout=5) == []


def test_a_client_that_dies_while_held_is_noticed(sandbox: Sandbox, issue: Any) -> None:
    """The write happens nevertheless: the server cannot know that nobody waits."""
    sandbox.hold("here")
    break_notes(sandbox, "hold", parameters={"gate": "here", "phase": "received"})
    parts = urlsplit(sandbox.gitlab_url)
    body = b'{"body": "orphan"}'
    head = (
        "POST /api/v4/projects/101/issues/1/notes HTTP/1.1\r\nHost: x\r\n"
        "PRIVATE-TOKEN: sandbox-token\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as client:
        client.sendall(head.encode() + body)
        sandbox.wait_held("here")
    sandbox.release("here")
    sandbox.wait_for(phase="committed", path=NOTES)
    assert bodies(sandbox) == ["orphan"]
