"""What GitLab's webhooks may and may not do."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from intake.models import CustomerLink, Issue, Project, WebhookEvent
from intake.pipeline.hooks import handle_webhooks
from intake.pipeline.mirror import mirror_project
from portal.gateways.errors import Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account
from portal.sandbox.client import Fault, Sandbox
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

SECRET = "a shared secret, ümlauts too"
ISSUE = {
    "object_kind": "issue",
    "project": {"id": 101},
    "object_attributes": {"iid": 1, "action": "update"},
}
NOTE = {"object_kind": "note", "project": {"id": 101}, "issue": {"iid": 1}}


@pytest.fixture(autouse=True)
def secret(settings: Settings) -> None:
    settings.GITLAB_WEBHOOK_SECRET = SECRET


def send(body: Any = ISSUE, **headers: str) -> HttpResponse:
    values = {"X-Gitlab-Event": "Issue Hook", "Idempotency-Key": "k1"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post("/webhooks/gitlab/", data, content_type="application/json", headers=values)


def deliver(body: Any = ISSUE, **headers: str) -> HttpResponse:
    return send(body, **{"X_Gitlab_Token": SECRET} | headers)


def sign(body: bytes, *, key: bytes = SECRET.encode(), at: float | None = None) -> dict[str, str]:
    sent_at = str(int(time.time() if at is None else at))
    digest = hmac.new(key, f"msg_1.{sent_at}.".encode() + body, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    return {
        "webhook_id": "msg_1",
        "webhook_timestamp": sent_at,
        "webhook_signature": f"v1,AAAA {signature}",
    }


def test_a_hook_is_stored_once_and_answered_at_once() -> None:
    for _ in range(3):
        assert deliver().status_code == 200
    event = WebhookEvent.objects.get()
    assert (event.key, event.kind) == ("k1", "Issue Hook")
    assert (event.project_id, event.issue_iid, event.handled_at) == (101, 1, None)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Gitlab_Token": ""},
        {"X_Gitlab_Token": "wrong"},
        {"X_Gitlab_Token": SECRET + "x"},
        {"webhook_signature": "v1,\u00e9", "webhook_timestamp": str(int(time.time()))},
        {"webhook_signature": "v1,AAAA", "webhook_timestamp": "9" * 5000},
        {"webhook_signature": "v1,AAAA", "webhook_timestamp": "\u0661\u0662"},
        {"webhook_signature": "v1,AAAA", "webhook_timestamp": "-5"},
        {"webhook_signature": "v1,AAAA"},
    ],
)
def test_nobody_else_gets_in(headers: dict[str, str]) -> None:
    values = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert send(**values).status_code == 401
    assert not WebhookEvent.objects.exists()


def test_without_a_secret_nothing_gets_in(settings: Settings) -> None:
    settings.GITLAB_WEBHOOK_SECRET = ""
    assert send(X_Gitlab_Token="").status_code == 401


def test_a_signature_is_as_good_as_the_token() -> None:
    body = json.dumps(ISSUE).encode()
    assert send(body, **sign(body)).status_code == 200


def test_a_signing_key_in_base64(settings: Settings) -> None:
    settings.GITLAB_WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"the key").decode()
    body = json.dumps(ISSUE).encode()
    assert send(body, **sign(body, key=b"the key")).status_code == 200
    assert send(body, **sign(body)).status_code == 401


def test_a_signature_of_other_words_or_another_time_is_none() -> None:
    body = json.dumps(ISSUE).encode()
    assert send(body + b" ", **sign(body)).status_code == 401
    assert send(body, **sign(body, at=time.time() - 301)).status_code == 401
    assert send(body, **sign(body, at=time.time() + 400)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 200),
        (b'"text"', 200),
        (b"null", 200),
        (b"{}", 200),
        (b'{"object_kind": "push", "project": {"id": 101}}', 200),
        (b'{"object_kind": "issue", "project": "x", "object_attributes": []}', 200),
        (b" " * (1024 * 1024 + 1), 413),
    ],
)
def test_bodies_that_mean_nothing(body: bytes, status: int) -> None:
    assert deliver(body).status_code == status


@pytest.mark.parametrize("number", [0, -1, "1", 1.5, True, None, 2**63, 10**40])
def test_numbers_that_are_none(number: object) -> None:
    assert deliver(ISSUE | {"object_attributes": {"iid": number}}).status_code == 200
    assert WebhookEvent.objects.get().issue_iid is None


def test_a_long_key_or_none_still_counts_once() -> None:
    for key in ("k" * 500, ""):
        for _ in range(2):
            assert deliver(Idempotency_Key=key).status_code == 200
    assert WebhookEvent.objects.count() == 2


def test_only_post() -> None:
    assert Client().get("/webhooks/gitlab/").status_code == 405


@pytest.fixture
def linked(make_issue: Callable[..., Issue], account: Account) -> Issue:
    issue = make_issue(iid=1)
    CustomerLink.objects.create(issue=issue, account=account)
    return issue


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Confidential Issue Hook", ISSUE),
        ("Confidential Note Hook", NOTE | {"issue": {"iid": 1, "confidential": True}}),
        ("Confidential Issue Hook", ISSUE | {"object_kind": "work_item"}),
    ],
)
def test_an_issue_made_confidential_is_hidden_before_the_answer(
    linked: Issue, kind: str, body: dict[str, Any]
) -> None:
    assert linked.is_shown_to_customers
    deliver(body, X_Gitlab_Event=kind)
    assert not Issue.objects.shown_to_customers().exists()
    assert CustomerLink.objects.get().due_at is not None
    assert Issue.objects.get().changed_at != linked.changed_at  # the index hears of it


@pytest.mark.parametrize(
    ("kind", "body"), [("Issue Hook", ISSUE), ("Confidential Note Hook", NOTE)]
)
def test_an_internal_comment_hides_nothing(linked: Issue, kind: str, body: dict[str, Any]) -> None:
    deliver(body, X_Gitlab_Event=kind)
    assert Issue.objects.shown_to_customers().exists()


def read(gitlab: GitLabGateway) -> list[int]:
    return handle_webhooks(gitlab=gitlab, clock=lambda: datetime.now(NOW.tzinfo))


@pytest.fixture
def planted(sandbox: Sandbox, gitlab: GitLabGateway) -> Sandbox:
    mirror_project("larkfield/platform", gitlab=gitlab, clock=lambda: NOW)
    sandbox.seed({"issues": [{"project_id": 101, "title": "As GitLab has it now"}]})
    return sandbox


def test_the_worker_reads_each_issue_once_from_gitlab_itself(
    planted: Sandbox, gitlab: GitLabGateway
) -> None:
    for key in ("a", "b", "c"):
        deliver(ISSUE | {"object_attributes": {"iid": 1, "title": "a lie"}}, Idempotency_Key=key)
    since = planted.last_seq()
    read(gitlab)
    assert Issue.objects.get().title == "As GitLab has it now"
    assert not WebhookEvent.objects.filter(handled_at=None).exists()
    gets = planted.events(since, phase="answered", method="GET", path=r"/issues/1$")
    assert len(gets) == 1
    assert read(gitlab) == []


def test_events_wait_while_gitlab_is_away(planted: Sandbox, gitlab: GitLabGateway) -> None:
    deliver()
    planted.add_faults(Fault(service="gitlab", path=r"/issues/1$", fault="503"))
    with pytest.raises(Unavailable):
        read(gitlab)
    assert WebhookEvent.objects.get().handled_at is None
    planted.clear_faults()
    read(gitlab)
    assert WebhookEvent.objects.get().handled_at is not None


def test_one_deleted_issue_holds_up_no_other(planted: Sandbox, gitlab: GitLabGateway) -> None:
    deliver(ISSUE | {"object_attributes": {"iid": 999}}, Idempotency_Key="gone")
    deliver(Idempotency_Key="here")
    deliver({"object_kind": "push"}, Idempotency_Key="push")
    deliver(ISSUE | {"project": {"id": 555}}, Idempotency_Key="elsewhere")
    read(gitlab)
    assert not WebhookEvent.objects.filter(handled_at=None).exists()
    assert Issue.objects.get().iid == 1


def test_a_hidden_project_freezes_and_its_events_are_done(
    planted: Sandbox, gitlab: GitLabGateway
) -> None:
    deliver()
    planted.add_faults(Fault(service="gitlab", path=r"/projects/", fault="404"))
    read(gitlab)
    assert Project.objects.get().is_lost
    assert not WebhookEvent.objects.filter(handled_at=None).exists()
