"""Threaded HTTP/1.1 with keep-alive on 127.0.0.1: reads requests, hands them to an exchange."""

import socketserver
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from portal.sandbox.exchange import Exchange
from portal.sandbox.hub import Hub
from portal.sandbox.wire import Answer, Request, Response, json_response

LOOPBACK = "127.0.0.1"


class Service(Protocol):
    """One of the three: `locked` services answer under the state's lock, with faults and log."""

    name: str
    locked: bool

    def answer(self, request: Request) -> Response: ...


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def _serve(self) -> None:
        server = self.server
        request = self._read_request()
        if server.service.locked:
            exchange = Exchange(server.hub, request, server.answer, self.connection)
            if not exchange.run():
                self.close_connection = True
            return
        self._serve_plainly(request)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _serve_plainly(self, request: Request) -> None:
        response = self.server.answer(request)
        self.send_response_only(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def _read_request(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        host = self.headers.get("Host") or f"{LOOPBACK}:{self.server.server_address[1]}"
        hub = self.server.hub
        return Request(
            id=next(hub.request_ids),
            service=self.server.service.name,
            method=self.command,
            path=path,
            query_string=query,
            headers=self.headers,
            body=self.rfile.read(length) if length else b"",
            base_url=f"http://{host}",
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the event log tells what happened."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, port: int, service: Service, hub: Hub) -> None:
        self.service = service
        self.hub = hub
        super().__init__((LOOPBACK, port), Connection)

    def server_bind(self) -> None:
        # The base class asks the resolver for a host name, which may be slow.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.socket.getsockname()[1]

    def answer(self, request: Request) -> Response:
        """The service's answer; what it did not foresee is a 500 with a trace on stderr."""
        try:
            return self.service.answer(request)
        except Answer as answer:
            return answer.response
        except Exception:  # noqa: BLE001 a defect here must look like GitLab's own
            traceback.print_exc()
            return json_response({"message": "500 Internal Server Error"}, 500)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is everyday business here."""

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.server_port}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()
