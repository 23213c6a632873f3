"""Counting attempts: who waits, for how long, and that nobody else does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from portal.actions.limit import OverLimit, count_attempt, record_refusal
from portal.domain.limits import CODE, HOUR, MINUTE, Limit
from portal.models import Attempt, AuditEntry, User
from portal.pipeline.attempts import forget_attempts
from portal.views.network import read_network
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

THREE = Limit("reply", "answers", HOUR, {"person": 3, "network": 5})


@pytest.fixture(autouse=True)
def the_real_limits(settings: Settings) -> None:
    settings.LIMIT_FACTOR = 1


def count(times: int, *, at: timedelta = timedelta(), **who: object) -> None:
    for _ in range(times):
        count_attempt(THREE, now=NOW + at, **who)


def test_whoever_has_had_enough_waits_until_the_oldest_is_over() -> None:
    count(1, person=1)
    count(2, at=timedelta(minutes=40), person=1)
    with pytest.raises(OverLimit, match=r"came from you .* in 10 minutes\."):
        count(1, at=timedelta(minutes=50), person=1)
    count(1, at=timedelta(minutes=60), person=1)
    with pytest.raises(OverLimit, match=r"in 40 minutes\."):
        count(1, at=timedelta(minutes=60), person=1)


def test_what_was_refused_does_not_count() -> None:
    count(3, person=1)
    for minute in range(60):
        with pytest.raises(OverLimit):
            count(1, at=timedelta(minutes=minute), person=1)
    count(3, at=timedelta(hours=1), person=1)
    assert Attempt.objects.count() == 6


def test_each_is_counted_alone_and_a_network_together() -> None:
    count(3, person=1, network="192.0.2.7")
    count(2, person=2, network="192.0.2.7")
    with pytest.raises(OverLimit, match="came from your network"):
        count(1, person=3, network="192.0.2.7")
    count(1, person=3, network="192.0.2.8")
    count(1, person=2)


def test_the_number_of_one_is_not_taken_for_that_of_another() -> None:
    count(3, person=1)
    count(3, network=1)
    count_attempt(Limit("other", "answers", HOUR, {"person": 1}), now=NOW, person=1)


def test_who_is_not_known_is_not_counted() -> None:
    count(9, person=None, network="")
    assert not Attempt.objects.exists()


def test_the_factor_widens_every_limit(settings: Settings) -> None:
    settings.LIMIT_FACTOR = 2
    count(6, person=1)
    with pytest.raises(OverLimit):
        count(1, person=1)


def test_rows_name_nobody() -> None:
    count_attempt(CODE, now=NOW, mailbox="maya@northwind-freight.example")
    count(1, person=1, network="192.0.2.7")
    for row in Attempt.objects.values_list("key", flat=True):
        assert len(row) == 64
        assert "maya" not in row


def test_attempts_are_forgotten_when_no_limit_looks_at_them() -> None:
    count(1, person=1)
    count_attempt(CODE, now=NOW, mailbox="maya@northwind-freight.example")
    assert forget_attempts(now=NOW + HOUR - MINUTE) == 0
    assert forget_attempts(now=NOW + HOUR) == 1
    assert Attempt.objects.get().kind == CODE.kind
    assert forget_attempts(now=NOW + timedelta(days=1)) == 1


def test_a_refusal_is_put_on_record_once_an_hour(make_user: Callable[..., User]) -> None:
    maya = make_user("maya@northwind-freight.example")
    over = OverLimit(THREE, "person", MINUTE)
    for minute in (0, 1, 59, 60):
        record_refusal(over, by=maya, now=NOW + minute * MINUTE)
    entries = AuditEntry.objects.filter(action="refused by a limit")
    assert [entry.details for entry in entries] == [{"kind": "reply"}] * 2
    assert {entry.actor_reference for entry in entries} == {maya.reference}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "told"),
    [
        (0, "", "192.0.2.7"),
        (0, "198.51.100.1", "192.0.2.7"),  # anybody can write this header
        (1, "203.0.113.5, 198.51.100.1", "198.51.100.1"),
        (1, "", "192.0.2.7"),
        (2, "203.0.113.5, 198.51.100.1", "203.0.113.5"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),  # one line has a whole /64
    ],
)
def test_a_network_is_told_past_the_proxies_we_trust(
    settings: Settings, proxies: int, forwarded: str, told: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers=headers)
    assert read_network(request) == told
