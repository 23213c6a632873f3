"""Reading which services of the company staff may sign in with: OpenID Connect and SAML.

Both come out as allauth's `APPS`. `*_DOMAINS` names mail domains whose addresses count as
verified where the service does not say so itself.
"""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.environment.values import is_loopback, read_hosts, read_list, read_text, read_url

_SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
SAML_ADDRESS = "company"  # /account/saml/company/…


def read_oidc_apps(*, sandbox: bool) -> list[dict[str, Any]]:
    """One app for each name in OIDC_PROVIDERS."""
    names = read_list("OIDC_PROVIDERS")
    for name in names:
        if not _SHORT_NAME.fullmatch(name) or names.count(name) > 1:
            raise ImproperlyConfigured(
                f"OIDC_PROVIDERS must be short names such as gitlab,okta, not {name!r}."
            )
    return [_read_oidc_app(name, sandbox=sandbox) for name in names]


def _read_oidc_app(name: str, *, sandbox: bool) -> dict[str, Any]:
    prefix = f"OIDC_{name.upper().replace('-', '_')}"
    url = _read_https(f"{prefix}_URL", sandbox=sandbox)
    client_id, secret = read_text(f"{prefix}_CLIENT_ID"), read_text(f"{prefix}_CLIENT_SECRET")
    for variable, value in (("URL", url), ("CLIENT_ID", client_id), ("CLIENT_SECRET", secret)):
        if not value:
            raise ImproperlyConfigured(f"{prefix}_{variable} must be set: OIDC_PROVIDERS has it.")
    return {
        "provider_id": name,
        "name": read_text(f"{prefix}_NAME", name.capitalize()),
        "client_id": client_id,
        "secret": secret,
        "settings": {
            "server_url": url,
            "oauth_pkce_enabled": True,
            "verified_email": read_hosts(f"{prefix}_DOMAINS", []),
        },
    }


def read_saml_app(*, sandbox: bool) -> dict[str, Any] | None:
    """The company's SAML service; None when SAML_METADATA_URL is not set."""
    metadata = _read_https("SAML_METADATA_URL", sandbox=sandbox)
    if not metadata:
        return None
    entity = read_text("SAML_ENTITY_ID")
    if not entity:
        raise ImproperlyConfigured("SAML_ENTITY_ID must be set: the service's own entity id.")
    if find_spec("onelogin") is None:
        raise ImproperlyConfigured(
            "SAML_METADATA_URL needs the extra: pip install 'django-allauth[saml]'."
        )
    return {
        "provider_id": entity,
        "client_id": SAML_ADDRESS,
        "name": read_text("SAML_NAME", "SAML"),
        "settings": {
            "idp": {"entity_id": entity, "metadata_url": metadata},
            "use_nameid_for_email": True,
            "verified_email": read_hosts("SAML_DOMAINS", []),
            "advanced": {
                "want_assertion_signed": True,
                "reject_idp_initiated_sso": True,
                "allow_single_label_domains": True,  # http://portal/ inside a company
            },
        },
    }


def list_origins(urls: Iterable[str]) -> list[str]:
    """Scheme, host and port of each, once."""
    parts = [urlsplit(url) for url in urls]
    return list(dict.fromkeys(f"{each.scheme}://{each.netloc}" for each in parts))


def _read_https(name: str, *, sandbox: bool) -> str:
    url = read_url(name, with_path=True)
    if url and not url.startswith("https://") and not (sandbox and is_loopback(url)):
        raise ImproperlyConfigured(f"{name} must begin with https://.")
    return url
