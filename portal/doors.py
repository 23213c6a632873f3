"""The gateways as tasks use them: a shut door is not knocked at, except by the probe."""

from portal.gateways import connect
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import SalesforceGateway
from portal.pipeline.doors import DoorShut, is_shut


def open_gitlab() -> GitLabGateway:
    """Raises DoorShut while GitLab refuses our token, without asking it."""
    _refuse_if_shut("gitlab")
    return connect.gitlab()


def open_salesforce() -> SalesforceGateway:
    """Raises DoorShut while Salesforce refuses our credentials, without asking it."""
    _refuse_if_shut("salesforce")
    return connect.salesforce()


def _refuse_if_shut(service: str) -> None:
    if is_shut(service):
        raise DoorShut(f"{service} does not let us in at present.", service=service)
