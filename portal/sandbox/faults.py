"""Faults on order: which request they strike, and the answers they give."""

import re
import threading
from dataclasses import dataclass, field
from typing import Any

from portal.sandbox.wire import Request, Response, json_response

ANSWERS = frozenset(
    [
        "429_text",
        "429_json",
        "500",
        "502_html",
        "503",
        "401",
        "403",
        "404",
        "expired_session",
        "request_limit",
        "server_unavailable",
        "lock_row",
    ]
)
CONNECTION = frozenset(
    [
        "delay",
        "hang",
        "drip",
        "reset_before",
        "reset_after_commit",
        "truncate_after_commit",
        "bad_json_after_commit",
        "ghost_write",
        "hold",
    ]
)
QUIRKS = frozenset(["stale_list", "short_page", "foreign_next"])
WEBHOOK = frozenset(
    ["webhook_duplicate", "webhook_late", "webhook_out_of_order", "webhook_missing"]
)
KNOWN = ANSWERS | CONNECTION | QUIRKS | WEBHOOK

HTML_502 = """<!DOCTYPE html>
<html><head><title>GitLab is not responding (502)</title></head>
<body><h1>502</h1><p>Whoops, GitLab is taking too much time to respond.</p></body></html>
"""


class UnknownFault(ValueError):
    """A fault order that this sandbox cannot carry out."""


@dataclass(slots=True)
class Fault:
    """One order. Without `nth`, `first`, `every` or `between` it strikes every match."""

    id: int
    fault: str
    service: str | None = None
    method: str | None = None
    path: str | None = None
    query: str | None = None
    nth: int | None = None
    first: int | None = None
    every: int | None = None
    between: tuple[int, int] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    seen: int = 0

    def fits(self, service: str, method: str, path: str, query: str) -> bool:
        if self.service not in (None, service):
            return False
        if self.method and not re.fullmatch(self.method, method, re.IGNORECASE):
            return False
        if self.path and not re.search(self.path, path):
            return False
        return not (self.query and not re.search(self.query, query))

    def strikes(self) -> bool:
        """Count one more match and tell whether it is struck."""
        self.seen += 1
        if self.nth is not None:
            return self.seen == self.nth
        if self.first is not None:
            return self.seen <= self.first
        if self.every is not None:
            return self.seen % self.every == 0
        if self.between is not None:
            return self.between[0] <= self.seen <= self.between[1]
        return True

    def seconds(self, default: float) -> float:
        return float(self.parameters.get("seconds", default))


def parse_fault(order: dict[str, Any], fault_id: int) -> Fault:
    """Raises UnknownFault for a name, key or pattern it does not know."""
    order = dict(order)
    if order.get("fault") not in KNOWN:
        raise UnknownFault(f"unknown fault {order.get('fault')!r}")
    if order.get("between") is not None:
        low, high = order["between"]
        order["between"] = (int(low), int(high))
    try:
        for name in ("path", "query", "method"):
            re.compile(order.get(name) or "")
        return Fault(id=fault_id, **order)
    except (TypeError, re.error) as error:
        raise UnknownFault(str(error)) from error


class FaultBook:
    """All standing orders, counted under one lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._next_id = 0

    def add(self, orders: list[dict[str, Any]]) -> list[int]:
        with self._lock:
            made = [parse_fault(order, self._next_id + n) for n, order in enumerate(orders, 1)]
            self._next_id += len(made)
            self._faults.extend(made)
            return [fault.id for fault in made]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def report(self) -> list[dict[str, Any]]:
        with self._lock:
            return [{"id": f.id, "fault": f.fault, "seen": f.seen} for f in self._faults]

    def pick(self, service: str, method: str, path: str, query: str = "") -> list[Fault]:
        """The faults that strike this request or delivery; their counters move on."""
        with self._lock:
            fitting = [f for f in self._faults if f.fits(service, method, path, query)]
            return [f for f in fitting if f.strikes()]


def build_answer(fault: Fault, request: Request) -> Response:
    """The answer a fault gives in place of the handler's."""
    if fault.fault == "429_text":
        return _answer_429_text(fault)
    if fault.fault == "429_json":
        words = "This endpoint has been requested too many times. Try again later."
        return json_response({"message": {"error": words}}, 429)
    if fault.fault == "502_html":
        return Response(502, HTML_502.encode(), "text/html; charset=utf-8")
    return _answer_salesforce(fault) if request.service == "salesforce" else _answer_gitlab(fault)


def _answer_429_text(fault: Fault) -> Response:
    after = str(fault.parameters.get("retry_after", 1))
    headers = {"Retry-After": after, "RateLimit-Limit": "60", "RateLimit-Remaining": "0"}
    headers |= {"RateLimit-Name": "throttle_authenticated_api", "RateLimit-Observed": "61"}
    headers["RateLimit-Reset"] = str(fault.parameters.get("reset", 1800000000))
    return Response(429, b"Retry later\n", "text/plain", headers)


def _answer_gitlab(fault: Fault) -> Response:
    words = {
        "401": (401, {"message": "401 Unauthorized"}),
        "403": (403, {"message": "403 Forbidden"}),
        "404": (404, {"message": "404 Not found"}),
        "500": (500, {"message": "500 Internal Server Error"}),
        "503": (503, {"message": "503 Service Unavailable"}),
    }
    status, body = words.get(fault.fault, (500, {"message": "500 Internal Server Error"}))
    return json_response(body, status)


def _answer_salesforce(fault: Fault) -> Response:
    words = {
        "401": (401, "INVALID_SESSION_ID", "Session expired or invalid"),
        "expired_session": (401, "INVALID_SESSION_ID", "Session expired or invalid"),
        "403": (403, "INSUFFICIENT_ACCESS", "insufficient access rights on object id"),
        "404": (404, "NOT_FOUND", "The requested resource does not exist"),
        "request_limit": (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
        "503": (503, "SERVER_UNAVAILABLE", "The server is too busy to handle the request"),
        "lock_row": (400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"),
    }
    words["server_unavailable"] = words["503"]
    unknown = (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred")
    status, code, message = words.get(fault.fault, unknown)
    return json_response([{"message": message, "errorCode": code}], status)
