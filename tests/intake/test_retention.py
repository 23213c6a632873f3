"""Files of requests that ended long ago go from table and disk; no others."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from intake.models import Attachment, Submission
from intake.pipeline.retention import drop_attachments, drop_lost_files
from intake.tasks import drop_old_rows

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of this test's own for files."""
    storage = FileSystemStorage(location=tmp_path / "files")
    monkeypatch.setattr(Attachment.file.field, "storage", storage)
    monkeypatch.setattr("intake.pipeline.retention.attachment_storage", lambda: storage)
    return tmp_path / "files"


def attach(sent: Submission) -> Path:
    row = Attachment(
        submission=sent,
        name="log.txt",
        content_type="text/plain",
        size=3,
        created_at=sent.created_at,
    )
    row.file.save("log.txt", ContentFile(b"log"))
    return Path(row.file.path)


def end(sent: Submission, *, days_ago: int, **fields: object) -> None:
    changed = timezone.now() - days_ago * DAY
    Submission.objects.filter(pk=sent.pk).update(updated_at=changed, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"public_state": "shipped"},
        {"public_state": "not_planned"},
        {"public_state": "withdrawn", "withdrawn_at": timezone.now() - 400 * DAY},
    ],
)
def test_files_go_a_year_after_the_request_ended(
    sent: Submission, fields: dict[str, object]
) -> None:
    path = attach(sent)
    end(sent, days_ago=364, **fields)
    drop_attachments(before=timezone.now() - 365 * DAY)
    assert path.exists()
    end(sent, days_ago=366)
    assert drop_attachments(before=timezone.now() - 365 * DAY) == 1
    assert not path.exists()
    assert not Attachment.objects.exists()
    assert Submission.objects.filter(pk=sent.pk).exists()


@pytest.mark.parametrize("state", ["received", "waiting_for_you", "considered", "in_progress"])
def test_files_of_an_open_request_stay(sent: Submission, state: str) -> None:
    path = attach(sent)
    end(sent, days_ago=2000, public_state=state)
    assert drop_attachments(before=timezone.now() - 365 * DAY) == 0
    assert path.exists()


def test_files_that_no_row_knows_go_after_a_day(sent: Submission, folder: Path) -> None:
    kept, old, young = attach(sent), folder / "old.bin", folder / "young.bin"
    for path in (old, young):
        path.write_bytes(b"lost")
    a_while_ago = (timezone.now() - 3 * DAY).timestamp()
    for path in (kept, old):
        os.utime(path, (a_while_ago, a_while_ago))
    assert drop_lost_files(before=timezone.now() - DAY) == 1
    assert set(folder.iterdir()) == {kept, young}


def test_the_daily_job_does_both_where_nothing_was_ever_attached() -> None:
    drop_old_rows()
    assert not Attachment.objects.exists()
