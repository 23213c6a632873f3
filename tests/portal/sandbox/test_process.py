"""The process itself, its control port, and trackers read from a file."""

import gzip
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from portal.sandbox import assembly
from portal.sandbox.client import Sandbox, SandboxError
from portal.sandbox.spawn import ROOT, build_arguments, start_process, start_sandbox, stop_process
from portal.sandbox.world import load_world
from tests.portal.sandbox.conftest import connect_gitlab


def write_tracker(path: Path, count: int) -> Path:
    kinds = ("New Feature", "Story", "Improvement", "enhancement", "Bug")
    rows = [
        {"id": f"T-{n}", "created_at": f"2015-01-01T{n % 24:02d}:00:00", "kind": kinds[n % 5]}
        | {"title": f"Title {n}", "body": "A body of some length. " * 40, "duplicate_of": None}
        for n in range(count)
    ]
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    path = write_tracker(tmp_path_factory.mktemp("tracker") / "t.jsonl.gz", 16_704)
    with start_sandbox(issues=path, exclude_ids=("T-2",)) as handle:
        yield handle


def test_listens_on_loopback_only_and_ends_on_sigterm() -> None:
    process, handle = start_process(build_arguments())
    try:
        assert handle.gitlab_url.startswith("http://127.0.0.1:")
        port = int(handle.control_url.rsplit(":", 1)[1])
        with socket.socket() as other, pytest.raises(ConnectionRefusedError):
            other.connect(("127.0.0.2", port))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=1) == 0
    finally:
        stop_process(process)


def test_takes_the_ports_it_is_given() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process, handle = start_process(build_arguments(ports=(port, 0, 0)))
    assert handle.gitlab_url == f"http://127.0.0.1:{port}"
    stop_process(process)
    with pytest.raises(SandboxError):
        handle.health()


def test_a_tracker_keeps_order_and_ids(tracker: Sandbox) -> None:
    ids = tracker.issue_ids()
    assert len(ids) == 16_703
    assert (ids["T-0"], ids["T-1"], ids["T-3"]) == (1, 2, 3)
    assert "T-2" not in ids
    project = connect_gitlab(tracker.gitlab_url, "sandbox-token").projects.get(201)
    first, fifth = project.issues.get(1), project.issues.get(4)
    assert (first.title, first.labels) == ("Title 0", ["type::feature"])
    assert (fifth.title, fifth.labels) == ("Title 4", ["type::bug"])
    assert first.created_at == "2015-01-01T00:00:00.000Z"


def test_pages_of_a_large_project_are_full(tracker: Sandbox) -> None:
    session = requests.Session()
    url = f"{tracker.gitlab_url}/api/v4/projects/201/issues"
    for page in range(1, 6):
        query = {"per_page": 100, "page": page, "order_by": "updated_at", "sort": "asc"}
        assert len(session.get(url, params=query, timeout=60).json()) == 100


def test_reset_to_the_start_brings_the_tracker_back(tracker: Sandbox) -> None:
    tracker.reset()
    assert tracker.health()["issues"]["201"] == 0
    tracker.reset(seed="start")
    assert tracker.health()["issues"]["201"] == 16_703


def test_a_site_webhook_is_there_from_the_start_and_after_a_reset() -> None:
    site = {"site_webhook": "http://127.0.0.1:9/hooks/", "webhook_secret": "s"}
    with start_sandbox(**site) as handle:
        for _ in range(2):
            project = connect_gitlab(handle.gitlab_url, "sandbox-token").projects.get(102)
            (hook,) = project.hooks.list(get_all=True)
            assert (hook.url, hook.confidential_note_events) == (site["site_webhook"], True)
            handle.reset()


def test_events_tell_the_phases_in_order(sandbox: Sandbox, project: Any) -> None:
    since = sandbox.last_seq()
    project.issues.create({"title": "One"})
    project.issues.get(1)
    told = [(e["method"], e["phase"]) for e in sandbox.events(since)]
    assert told == [
        ("POST", "received"),
        ("POST", "committed"),
        ("POST", "answered"),
        ("GET", "received"),
        ("GET", "listed"),
        ("GET", "answered"),
    ]
    assert sandbox.events(since, method="POST", phase="received")[0]["body"] == {"title": "One"}
    url = f"{sandbox.gitlab_url}/api/v4/user"
    assert requests.get(url, {"private_token": "sandbox-token"}, timeout=10).ok
    assert "sandbox-token" not in json.dumps(sandbox.events())


