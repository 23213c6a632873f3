"""Staff by the company's own service, against a service that speaks OpenID Connect for real."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal.doctor.registry import run_tries
from portal.models import AuditEntry, Role, User
from tests.portal.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    IdentityProvider,
    run_identity_provider,
)
from tests.portal.signing_in import is_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uncounted(db: None) -> None:
    """Each test begins with nobody counted."""
    cache.clear()


TO_SERVICE = "/account/oidc/gitlab/login/"
CALLBACK = f"{TO_SERVICE}callback/"


@pytest.fixture
def service(settings: Settings) -> Iterator[IdentityProvider]:
    """The company's service, set up as OIDC_PROVIDERS=gitlab would; it knows the TAM."""
    settings.STAFF_SIGN_IN = "strong"
    with run_identity_provider() as provider:
        app = {
            "provider_id": "gitlab",
            "name": "Larkfield GitLab",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": provider.url, "oauth_pkce_enabled": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        settings.COMPANY_SIGN_IN_ORIGINS = [provider.url]
        provider.claims = {"sub": "41", "email": "priya@larkfield.example", "email_verified": True}
        yield provider


def go_there(client: Client, query: str = "") -> str:
    """To the service and to its yes; where it sends the browser back to."""
    answer = client.post(TO_SERVICE + query)
    assert answer.status_code == 302, answer.content
    return follow_at_service(answer["Location"])


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def follow_at_service(address: str) -> str:
    try:
        urllib.request.build_opener(NoRedirect).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("The service sent nobody back.")


def come_in(client: Client, query: str = "") -> HttpResponse:
    parts = urlsplit(go_there(client, query))
    assert parts.path == CALLBACK
    return client.get(f"{parts.path}?{parts.query}")


def test_staff_come_in_strongly_and_keep_their_role(
    service: IdentityProvider, tam: User, client: Client
) -> None:
    answer = come_in(client, "?next=/admin/")
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    tam.refresh_from_db()
    assert tam.role == Role.TAM
    entry = AuditEntry.objects.get(action="signed in")
    assert entry.details == {"ways": ["socialaccount"]}


def test_nothing_that_the_service_says_is_kept_but_its_number(
    service: IdentityProvider, tam: User, client: Client
) -> None:
    service.claims |= {"picture": "https://pictures.example/41", "groups": ["everybody"]}
    for _ in range(2):
        come_in(client)
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.provider, kept.uid, kept.extra_data) == (tam, "gitlab", "41", {})
    assert not SocialToken.objects.exists()
    assert [message.subject for message in mail.outbox] == ["A company sign-in was tied to you"]


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"email": "somebody@larkfield.example"}, id="nobody of ours"),
        pytest.param({"email": "maya@northwind-freight.example"}, id="a customer"),
        pytest.param({"email": "left@larkfield.example"}, id="somebody who left"),
        pytest.param({"email_verified": False}, id="not verified"),
        pytest.param({"email_verified": "false"}, id="not verified, in quotes"),
        pytest.param({"email_verified": None}, id="verified or not is not said"),
        pytest.param({"email": ""}, id="no address"),
    ],
)
def test_nobody_else_comes_in_and_nothing_is_made(
    service: IdentityProvider,
    tam: User,
    maya: User,
    make_user: Callable[..., User],
    client: Client,
    claims: dict[str, Any],
) -> None:
    make_user("left@larkfield.example", role=Role.TAM, is_active=False)
    people, addresses = User.objects.count(), EmailAddress.objects.count()
    service.claims |= claims
    answer = come_in(client)
    assert answer.status_code == 403
    assert "Ask an administrator of the portal to add you" in answer.content.decode()
    assert not is_in(client)
    assert (User.objects.count(), EmailAddress.objects.count()) == (people, addresses)
    assert not SocialAccount.objects.exists()
    assert AuditEntry.objects.get().action == "company sign-in refused"
    assert mail.outbox == []


def test_a_service_that_says_nothing_of_verified_is_believed_for_named_domains(
    service: IdentityProvider, tam: User, client: Client, settings: Settings
) -> None:
    del service.claims["email_verified"]
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["verified_email"] = ["other.example"]
    assert come_in(client).status_code == 403
    app["settings"]["verified_email"] = ["larkfield.example"]
    assert come_in(client).status_code == 302
    assert is_in(client)


def test_after_the_first_time_the_number_counts_and_not_the_address(
    service: IdentityProvider, tam: User, make_user: Callable[..., User]
) -> None:
    other = make_user("noor@larkfield.example", role=Role.ADMINISTRATOR)
    come_in(Client())
    service.claims |= {"email": other.email}
    client = Client()
    come_in(client)
    assert client.session["_auth_user_id"] == str(tam.pk)
    service.claims |= {"sub": "42", "email": tam.email}  # the address is somebody else's now
    assert come_in(Client()).status_code == 403


