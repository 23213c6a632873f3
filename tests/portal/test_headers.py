"""What every answer tells the browser: pages, errors, files, hooks and static files alike."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as real_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from intake.models import Attachment
from portal.models import User
from tests.intake.pages import at, sign_in, whole_form

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def check_headers(answer: HttpResponse) -> None:
    policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert policy == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/account/login/code/", 200),
        ("/", 302),
        ("/healthz", 200),
        ("/nowhere/", 404),
        ("/account/password/reset/", 404),
        ("/webhooks/gitlab/", 405),
        ("/mail/not-ours/", 404),
    ],
)
def test_answers_to_strangers(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    check_headers(answer)


def test_answers_to_machines_and_to_what_is_too_large(client: Client) -> None:
    for answer in (
        client.post("/webhooks/gitlab/", b"{}", content_type="application/json"),
        client.post("/webhooks/gitlab/", b" " * (1024 * 1024 + 1), content_type="text/plain"),
        client.generic("POST", "/requests/new/", CONTENT_LENGTH="99999999999"),
    ):
        assert answer.status_code in {401, 413}
        check_headers(answer)


PAGES = [
    "/",
    "/requests/new/",
    "/requests/export.csv",
    "/account/email/",
    "/account/2fa/",
    "/none/",
]


@pytest.mark.parametrize("address", PAGES)
def test_what_a_signed_in_person_reads_is_kept_by_no_cache(maya: User, address: str) -> None:
    answer = sign_in(maya).get(address)
    check_headers(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_files_that_were_sent_are_kept_by_no_cache(maya: User) -> None:
    client = sign_in(maya)
    note = SimpleUploadedFile("note.txt", b"as text")
    client.post("/requests/new/", whole_form() | {"attachments": note})
    kept = Attachment.objects.get()
    answer = client.get(at("attachment", kept.submission, kept.pk))
    check_headers(answer)
    assert "no-store" in answer["Cache-Control"]


def test_the_desk_carries_the_same_headers(tam: User) -> None:
    answer = sign_in(tam).get("/admin/")
    assert answer.status_code == 200
    check_headers(answer)
    assert "no-store" in answer["Cache-Control"]


@pytest.fixture
def static_file() -> Path:
    path = Path(real_settings.STATIC_ROOT) / "headers-test.svg"
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="ascii")
    yield path
    path.unlink()


def test_static_files_carry_them_too(static_file: Path) -> None:
    answer = Client().get(f"/static/{static_file.name}")
    assert answer.status_code == 200
    check_headers(answer)


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(
    client: Client, make_user: Callable[..., User], settings: Settings
) -> None:
    make_user("maya@northwind-freight.example")
    answer = client.post("/account/login/code/", {"email": "maya@northwind-freight.example"})
    assert answer.cookies
    client.get("/account/login/code/")
    for cookie in (*answer.cookies.values(), *client.cookies.values()):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_a_body_that_no_form_takes_is_not_read(client: Client) -> None:
    answer = client.generic("POST", "/requests/new/", CONTENT_LENGTH=str(200 * 1024 * 1024))
    assert answer.status_code == 413
    assert "That was too much" in answer.content.decode()


def test_a_form_with_everything_it_takes_is_read(maya: User) -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"line\n" * (1024 * 1024)) for n in range(5)]
    answer = sign_in(maya).post("/requests/new/", whole_form() | {"attachments": files})
    assert answer.status_code == 302
    assert Attachment.objects.count() == 5
