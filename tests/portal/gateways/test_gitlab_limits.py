"""How long GitLab may take, where a token may go, and what is sent."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from portal.gateways.errors import (
    Misconfigured,
    Unavailable,
)
from portal.gateways.gitlab import GitLabGateway
from tests.portal.gateways.gitlab_answers import (
    ISSUE,
    KEY,
    NEVER,
    NOTE,
    fail,
    open_gateway,
    post,
    read,
)
from tests.portal.gateways.scripted import Asked, compose, say, say_in_turn, serve


class TestDeadline:
    def test_a_comment_that_drips_back_is_cut_off_in_total(self) -> None:
        def drip(asked: Asked, connection: socket.socket) -> None:
            for byte in compose(201, NOTE):
                connection.sendall(bytes([byte]))
                NEVER.wait(0.02)

        with serve(drip) as server:
            started = time.monotonic()
            with pytest.raises(Unavailable) as caught:
                post(open_gateway(server, write_deadline=0.5))
            assert time.monotonic() - started < 2
            assert caught.value.may_have_written
            assert server.closed.wait(5), "the connection stayed open"

    def test_the_next_call_is_not_hurt(self) -> None:
        def hang(asked: Asked, connection: socket.socket) -> None:
            NEVER.wait(2)

        with serve(say_in_turn(hang, say(200, {"version": "18.6.0"}))) as server:
            gateway = open_gateway(server, write_deadline=0.3)
            with pytest.raises(Unavailable):
                post(gateway)
            assert gateway.version() == "18.6.0"


class TestOtherHosts:
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    @pytest.mark.parametrize("call", [read, post])
    def test_a_redirect_elsewhere(self, status: int, call: Callable[[GitLabGateway], Any]) -> None:
        with serve(say(200, ISSUE)) as foreign:
            failure = fail(say(status, Location=foreign.url + "/api/v4/x"), call)
            assert isinstance(failure, Misconfigured)
            assert foreign.asked == []

    def test_a_post_that_is_redirected_within_the_host(self) -> None:
        answer = say_in_turn(say(301, Location="/api/v4/elsewhere"), say(200, NOTE))
        assert isinstance(fail(answer, post), Misconfigured)

    @pytest.mark.parametrize("path", ["/api/v4/projects/5/issues/3/notes?page=2", "/page/2"])
    def test_a_next_link_elsewhere_does_not_get_the_token(self, path: str) -> None:
        with serve(say(200, [])) as foreign:
            first = say(200, [NOTE], Link=f'<{foreign.url}{path}>; rel="next"')
            with serve(say_in_turn(first, say(200, []))) as server, suppress(Misconfigured):
                list(open_gateway(server).notes(KEY))
            assert foreign.asked == []


def test_labels_are_sent_as_a_difference() -> None:
    with serve(say(200, {**ISSUE, "labels": ["new", "newer", "theirs"]})) as server:
        open_gateway(server).change_labels(KEY, add=("new", "newer"), remove=("old",))
        (asked,) = server.asked
    assert (asked.method, asked.path) == ("PUT", "/api/v4/projects/5/issues/3")
    assert json.loads(asked.body) == {"add_labels": "new,newer", "remove_labels": "old"}


def test_short_and_empty_pages_are_not_the_end() -> None:
    pages = [
        say(200, [NOTE], Link='</api/v4/p2>; rel="next"'),
        say(200, [], Link='</api/v4/p3>; rel="next"'),
        say(200, [{**NOTE, "id": 71, "system": True}, {**NOTE, "id": 72}]),
    ]

    with serve(say(200, [])) as server:
        absolute = server.url
        answers = list(pages)

        def answer(asked: Asked, connection: socket.socket) -> None:
            recorder = _Recorder()
            answers.pop(0)(asked, recorder)  # type: ignore[arg-type]
            connection.sendall(recorder.sent.replace(b"</api", f"<{absolute}/api".encode()))

        server.answer = answer
        assert [note.id for note in open_gateway(server).notes(KEY)] == [70, 72]


class _Recorder:
    sent = b""

    def sendall(self, data: bytes) -> None:
        self.sent += data
