"""What travels: a request as read from the socket, an answer as it will be written."""

import json
import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote

JSON = "application/json"


@dataclass(slots=True)
class Request:
    """One request. `path` is still percent-encoded; `quirks` are faults the handler obeys."""

    id: int
    service: str
    method: str
    path: str
    query_string: str
    headers: Message
    body: bytes
    base_url: str
    quirks: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, Any]:
        """Query parameters; `name[]` collects into a list under `name`."""
        return merge_pairs(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def form(self) -> dict[str, Any]:
        """The body as an object: JSON or url-encoded. Raises ValueError when it is neither."""
        if not self.body:
            return {}
        if "json" in self.headers.get("Content-Type", ""):
            data = json.loads(self.body)
            if not isinstance(data, dict):
                raise ValueError("not an object")
            return data
        return merge_pairs(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def params(self) -> dict[str, Any]:
        return {**self.query, **self.form}


@dataclass(slots=True)
class Response:
    """`body` is complete; Content-Length is added when it is written."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


class Answer(Exception):
    """Raised to end a request early with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


H = TypeVar("H")


def merge_pairs(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            merged.setdefault(name[:-2], []).append(value)
        else:
            merged[name] = value
    return merged


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(data, separators=(",", ":")).encode()
    return Response(status, body, JSON, dict(headers or {}))


def html_response(page: str, status: int = 200) -> Response:
    return Response(status, page.encode(), "text/html; charset=utf-8")


class Router(Generic[H]):
    """Templates such as `/projects/{project}/issues/{iid:int}`; segments arrive decoded."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], H]] = []

    def add(self, method: str, template: str, handler: H) -> None:
        pattern = re.sub(
            r"\{(\w+)(:int|:path)?\}",
            lambda m: f"(?P<{m[1]}>{ {':int': '[0-9]+', ':path': '.+'}.get(m[2], '[^/]+') })",
            template,
        )
        self._routes.append((method, re.compile(pattern + "/?$"), handler))

    def find(self, method: str, path: str) -> tuple[H, dict[str, str]] | None:
        """The first route that fits; None when there is none, `Answer` 405 for a wrong method."""
        other_method = False
        for routed, pattern, handler in self._routes:
            match = pattern.match(path)
            if match is None:
                continue
            if routed == method:
                parts = {name: unquote(text) for name, text in match.groupdict().items()}
                return handler, parts
            other_method = True
        if other_method:
            raise Answer(json_response({"error": "405 Not Allowed"}, 405))
        return None
