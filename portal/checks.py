"""System checks: what is configured but cannot work, in words, before anything starts."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from portal.environment import is_loopback

SHORTEST_KEY = 32
A_KEY = f"Give a random text of at least {SHORTEST_KEY} characters."


@register()
def check_secret_key(**_: Any) -> list[CheckMessage]:
    try:
        length = len(settings.SECRET_KEY)  # Django refuses an empty one when it is read
    except ImproperlyConfigured:
        return [Error("SECRET_KEY is not set.", hint=A_KEY, id="portal.E001")]
    if length >= SHORTEST_KEY or settings.DEBUG:
        return []
    return [checks.Warning("SECRET_KEY is too short to be safe.", hint=A_KEY, id="portal.W005")]


@register("doctor")
def check_gitlab_settings(**_: Any) -> list[CheckMessage]:
    wanted = {
        "GITLAB_URL": settings.GITLAB_URL,
        "GITLAB_TOKEN": settings.GITLAB_TOKEN,
        "GITLAB_PROJECTS": settings.GITLAB_PROJECTS,
        "GITLAB_NEW_ISSUE_PROJECT": settings.GITLAB_NEW_ISSUE_PROJECT,
    }
    return [
        checks.Warning(f"{name} is not set.", hint="Requests wait in triage.", id="portal.W001")
        for name, value in wanted.items()
        if not value
    ]


@register("doctor")
def check_salesforce_settings(**_: Any) -> list[CheckMessage]:
    jwt = settings.SALESFORCE_USERNAME and settings.SALESFORCE_PRIVATE_KEY
    if (
        settings.SALESFORCE_DOMAIN
        and settings.SALESFORCE_CONSUMER_KEY
        and (jwt or settings.SALESFORCE_CLIENT_SECRET)
    ):
        return []
    return [
        checks.Warning(
            "Salesforce is not set up.",
            hint="Set SALESFORCE_DOMAIN and SALESFORCE_CONSUMER_KEY, then either "
            "SALESFORCE_USERNAME with SALESFORCE_PRIVATE_KEY or SALESFORCE_CLIENT_SECRET.",
            id="portal.W002",
        )
    ]


@register("doctor")
def check_plain_http(**_: Any) -> list[CheckMessage]:
    addresses = {"SITE_URL": settings.SITE_URL, "GITLAB_URL": settings.GITLAB_URL}
    return [
        checks.Warning(
            f"{name} is not https.",
            hint="What it carries can be read on the way.",
            id="portal.W003",
        )
        for name, address in addresses.items()
        if address.startswith("http://") and not is_loopback(address)
    ]


@register("doctor")
def check_debug(**_: Any) -> list[CheckMessage]:
    if not settings.DEBUG or is_loopback(settings.SITE_URL):
        return []
    return [
        checks.Warning(
            "DEBUG is on for a site that others reach.",
            hint="Error pages show settings and texts.",
            id="portal.W004",
        )
    ]
