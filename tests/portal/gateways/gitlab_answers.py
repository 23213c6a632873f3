"""What a scripted GitLab says, and the calls that are tried on it."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from portal.gateways.errors import (
    GatewayError,
)
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from tests.portal.gateways.scripted import Answer, Asked, Scripted, serve

TOKEN = "glpat-a-token-nobody-may-see"


KEY = IssueKey(5, 3)


NEVER = threading.Event()


NOTE = {
    "id": 70,
    "body": "Hello",
    "author": {"id": 9},
    "internal": False,
    "system": False,
    "created_at": "2026-01-31T10:00:00.000Z",
    "updated_at": "2026-01-31T12:00:00.000+02:00",
}


PROJECT = {
    "id": 5,
    "path_with_namespace": "a/b",
    "visibility": "public",
    "web_url": "https://git.example/a/b",
    "permissions": {"project_access": {"access_level": 30}, "group_access": None},
}


ISSUE = {
    "id": 300,
    "iid": 3,
    "project_id": 5,
    "title": "Dark mode",
    "description": None,
    "state": "opened",
    "labels": ["customer"],
    "confidential": False,
    "author": {"id": 9},
    "web_url": "https://git.example/a/b/-/issues/3",
    "created_at": "2026-01-31T10:00:00.000Z",
    "updated_at": "2026-01-31T10:00:00.000Z",
}


def open_gateway(server: Scripted, **limits: float) -> GitLabGateway:
    return GitLabGateway(server.url, TOKEN, **{"timeout": 5, "write_deadline": 10, **limits})


def fail(answer: Answer, call: Callable[[GitLabGateway], Any]) -> GatewayError:
    with serve(answer) as server, pytest.raises(GatewayError) as caught:
        call(open_gateway(server))
    assert TOKEN not in str(caught.value)
    assert isinstance(caught.value.__context__, GatewayError | None)
    return caught.value


def read(gateway: GitLabGateway) -> Any:
    return gateway.issue(KEY)


def post(gateway: GitLabGateway) -> Any:
    return gateway.post_note(KEY, "Hello", is_internal=False)


def post_internal(gateway: GitLabGateway) -> Any:
    return gateway.post_note(KEY, "Hello", is_internal=True)


def edit(gateway: GitLabGateway) -> Any:
    return gateway.edit_note(KEY, 70, "Hello")


def break_off(asked: Asked, connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def by_method(**answers: Answer) -> Answer:
    def answer(asked: Asked, connection: socket.socket) -> None:
        answers[asked.method](asked, connection)

    return answer
