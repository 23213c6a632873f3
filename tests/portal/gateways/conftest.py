"""A gateway into the empty sandbox."""

import pytest

from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Sandbox
from tests.portal.gateways.gitlab_planting import open_gateway


@pytest.fixture
def gateway(sandbox: Sandbox) -> GitLabGateway:
    return open_gateway(sandbox)
