"""Staff by the company's SAML service: the same rules, another language."""

from collections.abc import Callable, Iterator

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal.doctor.registry import run_tries
from portal.models import Role, User
from tests.portal.saml_service import (
    ENTITY,
    SamlService,
    make_key,
    read_question,
    run_saml_service,
)
from tests.portal.signing_in import is_in

pytestmark = pytest.mark.django_db

HOST = "portal.example"
TO_SERVICE = "/account/saml/company/login/"


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SamlService]:
    """Set up as SAML_METADATA_URL, SAML_ENTITY_ID and SAML_DOMAINS would."""
    settings.STAFF_SIGN_IN, settings.ALLOWED_HOSTS = "strong", [HOST]
    settings.ROOT_URLCONF = "tests.portal.saml_urls"
    monkeypatch.setitem(registry.provider_map, SAMLProvider.id, SAMLProvider)
    cache.clear()
    with run_saml_service(f"http://{HOST}/account/saml/company") as running:
        app = {
            "provider_id": ENTITY,
            "client_id": "company",
            "name": "Larkfield login",
            "settings": {
                "idp": {"entity_id": ENTITY, "metadata_url": running.url},
                "use_nameid_for_email": True,
                "verified_email": ["larkfield.example"],
                "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True},
            },
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"saml": {"APPS": [app]}}
        settings.COMPANY_SIGN_IN_ORIGINS = [running.url]
        yield running


@pytest.fixture
def client() -> Client:
    return Client(HTTP_HOST=HOST)


def begin(client: Client) -> str:
    answer = client.post(f"{TO_SERVICE}?next=/admin/")
    assert answer.status_code == 302, answer.content
    return read_question(answer["Location"])


def come_back(client: Client, answer: str) -> HttpResponse:
    return client.post("/account/saml/company/acs/", {"SAMLResponse": answer}, follow=True)


def test_staff_come_in_strongly_and_nothing_else_is_kept(
    service: SamlService, tam: User, client: Client
) -> None:
    answer = come_back(client, service.answer(begin(client), tam.email))
    assert answer.redirect_chain[-1][0] == "/admin/"
    assert answer.status_code == 200
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.provider, kept.extra_data) == (tam, ENTITY, {})


@pytest.mark.parametrize(
    "email",
    ["nobody@larkfield.example", "maya@northwind-freight.example", "staff@elsewhere.example"],
)
def test_nobody_else_comes_in(
    service: SamlService, maya: User, make_user: Callable[..., User], client: Client, email: str
) -> None:
    make_user("staff@elsewhere.example", role=Role.TAM)  # no domain the service speaks for
    answer = come_back(client, service.answer(begin(client), email))
    assert answer.status_code == 403
    assert "Ask an administrator of the portal to add you" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_signed_opens_nothing(
    service: SamlService, tam: User, client: Client
) -> None:
    unsigned = service.answer(begin(client), tam.email, is_signed=False)
    assert come_back(client, unsigned).status_code == 401
    forged = service.answer(begin(client), tam.email, key=make_key()[0])
    assert come_back(client, forged).status_code == 401
    assert not is_in(client)


def test_an_answer_to_somebody_elses_question_opens_nothing(
    service: SamlService, tam: User, client: Client
) -> None:
    stolen = service.answer(begin(Client(HTTP_HOST=HOST)), tam.email)
    assert come_back(client, stolen).status_code == 403
    assert not is_in(client)


def test_an_answer_works_once(service: SamlService, tam: User, client: Client) -> None:
    answer = service.answer(begin(client), tam.email)
    come_back(client, answer)
    client.post(reverse("account_logout"))
    assert come_back(client, answer).status_code == 403
    assert not is_in(client)


def test_a_service_that_is_away_is_said(
    service: SamlService, client: Client, settings: Settings
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]
    app["settings"]["idp"]["metadata_url"] = "http://127.0.0.1:9/"
    answer = client.post(TO_SERVICE)
    assert answer.status_code == 503
    assert "does not answer just now" in answer.content.decode()


def test_the_sign_in_page_offers_it_and_lets_its_form_leave(
    service: SamlService, client: Client
) -> None:
    for path in (reverse("account_login"), TO_SERVICE):
        page = client.get(path)
        assert "Larkfield login" in page.content.decode()
        assert f"form-action 'self' {service.url}" in page["Content-Security-Policy"]


def test_the_doctor_asks_the_service(service: SamlService, settings: Settings) -> None:
    settings.SAML_APP = app = settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]
    assert "fine: Larkfield login answers." in examine()
    app["settings"]["idp"]["entity_id"] = "urn:another"
    assert "broken: Larkfield login does not describe urn:another." in examine()
    app["settings"]["idp"]["metadata_url"] = "http://127.0.0.1:9/"
    assert "broken: Larkfield login does not answer" in examine()


def examine() -> str:
    return "\n".join(f"{found.health}: {found.what}" for _, found in run_tries(["Sign-in"]))
