"""One gateway per process and per settings."""

import os
from typing import Any

import pytest

from portal.gateways.connect import gitlab, salesforce
from portal.gateways.errors import Misconfigured


@pytest.fixture
def configured(settings: Any) -> Any:
    settings.GITLAB_URL = "https://git.example"
    settings.GITLAB_TOKEN = "token"
    settings.SALESFORCE_DOMAIN = "acme.my"
    settings.SALESFORCE_USERNAME = ""
    settings.SALESFORCE_CONSUMER_KEY = "the-app"
    settings.SALESFORCE_PRIVATE_KEY = ""
    settings.SALESFORCE_CLIENT_SECRET = "secret"
    settings.SALESFORCE_ENDPOINT = ""
    settings.SALESFORCE_FIELDS = {"arr": "ARR__c"}
    return settings


def test_the_same_one_again(configured: Any) -> None:
    assert gitlab() is gitlab()
    assert salesforce() is salesforce()


def test_another_one_for_other_settings(configured: Any) -> None:
    before = gitlab(), salesforce()
    configured.GITLAB_TOKEN = "another"
    configured.SALESFORCE_ENDPOINT = "http://127.0.0.1:9"
    assert gitlab() is not before[0]
    assert salesforce() is not before[1]


def test_another_one_after_a_fork(configured: Any) -> None:
    parents = gitlab()
    child = os.fork()
    if child == 0:
        os._exit(0 if gitlab() is not parents and gitlab() is gitlab() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert gitlab() is parents


@pytest.mark.parametrize("name", ["GITLAB_URL", "GITLAB_TOKEN"])
def test_gitlab_that_is_not_set_up(configured: Any, name: str) -> None:
    setattr(configured, name, "")
    with pytest.raises(Misconfigured, match=name):
        gitlab()


@pytest.mark.parametrize("name", ["SALESFORCE_CONSUMER_KEY", "SALESFORCE_CLIENT_SECRET"])
def test_salesforce_that_is_not_set_up(configured: Any, name: str) -> None:
    setattr(configured, name, "")
    with pytest.raises(Misconfigured, match=name):
        salesforce()
