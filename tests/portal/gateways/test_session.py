"""What leaves this machine, where it may go, and how long it may take."""

import socket
import threading
import time

import pytest
import requests

from portal.gateways.deadline import Attempt, begin_attempt
from portal.gateways.errors import Misconfigured, Unavailable
from portal.gateways.session import (
    ForeignHost,
    LimitedSession,
    explain_transport,
    get_origin,
)
from tests.portal.gateways.scripted import Answer, Asked, Scripted, compose, say, say_in_turn, serve


def open_session(server: Scripted, *, timeout: float = 5, total: float = 10) -> LimitedSession:
    origin = get_origin(server.url)
    return LimitedSession(
        is_allowed=lambda url: get_origin(url) == origin, timeout=timeout, total=total
    )


NEVER = threading.Event()


def hang(asked: Asked, connection: socket.socket) -> None:
    NEVER.wait(3)


def drip(server_answer: bytes, *, every: float = 0.02) -> Answer:
    def answer(asked: Asked, connection: socket.socket) -> None:
        for byte in server_answer:
            connection.sendall(bytes([byte]))
            NEVER.wait(every)

    return answer


class TestTotalLimit:
    def test_headers_that_drip_are_cut_off(self) -> None:
        slow = drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 1000)
        with serve(slow) as server:
            session, started = open_session(server), time.monotonic()
            with begin_attempt(0.4), pytest.raises(requests.RequestException):
                session.post(server.url, data=b"x")
            assert time.monotonic() - started < 1.5
            assert server.closed.wait(5), "the connection stayed open"

    def test_a_body_that_drips_is_cut_off(self) -> None:
        slow = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)
        with serve(slow) as server:
            started = time.monotonic()
            with pytest.raises(requests.RequestException):
                open_session(server, total=0.4).get(server.url)
            assert time.monotonic() - started < 1.5
            assert server.closed.wait(5), "the connection stayed open"

    def test_a_request_that_nobody_reads_is_cut_off(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            session = LimitedSession(is_allowed=lambda _: True, timeout=30, total=0.4)
            started = time.monotonic()
            with pytest.raises(requests.ConnectionError):
                session.post(url, data=b"x" * 50_000_000)
            assert time.monotonic() - started < 2

    def test_nothing_is_sent_when_the_time_is_over_already(self) -> None:
        with serve(say(200)) as server:
            session = open_session(server)
            with begin_attempt(-1) as attempt, pytest.raises(requests.RequestException):
                session.post(server.url, data=b"x")
            assert not attempt.was_sent
            assert server.asked == []

    def test_the_parts_of_one_call_share_its_time(self) -> None:
        with begin_attempt(5) as outer, begin_attempt(500) as inner:
            assert inner is outer

    def test_each_request_outside_a_call_gets_its_own_time(self) -> None:
        def answer(asked: Asked, connection: socket.socket) -> None:
            NEVER.wait(0.3)
            connection.sendall(compose(200, b"fine"))

        with serve(answer) as server:
            session = open_session(server, total=0.5)
            assert [session.get(server.url).text for _ in range(3)] == ["fine"] * 3

    def test_a_connection_is_used_again(self) -> None:
        with serve(say(200, b"fine")) as server:
            session = open_session(server)
            session.get(server.url)
            session.get(server.url)
            assert len(server.asked) == 2
            assert not server.closed.is_set()

    def test_a_missing_timeout_is_added(self) -> None:
        with serve(hang) as server:
            started = time.monotonic()
            with pytest.raises(requests.ReadTimeout):
                open_session(server, timeout=0.2).get(server.url, timeout=None)
            assert time.monotonic() - started < 1.5

    def test_an_answer_that_ends_with_the_connection_is_read_to_its_end(self) -> None:
        def answer(asked: Asked, connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfirst ")
            NEVER.wait(0.05)
            connection.sendall(b"second")
            connection.shutdown(socket.SHUT_RDWR)

        with serve(answer) as server:
            assert open_session(server).get(server.url).text == "first second"


class TestHosts:
    def test_a_foreign_host_is_refused_before_anything_is_sent(self) -> None:
        with serve(say(200)) as ours, serve(say(200)) as foreign:
            with pytest.raises(ForeignHost):
                open_session(ours).get(foreign.url)
            assert foreign.asked == []

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_redirect_does_not_carry_the_token_elsewhere(self, status: int) -> None:
        with serve(say(200)) as foreign, serve(say(status, Location=foreign.url)) as ours:
            with pytest.raises(ForeignHost):
                open_session(ours).get(ours.url, headers={"PRIVATE-TOKEN": "secret"})
            assert foreign.asked == []

    def test_a_redirect_within_the_host_is_followed(self) -> None:
        moved = say_in_turn(say(301, Location="/new"), say(200, b"here"))
        with serve(moved) as server:
            assert open_session(server).get(server.url + "/old").text == "here"

    def test_the_environment_is_not_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with serve(say(200, b"direct")) as server, serve(say(200, b"proxy")) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("no_proxy", "")
            assert open_session(server).get(server.url).text == "direct"

    def test_an_endpoint_takes_the_place_of_the_host(self) -> None:
        with serve(say(200, b"sandbox")) as server:
            session = LimitedSession(
                is_allowed=lambda url: url.startswith("https://acme.my.salesforce.com/"),
                timeout=5,
                total=5,
                endpoint=server.url,
            )
            assert session.get("https://acme.my.salesforce.com/a?b=c").text == "sandbox"
            assert server.asked[0].path == "/a?b=c"

    @pytest.mark.parametrize(
        ("one", "other", "is_same"),
        [
            ("https://git.example", "https://git.example:443/api", True),
            ("https://git.example", "https://GIT.example/", True),
            ("https://git.example", "http://git.example", False),
            ("https://git.example", "https://git.example:8443", False),
            ("https://git.example", "https://git.example.evil.example", False),
            ("https://git.example", "https://git.example@evil.example", False),
        ],
    )
    def test_an_origin_is_scheme_host_and_port(self, one: str, other: str, is_same: bool) -> None:
        assert (get_origin(one) == get_origin(other)) is is_same


class TestWords:
    def explain(self, url: str, *, is_write: bool = True) -> Exception:
        session = LimitedSession(is_allowed=lambda _: True, timeout=1, total=1)
        with begin_attempt(1) as attempt, pytest.raises(requests.RequestException) as caught:
            session.post(url, data=b"x")
        return explain_transport(
            caught.value,
            name="GitLab",
            service="gitlab",
            was_sent=attempt.was_sent,
            is_write=is_write,
        )

    def test_nobody_listening_means_nothing_written(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        failure = self.explain(url)
        assert isinstance(failure, Unavailable)
        assert not failure.may_have_written
        assert str(failure) == "GitLab cannot be reached."

    def test_a_connection_that_breaks_off_may_have_written(self) -> None:
        with serve(lambda asked, connection: connection.close()) as server:
            failure = self.explain(server.url)
        assert isinstance(failure, Unavailable)
        assert failure.may_have_written

    def test_a_body_cut_short_may_have_written(self) -> None:
        cut = compose(201, b'{"id": 1', Content_Length="900")

        def answer(asked: Asked, connection: socket.socket) -> None:
            connection.sendall(cut)
            connection.shutdown(socket.SHUT_RDWR)

        with serve(answer) as server:
            failure = self.explain(server.url)
        assert isinstance(failure, Unavailable)
        assert failure.may_have_written

    def test_reading_never_writes(self) -> None:
        with serve(lambda asked, connection: connection.close()) as server:
            failure = self.explain(server.url, is_write=False)
        assert isinstance(failure, Unavailable)
        assert not failure.may_have_written

    def test_an_address_that_is_none_is_a_wrong_setting(self) -> None:
        assert isinstance(self.explain("gitlab.example/without/scheme"), Misconfigured)


def test_an_attempt_counts_down() -> None:
    attempt = Attempt(ends_at=time.monotonic() + 10)
    assert 9 < attempt.count_seconds_left() <= 10
