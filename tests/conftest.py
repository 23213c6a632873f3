"""What every test stands on: the real database, the sandbox on loopback, no other network."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.sandbox_fixtures", "tests.portal_fixtures"]

LOOPBACK = {"::1", "localhost", ""}


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """A test that would leave this machine fails instead."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in LOOPBACK and not host.startswith("127."):
            raise AssertionError(f"A test tried to reach {host}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