def test_a_role_that_was_taken_away_ends_it(
    service: IdentityProvider, tam: User, client: Client
) -> None:
    come_in(Client())
    User.objects.filter(pk=tam.pk).update(role=Role.CUSTOMER)
    assert come_in(client).status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize(
    "lies",
    [
        pytest.param({"aud": "another portal"}, id="for another portal"),
        pytest.param({"iss": "https://elsewhere.example"}, id="of another service"),
        pytest.param({"exp": 1_000_000_000}, id="too old"),
        pytest.param({"userinfo": {"sub": "7", "email": "priya@larkfield.example",
                                   "email_verified": True}}, id="two different people"),
        pytest.param({"userinfo": {"email": "priya@larkfield.example"}}, id="nobody in particular"),
        pytest.param({"userinfo": "what?"}, id="no answer"),
    ],
)  # fmt: skip
def test_a_proof_that_is_not_ours_opens_nothing(
    service: IdentityProvider, tam: User, client: Client, lies: dict[str, Any]
) -> None:
    service.lies = lies
    answer = come_in(client)
    assert answer.status_code in {401, 403, 503}
    assert "Traceback" not in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_code_works_in_the_browser_that_asked_and_once(
    service: IdentityProvider, tam: User, client: Client
) -> None:
    back = urlsplit(go_there(client))
    stolen = Client()
    assert stolen.get(f"{back.path}?{back.query}").status_code == 401
    assert not is_in(stolen)
    client.get(f"{back.path}?{back.query}")
    assert is_in(client)
    again = client.get(f"{back.path}?{back.query}")
    assert again.status_code == 401


def test_the_portal_proves_that_it_began_the_sign_in(
    service: IdentityProvider, tam: User, client: Client
) -> None:
    come_in(client)
    asked = service.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 10
    assert asked["redirect_uri"] == f"http://testserver{CALLBACK}"


def test_a_service_that_is_away_is_said_and_the_code_by_mail_still_works(
    service: IdentityProvider, client: Client, settings: Settings
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    answer = client.post(TO_SERVICE)
    assert answer.status_code == 503
    assert "does not answer just now" in answer.content.decode()
    assert "Send me a code" in client.get(reverse("account_login")).content.decode()


def test_a_service_that_goes_away_in_the_middle_is_no_server_error(
    service: IdentityProvider, tam: User, client: Client, settings: Settings
) -> None:
    back = urlsplit(go_there(client))
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    assert client.get(f"{back.path}?{back.query}").status_code in {401, 503}
    assert not is_in(client)


def test_who_says_no_there_reads_that_nothing_happened(
    service: IdentityProvider, client: Client
) -> None:
    asked = client.post(TO_SERVICE)["Location"]
    state = dict(part.split("=") for part in urlsplit(asked).query.split("&"))["state"]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state}, follow=True)
    assert answer.status_code == 200
    assert "nothing was changed" in answer.content.decode()


def test_a_customer_cannot_tie_a_service_to_themselves(
    service: IdentityProvider, maya: User, client: Client
) -> None:
    client.force_login(maya)
    service.claims |= {"email": maya.email}
    assert come_in(client, "?process=connect").status_code == 403
    assert not SocialAccount.objects.exists()
    for name in ("socialaccount_connections", "socialaccount_signup"):
        assert client.get(reverse(name)).status_code == 404


def test_looking_does_not_begin_it(service: IdentityProvider, client: Client) -> None:
    assert client.get(TO_SERVICE).status_code == 200
    assert service.asked == []


def test_a_service_nobody_set_up_is_not_there(service: IdentityProvider, client: Client) -> None:
    assert client.post("/account/oidc/okta/login/").status_code == 404
    assert client.get("/account/oidc/okta/login/callback/").status_code == 404


def test_only_the_sign_in_pages_let_forms_leave(service: IdentityProvider, client: Client) -> None:
    for path, may_leave in ((reverse("account_login"), True), (TO_SERVICE, True), ("/x/", False)):
        policy = client.get(path)["Content-Security-Policy"]
        rule = next(part for part in policy.split("; ") if part.startswith("form-action"))
        assert rule == "form-action 'self'" + (f" {service.url}" if may_leave else "")


def test_the_sign_in_page_offers_it_without_a_detour(
    service: IdentityProvider, client: Client
) -> None:
    page = client.get(reverse("account_login"), {"next": "/admin/"}).content.decode()
    assert "Continue with Larkfield GitLab" in page
    assert f'action="{TO_SERVICE}?process=login&amp;next=%2Fadmin%2F"' in page


# --- the doctor -----------------------------------------------------------------------------


def examine() -> str:
    return "\n".join(f"{found.health}: {found.what}" for _, found in run_tries(["Sign-in"]))


def test_the_doctor_asks_the_service(service: IdentityProvider, settings: Settings) -> None:
    settings.OIDC_APPS = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    told = examine()
    assert "fine: Larkfield GitLab answers." in told
    assert f"{settings.SITE_URL}{CALLBACK}" in told
    settings.OIDC_APPS[0]["settings"]["server_url"] = "http://127.0.0.1:9"
    assert "broken: Larkfield GitLab does not answer" in examine()
    assert CLIENT_SECRET not in examine()


def test_the_doctor_says_how_strongly_staff_sign_in(settings: Settings) -> None:
    settings.STAFF_SIGN_IN = "strong"
    assert "fine: Staff need a second step" in examine()
    settings.STAFF_SIGN_IN = "code"
    assert "look: Staff sign in with a mailed code alone" in examine()
