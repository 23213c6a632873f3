"""The webhook sender: GitLab's events, posted from a background thread."""

import base64
import hashlib
import hmac
import json
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

from portal.sandbox.gitlab.hook_payloads import build_issue_event, build_note_event
from portal.sandbox.gitlab.model import Hook, Issue, Note, User
from portal.sandbox.gitlab.post_hook import post_json
from portal.sandbox.hub import Hub

MAX_FAILURES = 4


@dataclass(slots=True)
class Delivery:
    hook: Hook
    event: str
    body: bytes
    key: str
    project_id: int
    iid: int
    generation: int


class WebhookSender:
    """Deliveries leave in order, one thread for all; faults may lose, double or delay them."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._queue: queue.Queue[Delivery] = queue.Queue()
        self._kept_back: list[Delivery] = []
        self._open = 0
        self._idle = threading.Condition()
        threading.Thread(target=self._work, daemon=True).start()

    def tell_issue(self, issue: Issue, by: User, action: str, before: dict[str, Any]) -> None:
        event = "Confidential Issue Hook" if issue.confidential else "Issue Hook"
        kind = "confidential_issues_events" if issue.confidential else "issues_events"
        for hook in self._hooks(issue, kind):
            payload = build_issue_event(self.hub, issue, by, action, before)
            self._enqueue(hook, event, payload, issue)

    def tell_note(self, note: Note, issue: Issue, by: User, action: str) -> None:
        hidden = note.internal or issue.confidential
        event = "Confidential Note Hook" if hidden else "Note Hook"
        kind = "confidential_note_events" if hidden else "note_events"
        for hook in self._hooks(issue, kind):
            payload = build_note_event(self.hub, note, issue, by, action, hidden=hidden)
            self._enqueue(hook, event, payload, issue)

    def _hooks(self, issue: Issue, kind: str) -> list[Hook]:
        hooks = self.hub.state.gitlab.hooks.values()
        mine = [hook for hook in hooks if hook.project_id == issue.project_id]
        return [hook for hook in mine if hook.events.get(kind) and not hook.disabled]

    def _enqueue(self, hook: Hook, event: str, payload: dict[str, Any], issue: Issue) -> None:
        body = json.dumps(payload).encode()
        where = (issue.project_id, issue.iid, self.hub.state.generation)
        delivery = Delivery(hook, event, body, str(uuid.uuid4()), *where)
        faults = {f.fault: f for f in self.hub.faults.pick("webhook", event, hook.url)}
        if "webhook_missing" in faults:
            self._record(delivery, None, "missing")
            return
        with self._idle:
            self._open += 2 if "webhook_duplicate" in faults else 1
        if "webhook_late" in faults:
            timer = threading.Timer(
                faults["webhook_late"].seconds(1.0), self._queue.put, [delivery]
            )
            timer.daemon = True
            timer.start()
        elif "webhook_out_of_order" in faults:
            self._kept_back.append(delivery)
        else:
            self._put(delivery)
        if "webhook_duplicate" in faults:
            self._queue.put(delivery)

    def _put(self, delivery: Delivery) -> None:
        """Queue it, and behind it whatever was kept back to arrive in the wrong order."""
        self._queue.put(delivery)
        while self._kept_back:
            self._queue.put(self._kept_back.pop(0))

    def _work(self) -> None:
        while True:
            delivery = self._queue.get()
            if delivery.generation == self.hub.state.generation:
                self._deliver(delivery)
            with self._idle:
                self._open -= 1
                self._idle.notify_all()

    def _deliver(self, delivery: Delivery) -> None:
        hook = delivery.hook
        status = post_json(hook.url, delivery.body, self._headers(delivery))
        with self.hub.state.lock:
            good = status is not None and status < 400
            hook.failures = 0 if good else hook.failures + 1
            hook.disabled = hook.failures >= MAX_FAILURES
        self._record(delivery, status, "sent")

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        hook = delivery.hook
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitLab/18.5.0",
            "Idempotency-Key": delivery.key,
            "X-Gitlab-Event": delivery.event,
            "X-Gitlab-Webhook-UUID": str(uuid.uuid5(uuid.NAMESPACE_URL, f"hook-{hook.id}")),
            "X-Gitlab-Instance": self.hub.addresses["gitlab"],
            "X-Gitlab-Event-UUID": str(uuid.uuid4()),
        }
        if hook.token:
            headers["X-Gitlab-Token"] = hook.token
        if hook.signing_token:
            moment = str(int(time.time()))
            signature = sign_body(hook.signing_token, delivery.key, moment, delivery.body)
            headers |= {"webhook-id": delivery.key, "webhook-timestamp": moment}
            headers["webhook-signature"] = signature
        return headers

    def _record(self, delivery: Delivery, status: int | None, outcome: str) -> None:
        facts = {
            "hook_id": delivery.hook.id,
            "url": delivery.hook.url,
            "event": delivery.event,
            "status": status,
            "outcome": outcome,
            "idempotency_key": delivery.key,
            "project_id": delivery.project_id,
            "iid": delivery.iid,
        }
        self.hub.state.gitlab.deliveries.append(facts)
        self.hub.events.add("webhook", service="webhook", **facts)

    def drop_kept_back(self) -> None:
        """After a reset: nothing from before is sent any more."""
        with self._idle:
            self._open -= len(self._kept_back)
            self._kept_back.clear()

    def flush(self, wait: float) -> bool:
        """Send what was kept back and wait until nothing is on its way; False when time is up."""
        with self.hub.state.lock:
            while self._kept_back:
                self._queue.put(self._kept_back.pop(0))
        with self._idle:
            return self._idle.wait_for(lambda: self._open == 0, timeout=wait)


def sign_body(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`."""
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
