"""What is easily forgotten: text that is not escaped, forms without a token, SQL by hand.

Each exception is named here, so that a new one is a decision somebody reads.
"""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.models import Role, User

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
PACKAGES = ("portal", "intake", "scoring")
SOURCES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts and "sandbox" not in path.parts
]

TRUSTED_TEXT = {"portal/field.html": ["safe"]}  # help texts are ours, some with emphasis
WITHOUT_ESCAPING = re.compile(r"\.txt$")  # mail in plain text
WITHOUT_TOKEN = {
    "intake/mail_level.html"
}  # opened from a mail; its signed address is the permission
EXEMPT_VIEWS = {"intake/views/mail_level.py": 1, "intake/webhooks.py": 1}
SQL_BY_HAND = {
    "portal/management/commands/seed_demo.py",
    "portal/pipeline/retention.py",
    "portal/views/health.py",
    "scoring/pipeline/bucket_rows.py",
    "scoring/pipeline/rank_rows.py",
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT)).removeprefix("templates/")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_escape_what_they_show(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = re.findall(r"\|\s*(safe(?:seq)?)\b", source)
    assert found == TRUSTED_TEXT.get(named(path), [])
    assert "autoescape off" not in source or WITHOUT_ESCAPING.search(path.name)
    assert not re.search(r"{%\s*debug\b", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_forms_that_change_something_carry_a_token(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if named(path) not in WITHOUT_TOKEN:
        assert source.count('method="post"') <= source.count("csrf_token")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_pages_load_nothing_from_elsewhere(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(
        r"<(script|link|img|iframe|source)\b[^>]*(src|href)=\"(https?:)?//", source
    )


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """File, name of what is called, and the call."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
                yield named(path), name, node


def test_no_text_is_declared_safe_and_html_is_made_from_literals_alone() -> None:
    at = {"format_html": 0, "format_html_join": 1}
    assert [place for place, name, _ in calls() if name in {"mark_safe", "SafeString"}] == []
    made_up = [
        f"{place}:{call.lineno}"
        for place, name, call in calls()
        if name in at and not isinstance(call.args[at[name]], ast.Constant)
    ]
    assert made_up == []


def test_sql_is_written_by_hand_only_where_it_has_to_be() -> None:
    by_hand = {"raw", "extra", "RawSQL", "cursor", "execute", "executemany"}
    assert {place for place, name, _ in calls() if name in by_hand} <= SQL_BY_HAND


def test_views_without_a_forgery_check_are_known() -> None:
    found = {
        named(path): path.read_text(encoding="utf-8").count("@csrf_exempt")
        for path in SOURCES
        if "csrf_exempt" in path.read_text(encoding="utf-8")
    }
    assert found == EXEMPT_VIEWS


def views_of_ours() -> list[str]:
    """An address of each of our own pages, whatever it needs filled in."""

    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry, route)
            elif isinstance(entry, URLPattern) and is_ours(entry) and "^" not in route:
                yield "/" + re.sub(r"<(\w+):\w+>", lambda part: FILLED_IN[part[1]], route)

    return sorted(walk(get_resolver(), ""))


FILLED_IN = {"int": "7", "str": "seven", "slug": "seven", "uuid": "0" * 32, "path": "seven"}


def is_ours(entry: URLPattern) -> bool:
    module = getattr(entry.callback, "__module__", "")
    return module.startswith(PACKAGES) and ".admin" not in module


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_no_page_of_ours_answers_a_method_it_does_not_know(method: str) -> None:
    administrator = User.objects.create_user("root@larkfield.example", role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session  # nobody asks first whether it is still the same person
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session["account_authentication_methods_user"] = str(administrator.pk)
    session.save()
    addresses = views_of_ours()
    assert len(addresses) > 20
    answers = {address: client.generic(method, address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status != 405} == {}
