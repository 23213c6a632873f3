"""The world, with keys to other systems that nobody may ever read."""

import pytest
from pytest_django.fixtures import Settings

from tests.access.world import World, build_world
from tests.intake.conftest import inline, traveller

__all__ = ["inline", "traveller"]


@pytest.fixture
def world(db: None, settings: Settings) -> World:
    settings.STAFF_SIGN_IN = "strong"
    settings.GITLAB_TOKEN = "glpat-never-shown-anywhere"
    settings.GITLAB_WEBHOOK_SECRET = "hook-secret-never-shown"
    settings.SALESFORCE_CLIENT_SECRET = "salesforce-secret-never-shown"
    return build_world()
