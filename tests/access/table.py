"""The access table: read from the text files beside it, and asked of the site row by row.

A line is a method, an address, and a cell for each of `cast.ACTORS`; `404*7` stands for seven
cells. `POST:name` posts the form of that name in `forms.py`. A cell is the status, or

in   the sign-in page           302          sent on; by POST: after it was done
no   sent on, nothing was done  200! in!     so, and something was written
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.access.cast import ACTORS
from tests.access.forms import FORMS
from tests.access.world import World

FOLDER = Path(__file__).parent
SESSIONS = ("django_session", "usersessions_usersession")  # to end one is an act
# What the site notes of a visit by itself; everything else that is written is an act.
OF_A_VISIT = ("django_session", "portal_cache", "usersessions_usersession", "portal_attempt",
              "portal_auditentry")  # fmt: skip
# Of allauth, and never reached: addresses of the site's own stand before them.
SHUT = re.compile(r"account/(password/|social/|3rdparty/(signup/)?$|oidc/\(\?P)")


@dataclass(frozen=True)
class Row:
    method: str
    form: str  # the name of what is posted, or empty
    address: str  # with names of the world in braces
    cells: dict[str, str]  # by actor
    place: str  # file and line

    def path(self, world: World) -> str:
        return self.address.format(**world.names)


@dataclass(frozen=True)
class Answer:
    """What came back, its whole body and headers, and which tables were written to."""

    response: HttpResponseBase
    written: set[str]

    @cached_property
    def text(self) -> str:
        response: Any = self.response
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = "\n".join(f"{name}: {value}" for name, value in response.items())
        return f"{headers}\n\n{body.decode('utf-8', 'replace')}"

    def cell(self, method: str) -> str:
        status = str(self.response.status_code)
        if not 300 <= self.response.status_code < 400:
            return f"{status}!" if self.written else status
        if self.response["Location"].startswith((reverse("account_login"), reverse("admin:login"))):
            return "in!" if self.written else "in"
        if method == "POST":
            return status if self.written else "no"
        return f"{status}!" if self.written else status


def read_rows() -> list[Row]:
    return [row for path in sorted(FOLDER.glob("*.txt")) for row in _read_file(path)]


def _read_file(path: Path) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        place = f"{path.name}:{number}"
        method, _, form = words[0].partition(":")
        cells = [cell for word in words[2:] for cell in _repeat(word)]
        if len(cells) != len(ACTORS):
            raise ValueError(f"{place} has {len(cells)} cells for {len(ACTORS)} actors")
        yield Row(method, form, words[1], dict(zip(ACTORS, cells, strict=True)), place)


def _repeat(word: str) -> list[str]:
    cell, _, times = word.partition("*")
    return [cell] * int(times or 1)


def ask(row: Row, world: World, client: Client) -> Answer:
    """Send the row's request; whatever it did is taken back."""
    data: dict[str, Any] = FORMS[row.form](world) if row.form else {}
    return send(client, row.method, row.path(world), data)


def send(client: Client, method: str, path: str, data: dict[str, Any] | None = None) -> Answer:
    cookies = deepcopy(client.cookies)
    written: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            table = sql.split('"')[1]
            is_ending = sql.startswith("DELETE") and table in SESSIONS
            if table not in OF_A_VISIT or is_ending:
                written.add(table)
        return execute(sql, params, many, context)

    call = getattr(client, method.lower())
    with transaction.atomic(), connection.execute_wrapper(watch):
        response = call(path, data) if method in {"GET", "POST"} else call(path)
        answer = Answer(response, written)
        _ = answer.text  # a streamed body is read, and written about, while it is sent
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def list_routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address of the site as its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern).removeprefix("^" if before else "")
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from list_routes(entry, route)


def find_routes_without_row(rows: list[Row], world: World) -> set[str]:
    asked = {resolve(row.path(world).partition("?")[0]).route for row in rows}
    return {route for route in list_routes() if not SHUT.match(route)} - asked
