"""Files on the pages: what is kept, under which name, and how it is handed out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.models import Attachment, Submission
from portal.models import User
from tests.intake.pages import at, sign_in, whole_form

pytestmark = pytest.mark.django_db

GIF_THAT_IS_A_PAGE = b"GIF89a/*" + b"\0" * 32 + b"*/=1;//<script>alert(1)</script>"


def send(user: User, *files: SimpleUploadedFile) -> Any:
    form = whole_form() | {"attachments": list(files)}
    return sign_in(user).post(reverse("intake:new_request"), form)


@pytest.fixture
def kept(maya: User) -> Attachment:
    """A polyglot: a picture by its first bytes, a page by its name."""
    send(maya, SimpleUploadedFile("page.html", GIF_THAT_IS_A_PAGE, content_type="text/html"))
    return Attachment.objects.get()


def test_a_polyglot_is_a_download_that_no_browser_opens_under_a_name_no_page_has(
    maya: User, kept: Attachment
) -> None:
    answer = sign_in(maya).get(at("attachment", kept.submission, kept.pk))
    assert b"".join(answer.streaming_content) == GIF_THAT_IS_A_PAGE  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html.gif"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_it_lies_outside_everything_that_is_served_under_a_name_of_ours(kept: Attachment) -> None:
    path = Path(kept.file.path)
    assert path.parent == real_settings.ATTACHMENT_DIR
    assert not path.is_relative_to(real_settings.STATIC_ROOT)
    assert not real_settings.MEDIA_ROOT
    assert path.suffix == ".bin"
    assert "page" not in path.name
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_the_browser_says_it_is_counts_for_nothing(maya: User) -> None:
    claim = SimpleUploadedFile("a.png", b"<script>alert(1)</script>", content_type="image/png")
    answer = send(maya, claim)
    assert answer.status_code == 200
    assert "“a.png” cannot be sent" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not Submission.objects.exists()


def test_a_name_is_shown_as_text(maya: User) -> None:
    send(maya, SimpleUploadedFile("<img src=x onerror=alert(1)>.txt", b"notes"))
    page = sign_in(maya).get(at("request", Submission.objects.get())).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;.txt" in page
    assert "<img src=x" not in page


def test_a_path_in_the_name_leads_nowhere(maya: User) -> None:
    send(maya, SimpleUploadedFile("../../etc/cron.d/job.txt", b"notes"))
    kept = Attachment.objects.get()
    assert kept.name == "job.txt"
    assert Path(kept.file.path).parent == real_settings.ATTACHMENT_DIR


def test_nobody_else_gets_it_whatever_address_they_try(
    kept: Attachment, make_user: Callable[..., User]
) -> None:
    other = sign_in(make_user("eve@rival.example"))
    send_own = whole_form(problem="Ours is another wish altogether.")
    other.post(reverse("intake:new_request"), send_own)
    own = Submission.objects.get(submitter__email="eve@rival.example")
    for address in (at("attachment", kept.submission, kept.pk), at("attachment", own, kept.pk)):
        assert other.get(address).status_code == 404
