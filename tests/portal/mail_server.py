"""A mail server on loopback that takes its time, as those of other companies do."""

import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, ClassVar


class _Conversation(socketserver.StreamRequestHandler):
    server: "SlowMailServer"
    answers: ClassVar[dict[str, str]] = {"EHLO": "250 8BITMIME", "DATA": "354 Go on", "QUIT": "221"}

    def handle(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            verb = line[:4].decode().upper()
            self._say(self.answers.get(verb, "250 ok"))
            if verb == "RCPT":
                self.server.addressed.append(line.decode().partition("<")[2].partition(">")[0])
            elif verb == "DATA":
                self._take_message()
            elif verb == "QUIT":
                return

    def _take_message(self) -> None:
        for line in self.rfile:
            if line == b".\r\n":
                break
        time.sleep(self.server.takes)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SlowMailServer(socketserver.ThreadingTCPServer):
    """`addressed` is who was written to; `takes` the seconds it thinks over each message."""

    daemon_threads = True

    def __init__(self, takes: float) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.takes = takes
        self.addressed: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def run_slow_mail(*, takes: float) -> Iterator[Any]:
    with SlowMailServer(takes) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
