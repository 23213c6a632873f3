"""One request from arrival to answer, with the faults that strike it on the way."""

import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

from portal.sandbox.faults import ANSWERS, QUIRKS, Fault, build_answer
from portal.sandbox.hub import Hub
from portal.sandbox.wire import Request, Response

SECRET_WORDS = ("private_token", "access_token", "assertion", "client_secret", "token")
REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 400: "Bad Request"}
REASONS |= {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
REASONS |= {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}


class CutOff(Exception):
    """The connection is gone, by a fault or by the client: nothing more can be sent."""


class Exchange:
    """Carries one request through: received, listed or committed, answered."""

    def __init__(
        self, hub: Hub, request: Request, handle: Callable[[Request], Response], sock: socket.socket
    ) -> None:
        self.hub = hub
        self.request = request
        self.handle = handle
        self.sock = sock
        path, query = request.path, request.query_string
        self.faults = hub.faults.pick(request.service, request.method, path, query)
        self.generation = hub.state.generation

    def run(self) -> bool:
        """Serve the request; False when the connection was cut."""
        self._note("received", body=self._loggable_body())
        try:
            self._hold("received")
            response = self._early_answer() or self._commit()
            self._send(response)
            self._note("answered", status=response.status)
            self._hold("answered")
        except CutOff as cut:
            self._note("aborted", reason=str(cut))
            return False
        return True

    def _early_answer(self) -> Response | None:
        """Faults that strike before anything is handled."""
        for fault in self.faults:
            if fault.fault == "delay":
                self._sleep(fault.seconds(1.0))
            elif fault.fault == "hang":
                self._sleep(fault.seconds(600.0))
                self._reset("hang")
            elif fault.fault == "reset_before":
                self._reset(fault.fault)
            elif fault.fault == "ghost_write":
                self._haunt(fault)
            elif fault.fault in QUIRKS:
                self.request.quirks[fault.fault] = fault.parameters
            elif fault.fault in ANSWERS:
                self._expire_session(fault)
                return build_answer(fault, self.request)
        return None

    def _commit(self) -> Response:
        with self.hub.state.lock:
            self._leave_if_outdated()
            response = self.handle(self.request)
        phase = "listed" if self.request.method in ("GET", "HEAD") else "committed"
        if phase == "listed" or response.status < 400:
            self._note(phase, status=response.status)
            self._hold(phase)
        return response

    def _haunt(self, fault: Fault) -> None:
        """Leave the client alone now; the write happens later, unless the sandbox was reset."""
        thread = threading.Timer(float(fault.parameters.get("delay", 1.0)), self._write_late)
        thread.daemon = True
        thread.start()
        if fault.parameters.get("answer", "close") == "hang":
            self._sleep(fault.seconds(600.0))
        self._reset("ghost_write")

    def _write_late(self) -> None:
        with self.hub.state.lock:
            if self.generation != self.hub.state.generation:
                return
            status = self.handle(self.request).status
        self._note("committed", status=status, late=True)

    def _send(self, response: Response) -> None:
        raw = write_response(response, self.request)
        for fault in self.faults:
            if fault.fault == "reset_after_commit":
                self._reset(fault.fault)
            elif fault.fault == "truncate_after_commit":
                self._send_bytes(raw[: len(raw) - max(1, len(response.body) // 2)])
                self._reset(fault.fault, linger=False)
            elif fault.fault == "bad_json_after_commit":
                broken = Response(response.status, b'{"id": 12, "body": <', response.content_type)
                raw = write_response(broken, self.request)
            elif fault.fault == "drip":
                pause = float(fault.parameters.get("seconds_per_byte", 0.05))
                for byte in raw:
                    self._send_bytes(bytes([byte]))
                    self._sleep(pause)
                return
        self._send_bytes(raw)

    def _send_bytes(self, raw: bytes) -> None:
        try:
            self.sock.sendall(raw)
        except OSError as error:
            raise CutOff("client gone") from error

    def _sleep(self, seconds: float) -> None:
        """Wait, but no longer than the client does: its leaving is noticed at once."""
        poller = select.poll()
        poller.register(self.sock, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if poller.poll(min(left, 0.5) * 1000):
                raise CutOff("client gone")
            self._leave_if_outdated()

    def _reset(self, why: str, linger: bool = True) -> None:
        """Close the socket under the client: with RST, or with an orderly FIN."""
        if linger:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self.sock.shutdown(socket.SHUT_WR)
        os.close(self.sock.detach())
        raise CutOff(why)

    def _hold(self, phase: str) -> None:
        for fault in self.faults:
            if fault.fault == "hold" and fault.parameters.get("phase", "received") == phase:
                self.hub.gates.pass_through(str(fault.parameters["gate"]))

    def _leave_if_outdated(self) -> None:
        """What was held over a reset must not write into the new state."""
        if self.generation != self.hub.state.generation:
            self._reset("reset while held")

    def _expire_session(self, fault: Fault) -> None:
        if fault.fault == "expired_session":
            sent = self.request.headers.get("Authorization", "")
            self.hub.state.salesforce.sessions.discard(sent.removeprefix("Bearer "))

    def _note(self, phase: str, **facts: Any) -> None:
        request = self.request
        self.hub.events.add(
            "request",
            phase=phase,
            service=request.service,
            method=request.method,
            path=request.path,
            query=hide_secrets(request.query),
            request=request.id,
            faults=[fault.fault for fault in self.faults],
            **facts,
        )

    def _loggable_body(self) -> Any:
        if not self.request.body or self.request.path.endswith("/oauth2/token"):
            return None
        try:
            return hide_secrets(self.request.form)
        except ValueError:
            return None


def hide_secrets(pairs: dict[str, Any]) -> dict[str, Any]:
    return {k: "[hidden]" if k in SECRET_WORDS else v for k, v in pairs.items()}


def write_response(response: Response, request: Request) -> bytes:
    """The whole answer as bytes, so that it leaves in one write."""
    reason = REASONS.get(response.status, "Status")
    lines = [f"HTTP/1.1 {response.status} {reason}", f"X-Request-Id: sandbox-{request.id}"]
    if response.body or response.status not in (204, 304):
        lines.append(f"Content-Type: {response.content_type}")
        lines.append(f"Content-Length: {len(response.body)}")
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if request.method == "HEAD" else head + response.body
