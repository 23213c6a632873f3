"""Customers' pages are drawn from records with the fields they may read, never from rows."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.test.utils import ContextList

from portal.models import User
from tests.access.table import ask, read_rows
from tests.access.world import World

DEEPEST = 6
OURS = ("portal.", "intake.", "scoring.")
OF_CUSTOMERS = [row for row in read_rows() if row.place.startswith(("customers", "account"))]


def find_rows(value: Any, path: str, depth: int = 0) -> Iterator[str]:
    """Rows of ours that a template could reach from here; oneself is known anyway."""
    if isinstance(value, Model | QuerySet):
        model = value.model if isinstance(value, QuerySet) else type(value)
        if model.__module__.startswith(OURS) and not isinstance(value, User):
            yield f"{path}: {model.__name__}"
    elif depth < DEEPEST:
        for name, part in list_parts(value):
            yield from find_rows(part, f"{path}{name}", depth + 1)


def list_parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((f".{name}", one) for name, one in value.items())
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (("[]", one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from ((f".{field.name}", getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, BaseForm):
        yield from ((f".{name}", getattr(value, name, None)) for name in ("initial", "instance"))
        for name, field in value.fields.items():
            yield f".{name}", getattr(field, "queryset", None)


def contexts_of(response: Any) -> list[dict[str, Any]]:
    """Of the page's templates; a page without any has none."""
    context = getattr(response, "context", None)
    if context is None:
        return []
    parts = context if isinstance(context, ContextList) else [context]
    return [part.flatten() for part in parts]


@pytest.mark.parametrize("actor", ["member", "lead", "submitter"])
def test_no_row_reaches_a_customers_template(actor: str, world: World) -> None:
    client = world.browser(actor)
    found: set[str] = set()
    drawn = 0
    for row in OF_CUSTOMERS:
        for context in contexts_of(ask(row, world, client).response):
            drawn += 1
            found |= {f"{row.address} {what}" for what in find_rows(context, "")}
    assert found == set()
    assert drawn > 20


def test_a_row_is_found_wherever_it_hides(world: World) -> None:
    account = world.accounts["north"]
    hidden = {"page": [{"deeper": (account,)}], "rows": type(account).objects.all()}
    assert set(find_rows(hidden, "")) == {".page[].deeper[]: Account", ".rows: Account"}
