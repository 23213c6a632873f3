"""A loopback server that answers as a test tells it to, byte by byte where that is the point."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Asked, socket.socket], None]


@dataclass(slots=True)
class Scripted:
    """`asked` grows with each complete request; `answer` may be replaced at any time."""

    url: str
    answer: Answer
    listener: socket.socket
    asked: list[Asked] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    def stop_listening(self) -> None:
        """Connections that are open stay; a new one is refused."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def say(status: int, body: Any = b"", **headers: str) -> Answer:
    """The same complete answer every time; a dict or list goes out as JSON."""

    def answer(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(compose(status, body, **headers))

    return answer


def say_in_turn(*answers: Answer) -> Answer:
    """One after the other; the last one stays."""
    left = list(answers)

    def answer(asked: Asked, connection: socket.socket) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(asked, connection)

    return answer


def compose(status: int, body: Any = b"", **headers: str) -> bytes:
    if isinstance(body, dict | list):
        headers.setdefault("Content_Type", "application/json")
        body = json.dumps(body).encode()
    headers.setdefault("Content_Length", str(len(body)))
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Scripted", *lines, "", ""]).encode() + body


@contextmanager
def serve(answer: Answer) -> Iterator[Scripted]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = Scripted(url=url, answer=answer, listener=listener)
    threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
    try:
        yield server
    finally:
        server.stopping.set()
        listener.close()


def _accept(listener: socket.socket, server: Scripted) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection, server), daemon=True).start()


def _talk(connection: socket.socket, server: Scripted) -> None:
    with connection, connection.makefile("rb") as stream:
        try:
            while (asked := _read_request(stream)) is not None:
                server.asked.append(asked)
                server.answer(asked, connection)
        except OSError:
            pass
    server.closed.set()


def _read_request(stream: Any) -> Asked | None:
    first = stream.readline().decode().split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Asked(first[0], first[1], headers, body)
