"""What happened, in order: a log that can be waited on, and gates that hold a request."""

import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]

KEEP = 100_000


def event_matches(event: Event, filters: dict[str, str]) -> bool:
    """`path` is a regular expression searched in the path; every other filter is equality."""
    for name, wanted in filters.items():
        value = str(event.get(name, ""))
        if name == "path":
            if not re.search(wanted, value):
                return False
        elif value != wanted:
            return False
    return True


class EventLog:
    """A numbered list of events. Sequence numbers never start again, not even after a reset."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._seq = 0

    def add(self, kind: str, **facts: Any) -> int:
        """Append one event and wake whoever waits; returns its sequence number."""
        with self._changed:
            self._seq += 1
            moment = datetime.now(UTC).isoformat(timespec="milliseconds")
            self._events.append({"seq": self._seq, "at": moment, "kind": kind, **facts})
            if len(self._events) > KEEP:
                del self._events[: KEEP // 10]
            self._changed.notify_all()
            return self._seq

    def last_seq(self) -> int:
        with self._changed:
            return self._seq

    def read(self, since: int, wait: float, filters: dict[str, str]) -> list[Event]:
        """Events after `since` that match; waits up to `wait` seconds for the first of them."""
        deadline = time.monotonic() + wait
        looked_at = since
        with self._changed:
            while True:
                found = [e for e in self._newer(looked_at) if event_matches(e, filters)]
                looked_at = max(looked_at, self._seq)
                left = deadline - time.monotonic()
                if found or left <= 0:
                    return found
                self._changed.wait(left)

    def _newer(self, since: int) -> list[Event]:
        if not self._events:
            return []
        start = max(0, since - self._events[0]["seq"] + 1)
        return self._events[start:]

    def clear(self) -> None:
        with self._changed:
            self._events.clear()
            self._changed.notify_all()


class Gates:
    """Named gates. A closed gate keeps whoever passes; opening it lets them all go on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._closed: set[str] = set()
        self._held: dict[str, int] = {}

    def close(self, name: str) -> None:
        with self._changed:
            self._closed.add(name)

    def open(self, name: str) -> None:
        with self._changed:
            self._closed.discard(name)
            self._changed.notify_all()

    def open_all(self) -> None:
        with self._changed:
            self._closed.clear()
            self._changed.notify_all()

    def pass_through(self, name: str, limit: float = 600.0) -> None:
        """Block while the gate is closed, at most `limit` seconds."""
        with self._changed:
            self._held[name] = self._held.get(name, 0) + 1
            self._changed.notify_all()
            try:
                self._changed.wait_for(lambda: name not in self._closed, timeout=limit)
            finally:
                self._held[name] -= 1

    def wait_held(self, name: str, wait: float) -> int:
        """How many requests the gate holds now; waits until there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._held.get(name, 0) > 0, timeout=wait)
            return self._held.get(name, 0)

    def report(self) -> dict[str, Any]:
        with self._changed:
            return {
                "closed": sorted(self._closed),
                "held": {k: v for k, v in self._held.items() if v},
            }
