"""Every way in which Salesforce can fail, put into our four words."""

import logging
import socket

import pytest

from portal.gateways.errors import GatewayError, Misconfigured, Missing, Refused, Unavailable
from tests.portal.gateways.salesforce_answers import SENTINEL, after_sign_in, complain, fail
from tests.portal.gateways.scripted import Answer, say


class TestErrorCodes:
    @pytest.mark.parametrize(
        ("status", "code", "expected"),
        [
            (403, "REQUEST_LIMIT_EXCEEDED", Unavailable),
            (400, "UNABLE_TO_LOCK_ROW", Unavailable),
            (400, "QUERY_TIMEOUT", Unavailable),
            (400, "INVALID_QUERY_LOCATOR", Unavailable),
            (503, "SERVER_UNAVAILABLE", Unavailable),
            (500, "UNKNOWN_EXCEPTION", Unavailable),
            (400, "MALFORMED_QUERY", Misconfigured),
            (400, "INVALID_FIELD", Misconfigured),
            (400, "INVALID_TYPE", Misconfigured),
            (403, "API_DISABLED_FOR_ORG", Misconfigured),
            (404, "NOT_FOUND", Missing),
            (400, "DUPLICATES_DETECTED", Refused),
            (400, f"nonsense {SENTINEL}", Refused),
        ],
    )
    def test_each_becomes_one_of_our_words(
        self, status: int, code: str, expected: type[GatewayError]
    ) -> None:
        assert type(fail(complain(status, code))) is expected

    def test_an_unknown_field_is_named(self) -> None:
        message = f"\nEmail = '{SENTINEL}'\nERROR at Row:1\nNo such column 'ARR__c' on entity"
        failure = fail(complain(400, "INVALID_FIELD", message))
        assert str(failure) == "Salesforce does not know a field ARR__c."

    def test_nothing_of_the_query_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO):
            fail(complain(400, "MALFORMED_QUERY"))
        assert SENTINEL not in caplog.text

    @pytest.mark.parametrize(
        "answer",
        [
            say(200, b"<html>maintenance</html>", Content_Type="text/html"),
            say(200, b'{"records": [', Content_Type="application/json"),
            say(200, {"totalSize": 1}),
            say(200, {"done": True, "records": {"Id": 1}}),
            say(200, {"done": True, "records": [{"Id": "1", "AccountId": "x"}]}),
            say(502, b"<html>Bad gateway</html>", Content_Type="text/html"),
            lambda asked, connection: connection.shutdown(socket.SHUT_RDWR),
        ],
    )
    def test_an_answer_that_is_none(self, answer: Answer) -> None:
        assert isinstance(fail(after_sign_in(answer)), Unavailable)

    def test_a_list_that_goes_in_circles(self) -> None:
        part = {"done": False, "records": [], "nextRecordsUrl": "/services/data/v62.0/query/1-2000"}
        assert isinstance(fail(after_sign_in(say(200, part))), Unavailable)
