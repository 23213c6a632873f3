"""What a mailed code is good for: one sign-in, in the browser that asked for it."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.models import User
from tests.portal.signing_in import ask, enter, is_in, read_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uncounted(db: None) -> None:
    """Each test begins with nobody counted."""
    cache.clear()


def test_a_code_opens_only_the_browser_that_asked_for_it(maya: User) -> None:
    hers, thiefs = Client(), Client()
    ask(hers, maya.email)
    stolen = read_code()
    ask(thiefs, maya.email)
    enter(thiefs, stolen)
    assert not is_in(thiefs)
    enter(hers, stolen)
    assert is_in(hers)


def test_a_code_works_once(maya: User, client: Client) -> None:
    ask(client, maya.email)
    code = read_code()
    enter(client, code)
    assert is_in(client)
    client.post(reverse("account_logout"))
    ask(client, maya.email)
    enter(client, code)
    assert not is_in(client)


def test_a_newer_code_takes_the_place_of_the_older(maya: User, client: Client) -> None:
    ask(client, maya.email)
    older = read_code()
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    assert read_code() != older
    enter(client, older)
    assert not is_in(client)
    enter(client, read_code())
    assert is_in(client)
