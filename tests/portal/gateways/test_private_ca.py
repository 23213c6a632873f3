"""A self-managed GitLab behind a private certificate authority."""

from pathlib import Path
from typing import Any

import certifi
import pytest

from portal.gateways import connect
from portal.gateways.errors import Misconfigured, Unavailable
from tests.portal.gateways.test_tls import certificate, url

__all__ = ["certificate", "url"]


@pytest.fixture
def configured(settings: Any, url: str) -> Any:
    settings.GITLAB_URL, settings.GITLAB_TOKEN = url, "token"
    return settings


def test_its_certificate_is_trusted_when_the_authority_is_named(
    configured: Any,
    certificate: Path,
) -> None:
    with pytest.raises(Misconfigured, match="certificate"):
        connect.gitlab().version()
    configured.GITLAB_CA_FILE = str(certificate)
    with pytest.raises(Unavailable, match="cannot be read"):  # it answers, with no JSON
        connect.gitlab().version()


def test_naming_one_authority_trusts_no_other(configured: Any) -> None:
    configured.GITLAB_CA_FILE = certifi.where()
    with pytest.raises(Misconfigured, match="certificate"):
        connect.gitlab().version()
