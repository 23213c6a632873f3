"""How long a service asks to wait."""

from datetime import timedelta

import pytest

from portal.gateways.deadline import begin_attempt
from portal.gateways.session import (
    LimitedSession,
    read_retry_after,
)
from tests.portal.gateways.scripted import say, serve


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("30", timedelta(seconds=30)),
            ("1.5", timedelta(seconds=1.5)),
            ("0", timedelta(0)),
            ("-5", timedelta(0)),
            ("1e30", timedelta(days=1)),
            ("inf", timedelta(days=1)),
            ("nan", None),
            ("soon", None),
            ("", None),
            (None, None),
        ],
    )
    def test_seconds(self, text: str | None, expected: timedelta | None) -> None:
        assert read_retry_after(text) == expected

    def test_a_date_counts_from_the_answer(self) -> None:
        wait = read_retry_after(
            "Sun, 22 Nov 2026 12:01:30 GMT", sent_on="Sun, 22 Nov 2026 12:00:00 GMT"
        )
        assert wait == timedelta(seconds=90)

    def test_a_date_that_has_passed_means_now(self) -> None:
        wait = read_retry_after(
            "Sun, 22 Nov 2026 11:00:00 GMT", sent_on="Sun, 22 Nov 2026 12:00:00 GMT"
        )
        assert wait == timedelta(0)

    def test_the_running_attempt_learns_it(self) -> None:
        with serve(say(429, b"Retry later", Retry_After="7")) as server:
            with begin_attempt(5) as attempt:
                session = LimitedSession(is_allowed=lambda _: True, timeout=5, total=5)
                session.get(server.url)
            assert (attempt.status, attempt.retry_after) == (429, timedelta(seconds=7))
