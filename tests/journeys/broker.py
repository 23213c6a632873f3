"""A Redis that a test may stop and start again, without disturbing anybody else's."""

import os
import shutil
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import redis

from portal.demo.broker import make_broker
from portal.demo.processes import Fleet

OWN_DATABASE = 11  # of the shared Redis's sixteen


class OwnBroker(Protocol):
    """`url` stays the same over stops and starts; `forget` removes what is left behind."""

    url: str

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def forget(self) -> None: ...


def make_own_broker(logs: Path) -> OwnBroker:
    shared = os.environ.get("REDIS_URL")
    return RelayedRedis(shared) if shared else EmbeddedRedis(logs)


class EmbeddedRedis:
    """A process of our own: stopped is stopped."""

    def __init__(self, logs: Path) -> None:
        self._broker = make_broker()
        self._logs = logs
        self._fleet = Fleet(os.environ, logs)
        self.url = self._broker.url

    def start(self) -> None:
        child = self._fleet.start("redis", self._broker.command)
        ready = r"ready to accept connections(?![\s\S]*User requested shutdown)"
        self._fleet.wait_for(child, ready)

    def stop(self) -> None:
        self._fleet.stop()
        self._fleet = Fleet(os.environ, self._logs)

    def forget(self) -> None:
        shutil.rmtree(self._broker.folder, ignore_errors=True)


class RelayedRedis:
    """A database of a shared server, reached through a relay that can be shut."""

    def __init__(self, shared: str) -> None:
        parts = urlsplit(shared)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 6379)
        self._shared = parts._replace(path=f"/{OWN_DATABASE}").geturl()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        login, at, _ = parts.netloc.rpartition("@")
        netloc = f"{login}{at}127.0.0.1:{self._port}"
        self.url = parts._replace(netloc=netloc, path=f"/{OWN_DATABASE}").geturl()
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        redis.Redis.from_url(self._shared).flushdb()

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self._listener = None
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        redis.Redis.from_url(self._shared).flushdb()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=pass_on, args=(one, other), daemon=True).start()


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """Until either side ends."""
    with suppress(OSError):
        while chunk := one.recv(65_536):
            other.sendall(chunk)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
