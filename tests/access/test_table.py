"""The access table, asked: every address by everybody, and what must not stand in the answer."""

from collections.abc import Iterable

import pytest
from django.test import Client

from intake.models import Submission
from intake.selectors import request_page
from portal.models import User
from tests.access.cast import ACTORS
from tests.access.sentinels import find_leaks
from tests.access.table import Row, ask, find_routes_without_row, list_routes, read_rows, send
from tests.access.world import World, sign_in

ROWS = read_rows()
SHOWN = [row for row in ROWS if row.method == "GET"]
PLAIN = [row for row in SHOWN if "?" not in row.address]


def find_wrong(rows: Iterable[Row], world: World, actor: str) -> list[str]:
    """Where the site and the table differ, and what was in a body that should not."""
    client = world.browser(actor)
    wrong = []
    for row in rows:
        answer = ask(row, world, client)
        cell, leaks = answer.cell(row.method), find_leaks(answer.text, actor=actor)
        said = f"{row.place} {row.method}:{row.form} {row.address} as {actor}"
        if cell != row.cells[actor]:
            wrong.append(f"{said}: {cell}, not {row.cells[actor]} {sorted(answer.written)}")
        if leaks:
            wrong.append(f"{said}: shows {leaks}")
    return wrong


def tell(wrong: list[str]) -> None:
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("actor", ACTORS)
def test_the_site_answers_as_the_table_says(actor: str, world: World) -> None:
    tell(find_wrong(ROWS, world, actor))


def test_every_address_has_a_row(world: World) -> None:
    assert find_routes_without_row(ROWS, world) == set()


def test_an_address_without_a_row_is_noticed(world: World) -> None:
    without = [row for row in ROWS if not row.address.endswith("/reply/")]
    assert find_routes_without_row(without, world) == {"requests/<str:token>/reply/"}
    assert len(set(list_routes())) > 100


def test_a_hole_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_page, "visible_submissions", lambda user: Submission.objects.all())
    rows = [row for row in ROWS if row.address == "/requests/{foreign}/"]
    wrong = "\n".join(find_wrong(rows, world, "member"))
    assert "200, not 404" in wrong
    assert "shows ['Quillfeather', 'kilnwatch', 'Verhoeven']" in wrong


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("actor", ["outsider", "tam"])
def test_other_methods_show_no_more_and_do_nothing(actor: str, method: str, world: World) -> None:
    client = world.browser(actor)
    wrong = []
    for row in PLAIN:
        answer = send(client, method, row.path(world))
        cell, leaks = answer.cell(method), find_leaks(answer.text, actor=actor)
        if leaks or cell not in {"405", "403", "404", row.cells[actor]}:
            wrong.append(f"{row.address}: {cell}, not {row.cells[actor]} {leaks}")
    tell(wrong)


# What staff reach before they have a second step: the way to one, and the way out.
WITHOUT_SECOND_STEP = {
    "/account/2fa/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/confirm/",
    "/account/logout/",
    "/account/second-step/",
}


@pytest.mark.parametrize("actor", ["submitter", "admin"])
def test_staff_without_a_second_step_reach_nothing_else(actor: str, world: World) -> None:
    client = Client()
    sign_in(client, world.people[actor], method="code")
    open_to_all = {row.address for row in ROWS if row.cells["anonymous"] == "200"}
    reached, done = set(), set()
    for row in ROWS:
        answer = ask(row, world, client)
        if answer.cell(row.method) in {"200", "200!"}:
            reached.add(row.address)
        if answer.written:
            done.add(row.address)
    assert reached - open_to_all == WITHOUT_SECOND_STEP
    assert done == {"/account/logout/"}


def test_for_staff_who_left_the_site_is_as_for_strangers(world: World) -> None:
    client = world.browser("other_tam")
    User.objects.filter(pk=world.people["other_tam"].pk).update(is_active=False)
    wrong = []
    for row in SHOWN:
        answer = ask(row, world, client)
        cell, expected = answer.cell("GET"), row.cells["anonymous"]
        if cell != expected or find_leaks(answer.text, actor="anonymous"):
            wrong.append(f"{row.address}: {cell}, not {expected}")
    tell(wrong)
