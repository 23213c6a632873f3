"""The first change at once, later ones of the same day together; other levels as they say."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.mail_schedule import QUIET_DAY, schedule_change
from intake.domain.vocabulary import MailLevel, PublicState

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def schedule(level: str, state: str = "scheduled", mailed: datetime | None = None) -> object:
    return schedule_change(level=level, state=state, changes_mailed_at=mailed, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("hours_ago", "hours_from_now"), [(None, 0), (25, 0), (24, 0), (23, 1), (1, 23), (0, 24)]
)
def test_every_change(hours_ago: int | None, hours_from_now: int) -> None:
    mailed = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    assert schedule(MailLevel.EVERY_CHANGE, mailed=mailed) == NOW + timedelta(hours=hours_from_now)


@pytest.mark.parametrize("state", list(PublicState))
def test_only_shipped_and_never(state: str) -> None:
    wanted = NOW if state == PublicState.SHIPPED else None
    assert schedule(MailLevel.ONLY_SHIPPED, state) == wanted
    assert schedule(MailLevel.NEVER, state) is None


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]).map(ZoneInfo),
)
def test_once_a_week_is_the_next_monday_morning(now: datetime, zone: ZoneInfo) -> None:
    moment = now.replace(tzinfo=UTC)
    due = schedule_change(
        level=MailLevel.WEEKLY, state="", changes_mailed_at=None, now=moment, zone=zone
    )
    assert due is not None
    local = due.astimezone(zone)
    assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)
    assert timedelta(0) < due - moment <= timedelta(days=7, hours=1)


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), min_size=1, max_size=20))
def test_no_two_mails_within_a_day(gaps: list[timedelta]) -> None:
    """However changes come: each is mailed within a day, and mails lie a day apart."""
    now, mailed, pending, sent = NOW, None, None, []
    for gap in gaps:
        now += gap
        if pending is not None and pending <= now:
            mailed = pending
            sent.append(mailed)
            pending = None
        due = schedule_change(
            level=MailLevel.EVERY_CHANGE, state="", changes_mailed_at=mailed, now=now, zone=BERLIN
        )
        assert due is not None
        assert timedelta(0) <= due - now <= QUIET_DAY
        if due == now and pending is None:
            mailed = now
            sent.append(now)
        else:
            pending = min(pending or due, due)
    assert all(later - earlier >= QUIET_DAY for earlier, later in itertools.pairwise(sent))
