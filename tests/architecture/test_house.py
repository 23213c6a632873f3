"""The rules of the house: where code lives, how long it gets, what it may be called."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "intake", "scoring")
LONGEST_FILE = 250
LONGEST_FUNCTION = 25
ONE_BY_DESIGN = {"portal/settings.py"}  # operators look for a setting in one place
DRAWERS = {"utils", "helpers", "common", "misc", "util", "helper"}
TOP_LEVEL = {
    ".ci", ".dockerignore", ".gitignore", "Dockerfile", "Makefile", "README.md",
    "docker-compose.yml", "docs", "intake", "manage.py", "portal", "pyproject.toml",
    "requirements-dev.txt", "requirements.txt", "scoring", "templates", "tests",
}  # fmt: skip
# Every room on the plan. A new module needs a place here, or in an existing room.
ROOMS = {
    "portal": {
        "actions", "admin", "apps", "celery", "checks", "context", "demo", "doctor", "domain",
        "doors", "environment", "forms", "gateways", "management", "middleware", "migrations",
        "models", "pipeline", "progress_bar", "sandbox", "selectors", "settings", "sign_in",
        "tasks", "templatetags", "timetable", "urls", "views", "wsgi",
    },
    "intake": {
        "actions", "admin", "apps", "checks", "doctor", "domain", "forms", "management",
        "matching", "migrations", "models", "pipeline", "selectors", "tasks", "urls", "views",
        "webhooks",
    },
    "scoring": {
        "actions", "admin", "apps", "charts", "doctor", "domain", "forms", "management",
        "migrations", "models", "pipeline", "portable", "selectors", "tasks", "urls", "views",
    },
}  # fmt: skip


def modules() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(), ids=named)
def test_files_and_functions_are_short_enough_to_read(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE or named(path) in ONE_BY_DESIGN
    too_long = [
        f"{node.name} has {body_length(node)} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and body_length(node) > LONGEST_FUNCTION
    ]
    assert not too_long


def body_length(function: ast.FunctionDef) -> int:
    """Lines of the body; signature and docstring are free."""
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = function.body[1:] if has_docstring and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_no_module_is_a_drawer() -> None:
    assert [named(path) for path in modules() if path.stem in DRAWERS] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_is_on_the_plan(package: str) -> None:
    found = {
        entry.stem
        for entry in (ROOT / package).iterdir()
        if entry.suffix == ".py" or (entry.is_dir() and any(entry.rglob("*.py")))
    } - {"__init__", "__pycache__"}
    assert found <= ROOMS[package]


def test_the_top_level_holds_only_what_belongs_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {line.partition("/")[0] for line in listed.stdout.splitlines()} <= TOP_LEVEL


def test_layers_hold() -> None:
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_only_gateways_import_the_clients() -> None:
    clients = {"gitlab", "simple_salesforce", "requests"}
    offenders = [
        named(path)
        for path in modules()
        if not named(path).startswith("portal/gateways/") and clients & imported(path)
    ]
    assert offenders == []


PLAIN = (
    "portal/domain/",
    "intake/domain/",
    "intake/matching/",
    "scoring/domain/",
    "scoring/portable/",
)


def test_rules_know_nothing_of_django_but_its_choices() -> None:
    allowed = {
        "from django.db.models import TextChoices",
        "from django.db.models import IntegerChoices",
    }
    offenders = [
        f"{named(path)}: {line}"
        for path in modules()
        if named(path).startswith(PLAIN)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import django", "from django")) and line not in allowed
    ]
    assert offenders == []


def test_pipeline_and_selectors_know_no_http_and_no_clock() -> None:
    forbidden = ("django.http", "django.shortcuts", "timezone.now(", "datetime.now(", "time.time(")
    offenders = [
        f"{named(path)}: {word}"
        for path in modules()
        if named(path).split("/")[1] in {"pipeline", "selectors"}
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert offenders == []


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names
