"""How a limit is said, and that every limit can be."""

from datetime import timedelta

import pytest

from portal.domain.limits import CODE, LIMITS, SUBMIT, WHERE_FROM, say_wait


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a minute"),
        (1, "a minute"),
        (60, "a minute"),
        (61, "2 minutes"),
        (59 * 60, "59 minutes"),
        (2 * 3600, "120 minutes"),
        (2 * 3600 + 1, "3 hours"),
        (24 * 3600, "24 hours"),
    ],
)
def test_a_wait_is_rounded_up_and_said_as_one_would(seconds: int, said: str) -> None:
    assert say_wait(timedelta(seconds=seconds)) == said


def test_the_sentence_says_who_what_and_how_long() -> None:
    assert SUBMIT.say("account", timedelta(minutes=12)) == (
        "A lot of requests came from your organisation in a short time. "
        "Please try again in 12 minutes."
    )
    assert "codes were asked for this address" in CODE.say("mailbox", timedelta(hours=5))


def test_every_limit_counts_for_somebody_it_can_name_and_none_stands_for_another() -> None:
    assert all(set(limit.most) <= set(WHERE_FROM) and limit.most for limit in LIMITS)
    assert len({limit.kind for limit in LIMITS}) == len(LIMITS)
    assert all(len(limit.kind) <= 20 for limit in LIMITS)
