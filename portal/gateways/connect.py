"""The gateways as the settings want them: one of each per process, made when first asked for.

A connection must not be shared across a fork, so each process makes its own; other settings
(in a test) make another one.
Ways of failing: Misconfigured when something that is needed is not set.
"""

import os
from collections.abc import Callable, Hashable
from typing import TypeVar

from django.conf import settings

from portal.gateways.errors import Misconfigured
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import (
    ClientCredentials,
    FieldNames,
    JwtBearer,
    SalesforceGateway,
)

T = TypeVar("T", GitLabGateway, SalesforceGateway)

_made: dict[str, tuple[Hashable, GitLabGateway | SalesforceGateway]] = {}


def gitlab() -> GitLabGateway:
    url, token, ca_file = settings.GITLAB_URL, settings.GITLAB_TOKEN, settings.GITLAB_CA_FILE
    deadline = settings.WRITE_DEADLINE.total_seconds()
    if not url or not token:
        raise Misconfigured(
            "GitLab is not set up: GITLAB_URL and GITLAB_TOKEN are needed.",
            service="gitlab",
        )
    return _keep(
        GitLabGateway,
        (url, token, ca_file, deadline),
        lambda: GitLabGateway(url, token, write_deadline=deadline, ca_file=ca_file),
    )


def salesforce() -> SalesforceGateway:
    domain, endpoint = settings.SALESFORCE_DOMAIN, settings.SALESFORCE_ENDPOINT or None
    credentials = _choose_credentials()
    fields = FieldNames(**settings.SALESFORCE_FIELDS)
    return _keep(
        SalesforceGateway,
        (domain, endpoint, credentials, fields),
        lambda: SalesforceGateway(
            domain, credentials=credentials, fields=fields, endpoint=endpoint
        ),
    )


def _choose_credentials() -> JwtBearer | ClientCredentials:
    """A private key goes before a secret."""
    consumer_key = settings.SALESFORCE_CONSUMER_KEY
    if consumer_key and settings.SALESFORCE_PRIVATE_KEY and settings.SALESFORCE_USERNAME:
        return JwtBearer(
            username=settings.SALESFORCE_USERNAME,
            consumer_key=consumer_key,
            private_key_pem=settings.SALESFORCE_PRIVATE_KEY,
        )
    if consumer_key and settings.SALESFORCE_CLIENT_SECRET:
        return ClientCredentials(
            consumer_key=consumer_key, secret=settings.SALESFORCE_CLIENT_SECRET
        )
    raise Misconfigured(
        "Salesforce is not set up: SALESFORCE_CONSUMER_KEY is needed, and either "
        "SALESFORCE_USERNAME with SALESFORCE_PRIVATE_KEY or SALESFORCE_CLIENT_SECRET.",
        service="salesforce",
    )


def _keep(kind: type[T], wanted: Hashable, make: Callable[[], T]) -> T:
    """Without a lock: two threads that both find nothing make two, and the later one stays."""
    made_for = (os.getpid(), wanted)
    known = _made.get(kind.__name__)
    if known is not None and known[0] == made_for and isinstance(known[1], kind):
        return known[1]
    gateway = make()
    _made[kind.__name__] = (made_for, gateway)
    return gateway
