"""Where somebody is signed in: seen, ended by them, and ended by what they or we change."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.actions.sessions import end_sessions
from portal.models import AuditEntry, Role, User
from tests.portal.signing_in import (
    grow_old,
    is_in,
    make_code,
    read_code,
    set_up_app,
    sign_in_by_code,
)
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def uncounted(transactional_db: None) -> Iterator[None]:
    """Nobody is counted yet, and the app's code does not change halfway through a test."""
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield


LIST = reverse("usersessions_list")


@pytest.fixture
def here(maya: User) -> Client:
    return sign_in_by_code(maya.email, User_Agent="Here/1")


@pytest.fixture
def elsewhere(maya: User) -> Client:
    return sign_in_by_code(maya.email, User_Agent="Elsewhere/2")


def test_signing_in_makes_a_new_session_key(maya: User) -> None:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": maya.email})
    before = client.session.session_key
    client.post(reverse("account_confirm_login_code"), {"code": read_code()})
    assert is_in(client)
    assert client.session.session_key != before


def test_every_browser_is_listed_and_this_one_is_marked(here: Client, elsewhere: Client) -> None:
    page = here.get(LIST).content.decode()
    assert "Here/1" in page
    assert "Elsewhere/2" in page
    assert page.count("this one") == 1


def test_one_is_ended_and_the_others_stay(here: Client, elsewhere: Client, maya: User) -> None:
    third = sign_in_by_code(maya.email)
    row = UserSession.objects.get(user_agent="Elsewhere/2")
    answer = here.post(reverse("end_session", args=[row.pk]), follow=True)
    assert "That browser is signed out" in answer.content.decode()
    assert [is_in(client) for client in (here, elsewhere, third)] == [True, False, True]
    assert elsewhere.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="sessions ended").count() == 1


def test_all_the_others_are_ended_at_once(here: Client, elsewhere: Client) -> None:
    here.post(LIST)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_nobody_ends_somebody_elses(here: Client, make_user: Callable[..., User]) -> None:
    stranger = sign_in_by_code(make_user("x@elsewhere.example").email)
    row = UserSession.objects.get(user_agent="Here/1")
    assert stranger.post(reverse("end_session", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("end_session", args=[row.pk])).status_code == 405
    assert is_in(here)


def test_ending_asks_for_a_proof_when_the_last_is_old(here: Client, elsewhere: Client) -> None:
    grow_old(here)
    answer = here.post(LIST)
    assert answer["Location"].startswith(reverse("confirm_by_mail"))
    assert is_in(elsewhere)


def test_a_new_second_step_signs_out_everywhere_else(here: Client, elsewhere: Client) -> None:
    set_up_app(here)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_a_second_step_taken_away_signs_out_everywhere_else(here: Client, maya: User) -> None:
    secret = set_up_app(here)
    elsewhere = sign_in_by_code(maya.email)
    elsewhere.post(reverse("mfa_authenticate"), {"code": make_code(secret)})
    assert is_in(elsewhere)
    cache.clear()  # or the code of this half minute would be used up
    here.post(reverse("mfa_reauthenticate"), {"code": make_code(secret)})
    here.post(reverse("mfa_deactivate_totp"))
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_a_changed_address_signs_out_everywhere_else(here: Client, elsewhere: Client) -> None:
    new = "maya.lindqvist@new-harbour.example"
    here.post(reverse("account_email"), {"email": new, "action_add": ""})
    here.post(reverse("account_email_verification_sent"), {"code": read_code()})
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_confirming_gives_the_session_a_new_key_and_keeps_it_listed(here: Client) -> None:
    before = here.session.session_key
    confirm = reverse("confirm_by_mail")
    here.post(confirm, {"send": "1"})
    here.post(confirm, {"code": read_code()})
    after = here.session.session_key
    assert after != before
    assert UserSession.objects.get().session_key == after
    assert "this one" in here.get(LIST).content.decode()


def test_signing_out_leaves_nothing_to_steal(here: Client) -> None:
    stolen = Client()
    stolen.cookies = here.cookies.copy()
    here.post(reverse("account_logout"))
    assert stolen.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="signed out").count() == 1


def test_looking_at_the_sign_out_page_signs_nobody_out(here: Client) -> None:
    assert here.get(reverse("account_logout")).status_code == 200
    assert is_in(here)


def test_ending_all_but_one(here: Client, elsewhere: Client, maya: User) -> None:
    keep = here.session.session_key or ""
    assert end_sessions(maya, by=None, now=timezone.now(), keep=keep) == 1
    assert end_sessions(maya, by=None, now=timezone.now(), keep=keep) == 0
    assert (is_in(here), is_in(elsewhere)) == (True, False)


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(make_user("noor@larkfield.example", role=Role.ADMINISTRATOR))
    return client


def act(client: Client, name: str, *people: User) -> str:
    keys = [person.pk for person in people]
    address = reverse("admin:portal_user_changelist")
    answer = client.post(address, {"action": name, "_selected_action": keys}, follow=True)
    return answer.content.decode()


def test_an_administrator_signs_somebody_out_everywhere(
    administrator: Client, here: Client, elsewhere: Client, maya: User
) -> None:
    assert "Sessions ended: 2" in act(administrator, "sign_out_everywhere", maya)
    assert not is_in(here)
    assert not is_in(elsewhere)


def test_an_administrator_who_is_among_them_signs_in_anew(maya: User, tam: User) -> None:
    User.objects.filter(pk=tam.pk).update(role=Role.ADMINISTRATOR)
    client = sign_in_by_code(tam.email)
    assert "Send me a code" in act(client, "sign_out_everywhere", maya, tam)
    assert not is_in(client)


def test_an_administrator_resets_a_lost_second_step(
    administrator: Client, here: Client, maya: User
) -> None:
    TOTP.activate(maya, generate_totp_secret())
    SocialAccount.objects.create(user=maya, provider="gitlab", uid="7")
    act(administrator, "reset_sign_ins", maya)
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not is_in(here)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([maya.email], "Your sign-in was reset")
    assert is_in(sign_in_by_code(maya.email))
    entry = AuditEntry.objects.get(action="sign-in reset")
    assert entry.object_reference == maya.reference


def test_nobody_resets_their_own_and_only_administrators_anybodys(
    administrator: Client, tam: User, maya: User
) -> None:
    own = User.objects.get(role=Role.ADMINISTRATOR)
    TOTP.activate(own, generate_totp_secret())
    assert "Ask another administrator" in act(administrator, "reset_sign_ins", own)
    assert Authenticator.objects.filter(user=own).exists()
    TOTP.activate(maya, generate_totp_secret())
    client = Client()
    client.force_login(tam)
    act(client, "reset_sign_ins", maya)
    assert Authenticator.objects.filter(user=maya).exists()
