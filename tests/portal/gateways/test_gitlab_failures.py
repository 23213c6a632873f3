"""Every way in which GitLab can fail, put into our four words."""

import json
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.gateways.errors import (
    Misconfigured,
    Missing,
    Refused,
    Unavailable,
)
from portal.gateways.gitlab import GitLabGateway
from tests.portal.gateways.gitlab_answers import (
    ISSUE,
    KEY,
    NOTE,
    TOKEN,
    break_off,
    by_method,
    edit,
    fail,
    open_gateway,
    post,
    post_internal,
    read,
)
from tests.portal.gateways.scripted import Answer, compose, say, serve


class TestStatuses:
    @pytest.mark.parametrize("call", [read, post, post_internal, edit])
    def test_401_is_about_the_token(self, call: Callable[[GitLabGateway], Any]) -> None:
        failure = fail(say(401, {"message": "401 Unauthorized"}), call)
        assert isinstance(failure, Misconfigured)
        assert failure.service == "gitlab"

    @pytest.mark.parametrize("call", [read, post])
    def test_403_is_about_the_token(self, call: Callable[[GitLabGateway], Any]) -> None:
        assert isinstance(fail(say(403, {"message": "403 Forbidden"}), call), Misconfigured)

    def test_404_while_reading_is_missing(self) -> None:
        assert isinstance(fail(say(404, {"message": "404 Project Not Found"}), read), Missing)

    def test_404_for_a_new_comment_is_refused(self) -> None:
        assert isinstance(fail(say(404, {"message": "404 Not found"}), post), Refused)

    def test_404_for_a_comment_to_edit_is_missing(self) -> None:
        assert isinstance(fail(say(404, {"message": "404 Note Not Found"}), edit), Missing)

    @pytest.mark.parametrize("status", [400, 409, 413, 422])
    def test_a_no_about_this_object(self, status: int) -> None:
        assert type(fail(say(status, {"error": "no"}), post)) is Refused

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_trouble_after_a_post_may_have_written(self, status: int) -> None:
        page = b"<html><body>" + TOKEN.encode() + b"sorry</body></html>"
        failure = fail(say(status, page, Content_Type="text/html"), post)
        assert isinstance(failure, Unavailable)
        assert failure.may_have_written
        assert "<" not in str(failure)

    def test_trouble_while_reading_wrote_nothing(self) -> None:
        failure = fail(say(500, b"oops"), read)
        assert isinstance(failure, Unavailable)
        assert not failure.may_have_written


class TestSlowDown:
    def test_text_with_a_retry_after(self) -> None:
        failure = fail(say(429, b"Retry later", Retry_After="11"), post)
        assert isinstance(failure, Unavailable)
        assert failure.retry_after == timedelta(seconds=11)
        assert not failure.may_have_written

    def test_json_without_any_header(self) -> None:
        answer = say(
            429, {"message": {"error": "This endpoint has been requested too many times."}}
        )
        failure = fail(answer, read)
        assert isinstance(failure, Unavailable)
        assert failure.retry_after is None

    @pytest.mark.parametrize("value", ["1.5", "Sun, 22 Nov 2026 12:00:00 GMT"])
    def test_nothing_sleeps_or_breaks_here(self, value: str) -> None:
        started = time.monotonic()
        failure = fail(say(429, b"Retry later", Retry_After=value), post)
        assert isinstance(failure, Unavailable)
        assert failure.retry_after is not None
        assert time.monotonic() - started < 1


class TestWords:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"error": "title is missing"}, ": title is missing"),
            ({"message": {"title": ["can't be blank"]}}, ': {"title": ["can\'t be blank"]}'),
            ({"message": ["one", "two"]}, ': ["one", "two"]'),
            ({"message": "x" * 5000}, ": " + "x" * 199 + "…"),
            ({"message": f"bad token {TOKEN}"}, ": bad token [token]"),
        ],
    )
    def test_what_gitlab_says_is_short_and_holds_no_token(self, body: Any, expected: str) -> None:
        assert str(fail(say(400, body), post)) == f"GitLab refused this (400){expected}"

    def test_a_token_that_cannot_be_one_is_not_sent(self) -> None:
        with pytest.raises(Misconfigured) as caught:
            GitLabGateway("https://git.example", "glpat-secret\n")
        assert "secret" not in str(caught.value)


class TestBrokenAnswers:
    @pytest.mark.parametrize(
        "answer",
        [
            break_off,
            lambda asked, connection: (
                connection.sendall(b"HTTP/1.1 201 Cre") or break_off(asked, connection)
            ),
            lambda asked, connection: (
                connection.sendall(
                    compose(201, json.dumps(NOTE)[:40].encode(), Content_Length="900")
                )
                or break_off(asked, connection)
            ),
            say(201, b'{"id": 7', Content_Type="application/json"),
            say(201, b"<html>fine</html>", Content_Type="text/html"),
            say(201, {"id": "seventy"}),
            say(201, {"message": "done"}),
            say(201, ["done"]),
            say(200, b""),
        ],
    )
    def test_after_a_post_it_may_be_there(self, answer: Answer) -> None:
        failure = fail(answer, post)
        assert isinstance(failure, Unavailable)
        assert failure.may_have_written

    @pytest.mark.parametrize(
        "answer",
        [
            break_off,
            say(200, b"<html>maintenance</html>", Content_Type="text/html"),
            say(200, b"{", Content_Type="application/json"),
            say(200, []),
            say(200, {**ISSUE, "iid": None}),
            say(200, {**ISSUE, "updated_at": "yesterday"}),
            say(200, {**ISSUE, "weight": True}),
        ],
    )
    def test_while_reading_it_is_just_unavailable(self, answer: Answer) -> None:
        failure = fail(answer, read)
        assert isinstance(failure, Unavailable)
        assert not failure.may_have_written

    def test_a_list_that_is_none(self) -> None:
        failure = fail(say(200, {"message": "hello"}), lambda gateway: list(gateway.notes(KEY)))
        assert isinstance(failure, Unavailable)

    def test_nobody_listening_wrote_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(Unavailable) as caught:
            GitLabGateway(url, TOKEN).post_note(KEY, "Hello", is_internal=False)
        assert not caught.value.may_have_written

    def test_a_post_is_sent_once_only(self) -> None:
        for answer in (say(500), say(429, b"Retry later", Retry_After="0"), break_off):
            with serve(answer) as server:
                with pytest.raises(Unavailable):
                    post(open_gateway(server))
                assert len(server.asked) == 1


def test_graphql_that_answers_with_errors_is_unavailable() -> None:
    answer = by_method(
        GET=say(200, {**ISSUE, "moved_to_id": 9}), POST=say(200, {"errors": [{"message": "no"}]})
    )
    failure = fail(answer, lambda gateway: gateway.successor(KEY))
    assert isinstance(failure, Unavailable)
    assert not failure.may_have_written
