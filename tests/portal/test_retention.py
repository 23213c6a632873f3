"""What is kept for a time only goes when the time is over, and not before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from portal.actions.audit import record_audit
from portal.models import Account, AuditEntry, Invitation, Job, Role, User
from portal.pipeline.retention import drop_sessions, drop_strangers
from portal.tasks import tidy_up
from tests.intake.pages import sign_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_the_audit_is_kept_as_long_as_the_settings_say(
    tam: User, now: datetime, settings: Settings
) -> None:
    settings.RETENTION_AUDIT = 500 * DAY
    record_audit("long ago", by=tam, now=now - 501 * DAY)
    record_audit("not so long ago", by=tam, now=now - 499 * DAY)
    logged = LogEntry.objects.log_actions(tam.pk, [tam, tam], 2)
    for entry, age in zip(logged, (501, 499), strict=True):
        LogEntry.objects.filter(pk=entry.pk).update(action_time=now - age * DAY)
    tidy_up()
    assert [entry.action for entry in AuditEntry.objects.all()] == ["not so long ago"]
    assert LogEntry.objects.count() == 1


def test_sessions_that_ran_out_go_and_open_ones_stay(maya: User, now: datetime) -> None:
    open_one, over = sign_in(maya).session, sign_in(maya).session
    Session.objects.filter(pk=over.session_key).update(expire_date=now - DAY)
    for session in (open_one, over):
        UserSession.objects.create(
            user=maya, ip="203.0.113.9", user_agent="Firefox", session_key=session.session_key
        )
    assert drop_sessions(now=now) == 1
    assert Session.objects.get().session_key == open_one.session_key
    assert UserSession.objects.get().session_key == open_one.session_key


def test_cached_values_that_ran_out_go(now: datetime) -> None:
    cache.set("short", 1, timeout=60)
    cache.set("long", 1, timeout=3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = %s WHERE cache_key LIKE %s",
            [connection.ops.adapt_datetimefield_value(now - DAY), "%short"],
        )
    tidy_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:long"]


@pytest.mark.parametrize("ended", ["accepted_at", "withdrawn_at", "expires_at"])
def test_invitations_go_a_while_after_they_ended(
    account: Account, now: datetime, ended: str
) -> None:
    for age in (89, 91):
        times = {"expires_at": now + DAY} | {ended: now - age * DAY}
        Invitation.objects.create(
            account=account, email=f"li{age}@x.example", created_at=now - 95 * DAY, **times
        )
    tidy_up()
    assert [row.email for row in Invitation.objects.all()] == ["li89@x.example"]


def test_an_address_that_was_typed_in_and_never_proven_is_forgotten(
    account: Account, maya: User, tam: User, now: datetime
) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    stranger, recent = (User.objects.create_user(f"{name}@x.example") for name in "ab")
    for person in (stranger, recent):
        EmailAddress.objects.create(user=person, email=person.email, primary=True)
    User.objects.exclude(pk=recent.pk).update(joined_at=old)
    entered = User.objects.create_user("entered@x.example")  # by an administrator, not at the door
    User.objects.filter(pk=entered.pk).update(joined_at=old)
    assert drop_strangers(before=now - 30 * DAY) == 1
    assert set(User.objects.all()) == {maya, tam, recent, entered}


def test_whoever_has_been_in_once_is_not_a_stranger(
    make_user: Callable[..., User], now: datetime
) -> None:
    came = make_user("came@x.example", last_login=now)
    EmailAddress.objects.update(verified=False)
    waiting = User.objects.create_user("new@larkfield.example", role=Role.TAM)
    EmailAddress.objects.create(user=waiting, email=waiting.email, primary=True)
    assert drop_strangers(before=now + DAY) == 0
    assert set(User.objects.all()) == {came, waiting}


def test_the_job_runs_once_an_hour_and_says_when(now: datetime) -> None:
    tidy_up()
    first = Job.objects.get(pk="tidy_up")
    tidy_up()
    assert first.finished_at is not None
    assert Job.objects.get(pk="tidy_up").finished_at == first.finished_at
