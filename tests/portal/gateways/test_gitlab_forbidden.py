"""What a token may not do here, and what must not come out in public."""

import json
import socket
from typing import Any

import pytest

from portal.gateways.errors import (
    InternalNotesForbidden,
    Misconfigured,
    Refused,
    Unavailable,
)
from portal.gateways.gitlab import GitLabGateway
from tests.portal.gateways.gitlab_answers import (
    ISSUE,
    KEY,
    NOTE,
    PROJECT,
    break_off,
    by_method,
    edit,
    fail,
    open_gateway,
    post,
    post_internal,
)
from tests.portal.gateways.scripted import Answer, Asked, compose, say, say_in_turn, serve


def label(gateway: GitLabGateway) -> object:
    return gateway.change_labels(KEY, add=("ours",))


class TestInternalNotes:
    @pytest.mark.parametrize("status", [403, 404, 422])
    def test_not_allowed(self, status: int) -> None:
        answer = by_method(GET=say(200, PROJECT), POST=say(status, {"message": "no"}))
        assert isinstance(fail(answer, post_internal), InternalNotesForbidden)

    @pytest.mark.parametrize(
        "permissions",
        [None, {}, {"project_access": None, "group_access": {"access_level": 10}}],
    )
    def test_a_role_that_is_too_low_posts_nothing(self, permissions: Any) -> None:
        with serve(say(200, {**PROJECT, "permissions": permissions})) as server:
            with pytest.raises(InternalNotesForbidden):
                post_internal(open_gateway(server))
            assert [asked.method for asked in server.asked] == ["GET"]

    @pytest.mark.parametrize("answer", [say(500), break_off, say(429, b"Retry later")])
    def test_a_role_that_cannot_be_asked_for_posts_nothing(self, answer: Answer) -> None:
        failure = fail(answer, post_internal)
        assert isinstance(failure, Unavailable)
        assert not failure.may_have_written

    def test_written_in_public_is_taken_back(self) -> None:
        answer = by_method(GET=say(200, PROJECT), POST=say(201, NOTE), DELETE=say(204))
        with serve(answer) as server:
            with pytest.raises(InternalNotesForbidden):
                post_internal(open_gateway(server))
            assert [asked.method for asked in server.asked] == ["GET", "POST", "DELETE"]
            assert server.asked[2].path.endswith("/notes/70")

    def test_written_in_public_and_not_taken_back(self) -> None:
        answer = by_method(GET=say(200, PROJECT), POST=say(201, NOTE), DELETE=say(500))
        failure = fail(answer, post_internal)
        assert isinstance(failure, Unavailable)
        assert failure.may_have_written

    def test_a_post_that_never_left_wrote_nothing(self) -> None:
        def answer(asked: Asked, connection: socket.socket) -> None:
            server.stop_listening()  # first: once answered, the client connects again at once
            connection.sendall(compose(200, PROJECT, Connection="close"))
            connection.shutdown(socket.SHUT_RDWR)

        with serve(answer) as server:
            with pytest.raises(Unavailable) as caught:
                post_internal(open_gateway(server))
            assert not caught.value.may_have_written

    def test_asked_for_in_the_request(self) -> None:
        answer = by_method(GET=say(200, PROJECT), POST=say(201, {**NOTE, "internal": True}))
        with serve(answer) as server:
            assert post_internal(open_gateway(server)).is_internal
            assert json.loads(server.asked[1].body) == {"body": "Hello", "internal": True}

    def test_older_gitlab_calls_it_confidential(self) -> None:
        note = {key: value for key, value in NOTE.items() if key != "internal"}
        answer = by_method(GET=say(200, PROJECT), POST=say(201, {**note, "confidential": True}))
        with serve(answer) as server:
            assert post_internal(open_gateway(server)).is_internal


class TestForbiddenHere:
    def test_a_locked_discussion_is_about_this_issue(self) -> None:
        answer = by_method(
            POST=say(403, {"message": "403 Forbidden"}),
            GET=say(200, {**ISSUE, "discussion_locked": True}),
        )
        assert isinstance(fail(answer, post), Refused)

    def test_an_archived_project_is_about_this_project(self) -> None:
        answer = by_method(
            POST=say(403, {"message": "403 Forbidden"}),
            GET=say_in_turn(say(200, ISSUE), say(200, {"archived": True})),
        )
        assert isinstance(fail(answer, post), Refused)

    def test_a_token_without_the_scope_is_misconfigured_everywhere(self) -> None:
        answer = say(403, {"error": "insufficient_scope", "error_description": "needs api"})
        assert isinstance(fail(answer, post), Misconfigured)
        assert isinstance(fail(answer, edit), Misconfigured)
        assert isinstance(fail(answer, label), Misconfigured)

    def test_an_issue_that_we_may_not_label(self) -> None:
        assert isinstance(fail(say(403, {"message": "403 Forbidden"}), label), Refused)

    def test_a_comment_that_is_not_ours(self) -> None:
        forbidden = say(403, {"message": "403 Forbidden"})
        assert isinstance(fail(forbidden, edit), Refused)
        assert isinstance(fail(forbidden, lambda gateway: gateway.delete_note(KEY, 70)), Refused)


def test_commands_only_is_refused() -> None:
    answer = say(202, {"commands_changes": {}, "summary": ["Closed this issue."]})
    assert type(fail(answer, post)) is Refused


def test_an_issue_opened_in_public_against_our_will_is_hidden() -> None:
    answer = by_method(POST=say(201, ISSUE), PUT=say(200, {**ISSUE, "confidential": True}))
    with serve(answer) as server:
        created = open_gateway(server).create_issue(
            5, title="a", description="b", labels=["x", "y"], is_confidential=True
        )
        assert created.is_confidential
        assert json.loads(server.asked[1].body) == {"confidential": True}


def test_an_issue_that_stays_public_needs_a_person() -> None:
    answer = by_method(POST=say(201, ISSUE), PUT=say(200, ISSUE))
    failure = fail(
        answer,
        lambda gateway: gateway.create_issue(
            5, title="a", description="b", labels=[], is_confidential=True
        ),
    )
    assert isinstance(failure, Refused)
    assert ISSUE["web_url"] in str(failure)
