"""Webhooks as they arrive at a receiver."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import gitlab
import pytest

from portal.sandbox.client import Fault, Sandbox


@dataclass
class Receiver:
    """Keeps what arrives; `status` is what it answers."""

    url: str = ""
    status: int = 200
    arrived: "queue.Queue[tuple[Message, dict[str, Any], bytes]]" = field(
        default_factory=queue.Queue
    )

    def take(self) -> tuple[Message, dict[str, Any]]:
        headers, body, _ = self.arrived.get(timeout=5)
        return headers, body

    def take_all(self) -> list[tuple[Message, dict[str, Any]]]:
        found = []
        while not self.arrived.empty():
            found.append(self.take())
        return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.arrived.put((self.headers, json.loads(raw), raw))
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks/gitlab/"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(project: Any, receiver: Receiver) -> Any:
    wanted = (
        "issues_events",
        "confidential_issues_events",
        "note_events",
        "confidential_note_events",
    )
    order = {"url": receiver.url, "token": "s3cret", "push_events": False}
    return project.hooks.create(order | dict.fromkeys(wanted, True))


@pytest.mark.usefixtures("hook")
def test_an_issue_opens_changes_and_closes(
    sandbox: Sandbox, project: Any, receiver: Receiver
) -> None:
    made = project.issues.create({"title": "One", "labels": "a"})
    headers, body = receiver.take()
    assert (headers["X-Gitlab-Event"], headers["X-Gitlab-Token"]) == ("Issue Hook", "s3cret")
    assert len(headers["Idempotency-Key"]) == 36
    attributes = body["object_attributes"]
    assert (attributes["action"], attributes["iid"], body["project"]["id"]) == (
        "open",
        made.iid,
        101,
    )
    assert attributes["created_at"].endswith(" UTC")
    assert len(attributes["created_at"]) == len("2026-01-31 10:00:00 UTC")
    project.issues.update(made.iid, {"add_labels": "b"})
    _, body = receiver.take()
    assert body["object_attributes"]["action"] == "update"
    current = [label["title"] for label in body["changes"]["labels"]["current"]]
    assert current == ["a", "b"]
    sandbox.act(101, made.iid, "close")
    _, body = receiver.take()
    assert body["object_attributes"]["action"] == "close"
    assert body["changes"]["state_id"] == {"previous": 1, "current": 2}


@pytest.mark.usefixtures("hook")
def test_what_is_hidden_arrives_as_confidential(
    sandbox: Sandbox, project: Any, receiver: Receiver
) -> None:
    made = project.issues.create({"title": "One"})
    receiver.take()
    made.notes.create({"body": "public"})
    made.notes.create({"body": "hidden", "internal": True})
    sandbox.act(101, 1, "confidential")
    events = [receiver.take()[0]["X-Gitlab-Event"] for _ in range(3)]
    assert events == ["Note Hook", "Confidential Note Hook", "Confidential Issue Hook"]


@pytest.mark.usefixtures("hook")
def test_notes_tell_create_and_update_but_not_delete(
    project: Any, receiver: Receiver, sandbox: Sandbox
) -> None:
    made = project.issues.create({"title": "One"})
    note = made.notes.create({"body": "a"})
    made.notes.update(note.id, {"body": "b"})
    made.notes.delete(note.id)
    sandbox.act(101, 1, "delete")
    sandbox.flush_webhooks()
    told = [(b["object_kind"], b["object_attributes"]["action"]) for _, b in receiver.take_all()]
    assert told == [("issue", "open"), ("note", "create"), ("note", "update")]


@pytest.mark.usefixtures("hook")
def test_duplicate_and_move_name_their_targets(sandbox: Sandbox, receiver: Receiver) -> None:
    rows = [{"project_id": 101, "title": title} for title in ("a", "b", "c")]
    made = sandbox.seed({"issues": rows})["issues"]
    sandbox.act(101, 1, "duplicate", of_iid=2)
    sandbox.act(101, 3, "move", to_project_id=102)
    sandbox.flush_webhooks()
    attributes = [body["object_attributes"] for _, body in receiver.take_all()]
    assert attributes[0]["duplicated_to_id"] == made[1]["id"]
    assert attributes[1]["moved_to_id"] == sandbox.issue(102, 1)["id"]


def test_signature(sandbox: Sandbox, project: Any, receiver: Receiver) -> None:
    secret = b"0123456789abcdef"
    token = "whsec_" + base64.b64encode(secret).decode()
    project.hooks.create({"url": receiver.url, "issues_events": True, "signing_token": token})
    project.issues.create({"title": "One"})
    headers, _, raw = receiver.arrived.get(timeout=5)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + raw
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.usefixtures("hook")
def test_duplicate_deliveries_share_their_key(
    sandbox: Sandbox, project: Any, receiver: Receiver
) -> None:
    sandbox.add_faults(Fault("webhook_duplicate", service="webhook", method="Issue Hook"))
    project.issues.create({"title": "One"})
    sandbox.flush_webhooks()
    keys = [headers["Idempotency-Key"] for headers, _ in receiver.take_all()]
    assert len(keys) == 2
    assert keys[0] == keys[1]


@pytest.mark.usefixtures("hook")
def test_missing_late_and_out_of_order(sandbox: Sandbox, project: Any, receiver: Receiver) -> None:
    sandbox.add_faults(
        Fault("webhook_missing", service="webhook", nth=1),
        Fault("webhook_out_of_order", service="webhook", nth=2),
        Fault("webhook_late", service="webhook", nth=4, parameters={"seconds": 0.2}),
    )
    for title in ("missing", "second", "first", "late", "third"):
        project.issues.create({"title": title})
    sandbox.flush_webhooks()
    titles = [body["object_attributes"]["title"] for _, body in receiver.take_all()]
    assert titles == ["first", "second", "third", "late"]
    assert [d["outcome"] for d in sandbox.webhooks()].count("missing") == 1


def test_four_failures_disable_a_hook(
    sandbox: Sandbox, project: Any, hook: Any, receiver: Receiver
) -> None:
    receiver.status = 500
    for number in range(6):
        project.issues.create({"title": str(number)})
        sandbox.flush_webhooks()
    assert len(receiver.take_all()) == 4
    assert project.hooks.get(hook.id).alert_status == "disabled"
    receiver.status = 200
    project.hooks.update(hook.id, {"url": receiver.url})
    project.issues.create({"title": "again"})
    sandbox.flush_webhooks()
    assert len(receiver.take_all()) == 1


def test_only_loopback_is_called(project: Any) -> None:
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        project.hooks.create({"url": "https://example.org/hook"})
    assert refused.value.response_code == 422


def test_a_hook_can_be_seeded(sandbox: Sandbox, project: Any, receiver: Receiver) -> None:
    sandbox.seed({"hooks": [{"project_id": 101, "url": receiver.url, "token": "t"}]})
    project.issues.create({"title": "One", "confidential": True})
    headers, _ = receiver.take()
    assert (headers["X-Gitlab-Event"], headers["X-Gitlab-Token"]) == (
        "Confidential Issue Hook",
        "t",
    )


def test_hooks_are_for_maintainers(connect: Any, receiver: Receiver) -> None:
    reporter = connect("reporter-token").projects.get(101)
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        reporter.hooks.create({"url": receiver.url})
    assert refused.value.response_code == 403
