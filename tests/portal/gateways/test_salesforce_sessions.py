"""Signing in to the sandbox, and trouble that comes and goes."""

from typing import Any

import pytest

from portal.gateways.errors import Misconfigured, Unavailable
from portal.gateways.salesforce import (
    ClientCredentials,
    JwtBearer,
    SalesforceGateway,
)
from portal.sandbox.client import Fault, Sandbox
from tests.portal.gateways.salesforce_planting import open_gateway


class TestSignIn:
    @pytest.mark.parametrize(
        "domain", ["login", "test", "larkfield.my", "larkfield--uat.sandbox.my"]
    )
    def test_with_a_key(self, sandbox: Sandbox, salesforce_key_pem: str, domain: str) -> None:
        credentials = JwtBearer("portal@larkfield.example", "sandbox-consumer", salesforce_key_pem)
        open_gateway(sandbox, domain, credentials=credentials).check()

    def test_with_a_secret(self, gateway: SalesforceGateway) -> None:
        gateway.check()

    @pytest.mark.parametrize(
        "credentials",
        [
            ClientCredentials(consumer_key="sandbox-consumer", secret="wrong"),
            ClientCredentials(consumer_key="wrong", secret="sandbox-secret"),
        ],
    )
    def test_with_a_wrong_secret(self, sandbox: Sandbox, credentials: ClientCredentials) -> None:
        with pytest.raises(Misconfigured):
            open_gateway(sandbox, credentials=credentials).check()

    def test_for_a_wrong_user(self, sandbox: Sandbox, salesforce_key_pem: str) -> None:
        credentials = JwtBearer("nobody@x.example", "sandbox-consumer", salesforce_key_pem)
        with pytest.raises(Misconfigured):
            open_gateway(sandbox, "login", credentials=credentials).check()

    def test_an_expired_session_is_renewed(
        self, sandbox: Sandbox, gateway: SalesforceGateway
    ) -> None:
        gateway.check()
        sandbox.add_faults(on_query("expired_session", first=1))
        gateway.check()

    def test_a_session_that_never_lasts(self, sandbox: Sandbox, gateway: SalesforceGateway) -> None:
        sandbox.add_faults(on_query("expired_session"))
        with pytest.raises(Misconfigured):
            gateway.check()


def on_query(fault: str, **how: Any) -> Fault:
    return Fault(service="salesforce", method="GET", path=r"/query", fault=fault, **how)


class TestTrouble:
    @pytest.mark.parametrize(
        "fault",
        [
            "request_limit",
            "server_unavailable",
            "lock_row",
            "500",
            "502_html",
            "503",
            "429_text",
            "reset_before",
            "truncate_after_commit",
            "bad_json_after_commit",
        ],
    )
    def test_comes_and_goes(self, sandbox: Sandbox, gateway: SalesforceGateway, fault: str) -> None:
        gateway.check()
        sandbox.add_faults(on_query(fault, first=1))
        with pytest.raises(Unavailable):
            gateway.check()
        gateway.check()


@pytest.fixture
def gateway(sandbox: Sandbox) -> SalesforceGateway:
    return open_gateway(sandbox)
