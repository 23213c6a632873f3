"""What must hold for the site as a whole: migrations, templates, deployment settings."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
)
def test_templates_compile(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
)
def test_templates_keep_to_the_content_policy(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert " style=" not in source
    assert "<style" not in source
    assert " onclick=" not in source
    assert "<script>" not in source
