"""The real client libraries, pointed at the sandbox as the portal points them."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import gitlab
import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from portal.sandbox.client import Sandbox

Connect = Callable[[str], gitlab.Gitlab]


def connect_gitlab(url: str, token: str, timeout: float = 10) -> gitlab.Gitlab:
    session = requests.Session()
    session.trust_env = False
    return gitlab.Gitlab(
        url,
        private_token=token,
        timeout=timeout,
        keep_base_url=True,
        retry_transient_errors=False,
        per_page=100,
        session=session,
    )


class ToSandbox(HTTPAdapter):
    """Sends what is meant for Salesforce to the sandbox."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = urlsplit(endpoint)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(request.url or "")
        request.headers["Host"] = parts.netloc
        here = parts._replace(scheme=self.endpoint.scheme, netloc=self.endpoint.netloc)
        request.url = urlunsplit(here)
        kwargs["timeout"] = kwargs.get("timeout") or 10
        return super().send(request, *args, **kwargs)


def make_salesforce_session(endpoint: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", ToSandbox(endpoint))
    return session


@pytest.fixture
def connect(sandbox: Sandbox) -> Connect:
    return lambda token: connect_gitlab(sandbox.gitlab_url, token)


@pytest.fixture
def project(connect: Connect) -> Any:
    """The public project, by the service account."""
    return connect("sandbox-token").projects.get(101)


@pytest.fixture
def sf(sandbox: Sandbox) -> Iterator[Salesforce]:
    session = make_salesforce_session(sandbox.salesforce_url)
    with session:
        yield Salesforce(
            consumer_key="sandbox-consumer",
            consumer_secret="sandbox-secret",
            domain="larkfield.my",
            session=session,
            version="61.0",
        )


@pytest.fixture
def accounts(sandbox: Sandbox) -> list[str]:
    """Three accounts with awkward names; returns their ids in the order of the list."""
    made: list[str] = sandbox.seed(
        {
            "accounts": [
                {
                    "id18": "001Sb00000AbcDEIAZ",
                    "name": "O'Brien & Söhne",
                    "arr": 120000.5,
                    "seats": 40,
                    "renewal_on": "2027-03-31",
                    "health": "red",
                    "is_strategic": True,
                    "tam_email": "tess@larkfield.example",
                    "tam_name": "Tess Arden",
                    "segment": "Enterprise",
                    "domain": "obrien.example",
                    "contacts": [{"name": "Ann Lee", "email": "Ann@obrien.example"}],
                    "opportunities": [
                        {"name": "Expansion", "net_arr": 5000, "probability": 60}
                        | {"closes_on": "2027-01-15", "is_closed": False, "is_won": False},
                        {"name": "First", "net_arr": 9000, "probability": 100}
                        | {"closes_on": "2025-01-15", "is_closed": True, "is_won": True},
                    ],
                },
                {"name": "Northwind 100%", "arr": 40000, "seats": 900, "segment": "Mid-Market"},
                {"name": "Zero_Base", "arr": None, "renewal_on": "2026-12-24"},
            ]
        }
    )["accounts"]
    return made
