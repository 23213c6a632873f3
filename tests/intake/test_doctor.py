"""What the doctor says about requests: issues, index, product file, holidays."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from pytest_django.fixtures import Settings

from intake.matching.index import IndexReader, IndexWriter
from intake.models import Issue, Project
from portal.doctor.registry import run_tries

pytestmark = pytest.mark.django_db
autodiscover_modules("doctor")


def describe(subject: str) -> str:
    return "\n".join(
        f"{found.health}: {found.what} {found.advice}".rstrip() for _, found in run_tries([subject])
    )


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Settings) -> Path:
    settings.INDEX_DIR = tmp_path / "index"
    return tmp_path / "index"


def test_a_missing_index_says_how_to_build_it() -> None:
    assert "`manage.py index` does it now" in describe("Search index")


def test_an_index_is_fine_until_an_issue_changes(make_issue: Callable[..., Issue]) -> None:
    issue = make_issue()
    call_command("index")
    assert "fine: 1 issues are in" in describe("Search index")
    issue.changed_at += timedelta(minutes=1)
    issue.save()
    assert "newer changes are not yet" in describe("Search index")
    call_command("index")
    assert "fine: 1 issues are in" in describe("Search index")


def test_an_index_can_be_rebuilt_from_nothing(
    make_issue: Callable[..., Issue], own_index: Path
) -> None:
    make_issue()
    call_command("index")
    Issue.objects.all().delete()
    make_issue()
    make_issue()
    call_command("index", rebuild=True)
    assert IndexReader(own_index).count() == 2


def test_an_index_that_is_being_written_is_left_alone(own_index: Path) -> None:
    with IndexWriter(own_index, holder="a test"), pytest.raises(CommandError, match="a test"):
        call_command("index")


def test_a_project_that_was_lost_is_told(project: Project) -> None:
    project.is_lost = True
    project.save()
    assert f"broken: {project} is hidden from our token" in describe("Issues")


def test_holidays_that_are_over_deserve_a_look(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "holidays"
    file.write_text("2020-01-01\n")
    settings.HOLIDAYS_FILE = str(file)
    assert "look: All holidays in the file are over." in describe("Product and calendar")
    ahead = timezone.localdate() + timedelta(days=9)
    other = tmp_path / "new"
    other.write_text(f"{ahead.isoformat()}\n")
    settings.HOLIDAYS_FILE = str(other)
    assert f"fine: 1 holidays ahead, the last on {ahead:%d %B %Y}." in describe(
        "Product and calendar"
    )


def test_a_product_file_that_is_not_there_is_named(tmp_path: Path, settings: Settings) -> None:
    settings.PRODUCT_FILE = tmp_path / "none.yaml"
    assert f"broken: {tmp_path / 'none.yaml'} cannot be read." in describe("Product and calendar")
