"""Signing in: how strongly staff must, and whether the company's services answer."""

from collections.abc import Iterable
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings

from portal.doctor.registry import Finding, broken, fine, look, tries

NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
WELL_KNOWN = "/.well-known/openid-configuration"


@tries("Sign-in")
def try_staff_rule() -> Iterable[Finding]:
    if settings.STAFF_SIGN_IN == "code":
        yield look(
            "Staff sign in with a mailed code alone.",
            "This is for the sandbox. Leave STAFF_SIGN_IN out where customers' data is real.",
        )
    elif settings.OIDC_APPS or settings.SAML_APP:
        yield fine("Staff need the company's sign-in or a second step.")
    else:
        yield fine("Staff need a second step; each sets up their own.")


@tries("Sign-in")
def try_services() -> Iterable[Finding]:
    for app in settings.OIDC_APPS:
        yield try_service(app)
    if settings.SAML_APP:
        yield try_metadata(settings.SAML_APP)


def try_service(app: dict[str, Any]) -> Finding:
    name, url = app["name"], app["settings"]["server_url"]
    try:
        answer = fetch(url + WELL_KNOWN).json()
        missing = [key for key in NEEDED if key not in answer]
    except (OSError, ValueError, TypeError) as error:
        return broken(
            f"{name} does not answer as OpenID Connect does: {error}",
            f"Check OIDC_{app['provider_id'].upper()}_URL ({url}); staff come in by a mailed code "
            "and a second step meanwhile.",
        )
    if missing:
        return broken(f"{name} does not say its {', '.join(missing)}.", f"Check that {url} is it.")
    return fine(f"{name} answers. Its redirect address is {callback_of(app)}.")


def try_metadata(app: dict[str, Any]) -> Finding:
    idp = app["settings"]["idp"]
    try:
        text = fetch(idp["metadata_url"]).text
    except (OSError, ValueError) as error:
        return broken(f"{app['name']} does not answer: {error}", "Check SAML_METADATA_URL.")
    if idp["entity_id"] not in text:
        return broken(
            f"{app['name']} does not describe {idp['entity_id']}.", "Check SAML_ENTITY_ID."
        )
    return fine(f"{app['name']} answers.")


def callback_of(app: dict[str, Any]) -> str:
    return f"{settings.SITE_URL}/account/oidc/{app['provider_id']}/login/callback/"


def fetch(url: str) -> Any:
    with get_adapter().get_requests_session() as session:
        answer = session.get(url)
    answer.raise_for_status()
    return answer
