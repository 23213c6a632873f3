"""Waiting for what happens in other processes: look until it is there or the time is over."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.05


def wait_until(look: Callable[[], T], what: str, limit: float = 120.0) -> T:
    """The first answer that is true. Fails the test when there is none within `limit` seconds."""
    deadline = time.monotonic() + limit
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Within {limit:.0f} s there was no {what}; last seen: {seen!r}")
        Event().wait(PAUSE)
    return seen
