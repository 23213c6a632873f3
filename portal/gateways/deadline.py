"""A limit on the whole of one request, kept at every read and write of the socket.

`requests` limits each single read, so a server that sends a byte now and then holds it for ever.
Here each socket operation gets only the time that is left, and the last one is cut off.

Ways of failing: TimeoutError from a socket operation when no time is left. The libraries above
turn it into their own timeout or connection error and close the connection; because it is closed
with a reset, bytes that still wait in the kernel are dropped and cannot arrive later.
"""

import io
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Attempt:
    """One request under way: when it has to be over, and what is known of it so far.

    `ends_at` is on the clock of `time.monotonic`. `was_sent` is true as soon as the first byte of
    the request may have left; `status` is None until an answer's headers have arrived.
    """

    ends_at: float
    was_sent: bool = False
    status: int | None = None
    retry_after: timedelta | None = None

    def count_seconds_left(self) -> float:
        return self.ends_at - time.monotonic()


_current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def get_attempt() -> Attempt | None:
    return _current.get()


@contextmanager
def begin_attempt(seconds: float) -> Iterator[Attempt]:
    """Everything sent inside shares `seconds`. An attempt inside another one joins it."""
    running = _current.get()
    if running is not None:
        yield running
        return
    token = _current.set(Attempt(ends_at=time.monotonic() + seconds))
    try:
        yield cast(Attempt, _current.get())
    finally:
        _current.reset(token)


class TimedSocket:
    """A connected socket that obeys the running attempt's limit as well as its own timeout."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._limit = sock.gettimeout()
        self._readers = 0
        self._is_closing = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def settimeout(self, seconds: float | None) -> None:
        self._limit = seconds

    def gettimeout(self) -> float | None:
        return self._limit

    def sendall(self, data: bytes) -> None:
        left = memoryview(data).cast("B")
        attempt = get_attempt()
        while left:
            self._take_time()
            if attempt is not None:
                attempt.was_sent = True
            left = left[self._sock.send(left) :]

    def recv_into(self, buffer: memoryview) -> int:
        self._take_time()
        return self._sock.recv_into(buffer)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        """A reader that keeps the socket open until it is closed itself, as socket.makefile."""
        self._readers += 1
        return io.BufferedReader(_SocketReader(self))

    def close(self) -> None:
        self._is_closing = True
        if self._readers == 0:
            self._sock.close()

    def close_reader(self) -> None:
        self._readers -= 1
        if self._is_closing:
            self.close()

    def _take_time(self) -> None:
        """Give the next operation what is left. Raises TimeoutError when nothing is."""
        limit, attempt = self._limit, get_attempt()
        if attempt is not None:
            left = attempt.count_seconds_left()
            if left <= 0:
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                raise TimeoutError("the time for this request is over")
            limit = left if limit is None else min(limit, left)
        self._sock.settimeout(limit)


class _SocketReader(io.RawIOBase):
    def __init__(self, sock: TimedSocket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._sock.close_reader()


class _TimedConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = cast(socket.socket, TimedSocket(self.sock))


class _TimedTlsConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = cast(socket.socket, TimedSocket(cast(socket.socket, self.sock)))


class _TimedPool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _TimedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTlsConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {
    "http": _TimedPool,
    "https": _TimedTlsPool,
}
