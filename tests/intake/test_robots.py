"""Robots get their form back; people lose nothing, even those who are taken for one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from intake.forms.robots import FILLED_IN, TOO_FAST
from intake.models import Submission
from portal.demo.page import read_fields, read_page
from portal.models import User
from tests.intake.pages import sign_in, whole_form
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

FORM = "/requests/new/"
TYPED = "Anybody can approve a change to our payment code."


@pytest.fixture(autouse=True)
def three_seconds(settings: Settings) -> None:
    settings.SHORTEST_FORM_TIME = timedelta(seconds=3)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def open_form(client: Client) -> dict[str, str]:
    return read_form(client.get(FORM).content.decode())


def read_form(html: str) -> dict[str, str]:
    """What a browser holds before anything is typed, without what it adds by itself."""
    form = read_page(html).find("form", method="post", **{"data-guard": ""})
    assert form
    fields = dict(read_fields(form))
    fields.pop("csrfmiddlewaretoken")
    return fields


def fill(held: dict[str, str], **typed: str) -> dict[str, Any]:
    kept = {name: held[name] for name in ("form_token", "opened", "home_page")}
    return whole_form() | kept | typed


def test_a_person_who_takes_their_time_notices_nothing(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    held = open_form(client)
    clock.shift(timedelta(seconds=3))
    assert client.post(FORM, fill(held)).status_code == 302
    assert Submission.objects.count() == 1


def test_a_form_sent_in_no_time_comes_back_and_is_taken_a_moment_later(
    maya: User, clock: Any
) -> None:
    client = sign_in(maya)
    held = open_form(client)
    clock.shift(timedelta(seconds=1))
    early = client.post(FORM, fill(held)).content.decode()
    assert TOO_FAST in early
    assert TYPED in early
    assert not Submission.objects.exists()

    clock.shift(timedelta(seconds=2))
    assert client.post(FORM, fill(read_form(early))).status_code == 302
    assert Submission.objects.get().problem == TYPED


@pytest.mark.parametrize(
    "opened", ["", "0", "1764000000", "1764000000:made-up", "x:y:z", "-9:9", "٣:٣"]
)
def test_a_stamp_that_is_not_ours_does_not_help_and_is_replaced(
    maya: User, clock: Any, opened: str
) -> None:
    client = sign_in(maya)
    held = open_form(client)
    clock.shift(timedelta(minutes=5))
    early = client.post(FORM, fill(held, opened=opened)).content.decode()
    assert TOO_FAST in early
    clock.shift(timedelta(seconds=3))
    assert client.post(FORM, fill(read_form(early))).status_code == 302


def test_the_stamp_of_another_form_does_not_help(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    first, second = open_form(client), open_form(client)
    clock.shift(timedelta(minutes=5))
    borrowed = fill(second, opened=open_form(client)["opened"])
    assert TOO_FAST in client.post(FORM, borrowed).content.decode()
    assert TOO_FAST in client.post(FORM, fill(first, form_token="")).content.decode()
    assert not Submission.objects.exists()


def test_a_robot_that_fills_in_everything_gets_the_form_and_no_row(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    held = open_form(client)
    clock.shift(timedelta(seconds=30))
    answer = client.post(FORM, fill(held, home_page="https://pills.example"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert FILLED_IN in page
    assert "pills.example" not in page
    assert not Submission.objects.exists()
    assert client.post(FORM, fill(read_form(page))).status_code == 302


def test_a_saved_draft_can_be_sent_as_soon_as_it_is_back(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    held = open_form(client)
    clock.shift(timedelta(seconds=30))
    client.post(FORM, fill(held, action="draft", home_page="https://pills.example"))
    back = open_form(client)
    assert back["home_page"] == ""
    assert client.post(FORM, fill(back)).status_code == 302


def test_a_draft_rescued_from_an_ended_session_can_be_sent_at_once(maya: User, clock: Any) -> None:
    held = open_form(sign_in(maya))
    clock.shift(timedelta(minutes=1))
    client = Client()
    client.post(FORM, fill(held))
    client.force_login(maya, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(FORM, fill(open_form(client))).status_code == 302


def test_whoever_has_something_to_mend_reads_that_first(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    page = client.post(FORM, fill(open_form(client), summary="short")).content.decode()
    assert "at least 10 characters" in page
    assert TOO_FAST not in page


def test_nobody_sees_or_reaches_the_field_for_robots(maya: User) -> None:
    page = read_page(sign_in(maya).get(FORM).content.decode())
    trap = page.find("input", name="home_page")
    assert trap
    assert (trap.attributes["tabindex"], trap.attributes["autocomplete"]) == ("-1", "off")
    box = next(one for one in page.find_all("div", of_class="sr-only") if trap in one.walk())
    assert box.attributes["aria-hidden"] == "true"
    assert "Leave this field empty" in box.text


def test_the_time_can_be_switched_off(maya: User, settings: Settings) -> None:
    settings.SHORTEST_FORM_TIME = timedelta()
    assert sign_in(maya).post(FORM, whole_form()).status_code == 302