def test_waiting_for_an_event_ends_when_it_comes(sandbox: Sandbox, project: Any) -> None:
    since = sandbox.last_seq()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sandbox.wait_for, since, 10, phase="committed", path="/issues$")
        project.issues.create({"title": "One"})
        assert waiting.result(timeout=5)["method"] == "POST"
    with pytest.raises(TimeoutError):
        sandbox.wait_for(sandbox.last_seq(), 0.1, phase="committed")


def test_reset_forgets_everything_but_the_sequence(sandbox: Sandbox, project: Any) -> None:
    project.issues.create({"title": "One"})
    last = sandbox.last_seq()
    sandbox.reset()
    assert sandbox.issues() == []
    assert sandbox.notes() == []
    assert sandbox.events(phase="committed") == []
    assert sandbox.last_seq() >= last


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/seed", {"issues": [{"project_id": 999, "title": "x"}]}),
        ("POST", "/seed", {"issues": [{"project_id": 101}]}),
        ("POST", "/reset", {"seed": "everything"}),
        ("POST", "/issues/101/1/close", {}),
        ("POST", "/hold", {}),
    ],
)
def test_orders_that_cannot_be_carried_out(
    sandbox: Sandbox, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = requests.request(method, sandbox.control_url + path, json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_people_act(sandbox: Sandbox) -> None:
    sandbox.seed({"issues": [{"project_id": 101, "title": "One"}]})
    note = sandbox.act(101, 1, "note", body="by hand", author="miles")
    sandbox.act(101, 1, "edit_note", note_id=note["id"], body="changed")
    sandbox.act(101, 1, "labels", add=["a", "b"])
    sandbox.act(101, 1, "labels", remove=["a"])
    sandbox.act(101, 1, "milestone", title="3.1", due_on="2027-01-01")
    sandbox.act(101, 1, "weight", value=4)
    sandbox.act(101, 1, "promote")
    issue = sandbox.issue(101, 1)
    assert (issue["labels"], issue["weight"], issue["promoted"]) == (["b"], 4, True)
    assert issue["milestone"]["due_date"] == "2027-01-01"
    assert issue["state"] == "closed"
    (shown,) = sandbox.notes(101, 1)
    assert (shown["author"], shown["body"], shown["deleted"]) == ("miles", "changed", False)
    sandbox.act(101, 1, "delete_note", note_id=note["id"])
    assert sandbox.notes(101, 1)[0]["deleted"] is True


def test_accounts_come_back_in_the_shape_they_were_put(
    sandbox: Sandbox, accounts: list[str]
) -> None:
    shown = {account["id18"]: account for account in sandbox.accounts()}
    assert set(shown) == set(accounts)
    first = shown[accounts[0]]
    assert (first["arr"], first["health"], first["is_strategic"]) == (120000.5, "Red", True)
    assert first["contacts"][0]["email"] == "Ann@obrien.example"
    assert {o["name"] for o in first["opportunities"]} == {"Expansion", "First"}


def test_concurrent_writers_lose_nothing(sandbox: Sandbox) -> None:
    sandbox.seed({"issues": [{"project_id": 101, "title": "One"}]})

    def write(number: int) -> None:
        gl = connect_gitlab(sandbox.gitlab_url, "sandbox-token")
        issue = gl.projects.get(101, lazy=True).issues.get(1, lazy=True)
        issue.notes.create({"body": str(number)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert sorted(int(note["body"]) for note in sandbox.notes(101, 1)) == list(range(40))


def test_the_demo_world_loads(sandbox_world: Sandbox) -> None:
    health = sandbox_world.health()
    assert health["issues"]["101"] > 0
    assert health["accounts"] > 0
    duplicates = [i for i in sandbox_world.issues(101) if i["duplicated_to_id"]]
    assert all(issue["state"] == "closed" for issue in duplicates)


def test_a_world_without_files_is_empty(tmp_path: Path) -> None:
    empty = assembly.Sandbox(assembly.Options())
    empty.fill(world=False, tracker=False)
    load_world(empty.desk, tmp_path)
    assert not empty.hub.state.gitlab.issue_ids


def test_it_starts_without_the_site() -> None:
    """Loading the web framework would make every start slow."""
    code = "import sys, portal.sandbox.__main__; print([m for m in sys.modules if m == 'django'])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"
