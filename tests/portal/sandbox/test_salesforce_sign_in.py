"""Signing in to Salesforce: client credentials and JWT bearer."""

import time
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from portal.sandbox.client import Sandbox
from tests.portal.sandbox.conftest import make_salesforce_session

LOGIN = "portal@larkfield.example"
AUDIENCE = "https://login.salesforce.com"


def test_client_credentials(sf: Salesforce) -> None:
    assert sf.sf_instance == "larkfield.my.salesforce.com"
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_wrong_secret(sandbox: Sandbox) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        Salesforce(
            consumer_key="sandbox-consumer",
            consumer_secret="wrong",
            domain="larkfield.my",
            session=make_salesforce_session(sandbox.salesforce_url),
        )
    assert refused.value.code == "invalid_client"


@pytest.mark.parametrize("domain", ["login", "test", "larkfield.my"])
def test_jwt_bearer(sandbox: Sandbox, salesforce_key_pem: str, domain: str) -> None:
    client = Salesforce(
        username=LOGIN,
        consumer_key="sandbox-consumer",
        privatekey=salesforce_key_pem,
        domain=domain,
        session=make_salesforce_session(sandbox.salesforce_url),
        version="61.0",
    )
    assert client.query("SELECT Id FROM User WHERE Username = 'x'")["done"] is True


def sign_in(sandbox: Sandbox, key: str, **changes: Any) -> requests.Response:
    claims = {"iss": "sandbox-consumer", "sub": LOGIN, "aud": AUDIENCE, "exp": time.time() + 120}
    assertion = jwt.encode(claims | changes, key, algorithm="RS256")
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return requests.post(f"{sandbox.salesforce_url}/services/oauth2/token", form, timeout=10)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"iss": "stranger"}, "invalid_client_id", "client identifier invalid"),
        ({"aud": "https://evil.example"}, "invalid_grant", "audience is invalid"),
        ({"exp": 1}, "invalid_grant", "expired"),
        ({"exp": time.time() + 86_400}, "invalid_grant", "too long"),
        ({"sub": "nobody@larkfield.example"}, "invalid_grant", "hasn't approved"),
    ],
)
def test_assertions_that_are_refused(
    sandbox: Sandbox, salesforce_key_pem: str, changes: dict[str, Any], error: str, words: str
) -> None:
    assert sign_in(sandbox, salesforce_key_pem).status_code == 200
    answer = sign_in(sandbox, salesforce_key_pem, **changes)
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert words in answer.json()["error_description"]


def test_another_key_or_algorithm_is_refused(sandbox: Sandbox) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": "sandbox-consumer", "sub": LOGIN, "aud": AUDIENCE, "exp": time.time() + 120}
    url = f"{sandbox.salesforce_url}/services/oauth2/token"
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    for assertion in (
        jwt.encode(claims, stranger, algorithm="RS256"),
        jwt.encode(claims, "x" * 32, algorithm="HS256"),
        "nonsense",
    ):
        answer = requests.post(url, {"grant_type": grant, "assertion": assertion}, timeout=10)
        assert answer.json()["error"] == "invalid_grant"


def test_secrets_do_not_reach_the_event_log(
    sandbox: Sandbox, sf: Salesforce, salesforce_key_pem: str
) -> None:
    sign_in(sandbox, salesforce_key_pem)
    log = str(sandbox.events())
    assert sf.session_id not in log
    assert "sandbox-secret" not in log
    assert "eyJ" not in log
