"""The promise is one working day, whatever the day, the hour, the zone and the clock change."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.business_calendar import (
    CLOSING_TIME,
    is_working_day,
    promise_answer,
    read_holidays,
)

BERLIN = ZoneInfo("Europe/Berlin")
CHRISTMAS = frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)})


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        ("2026-11-23 10:00", "2026-11-24 10:00"),  # Monday → Tuesday, same hour
        ("2026-11-23 16:59", "2026-11-24 16:59"),
        ("2026-11-23 20:00", "2026-11-24 17:00"),  # never after closing time
        ("2026-11-23 00:00", "2026-11-24 00:00"),
        ("2026-11-27 10:00", "2026-11-30 10:00"),  # Friday → Monday
        ("2026-11-28 10:00", "2026-11-30 17:00"),  # Saturday
        ("2026-11-29 23:59", "2026-11-30 17:00"),  # Sunday
        ("2026-12-23 09:30", "2026-12-29 09:30"),  # holidays and a weekend between
        ("2026-12-24 09:30", "2026-12-29 17:00"),  # a holiday
        ("2027-03-26 02:30", "2027-03-29 02:30"),  # clocks go forward in between
        ("2026-10-23 02:30", "2026-10-26 02:30"),  # clocks go back in between
        ("2026-12-31 12:00", "2027-01-01 12:00"),
    ],
)
def test_promised_times(received: str, promised: str) -> None:
    due = promise_answer(
        datetime.fromisoformat(received).replace(tzinfo=BERLIN), zone=BERLIN, holidays=CHRISTMAS
    )
    assert due == datetime.fromisoformat(promised).replace(tzinfo=BERLIN)


def test_the_day_is_that_of_the_site_not_of_the_clock() -> None:
    """Sunday evening in UTC is Monday morning in Tokyo."""
    received = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)
    due = promise_answer(received, zone=ZoneInfo("Asia/Tokyo"), holidays=())
    assert due == datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Asia/Jerusalem"]
).map(ZoneInfo)


@given(
    received=st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001
    zone=ZONES,
    holidays=st.frozensets(st.dates(date(2024, 1, 1), date(2032, 1, 1)), max_size=20),
)
def test_a_promise_is_kept_on_the_next_working_day_by_closing_time(
    received: datetime, zone: ZoneInfo, holidays: frozenset[date]
) -> None:
    moment = received.replace(tzinfo=UTC)
    due = promise_answer(moment, zone=zone, holidays=holidays)
    assert due > moment
    assert is_working_day(due.date(), holidays)
    assert due.timetz().replace(tzinfo=None) <= CLOSING_TIME
    day = moment.astimezone(zone).date() + timedelta(days=1)
    between = [
        day + timedelta(days=number)
        for number in range((due.date() - day).days)
        if is_working_day(day + timedelta(days=number), holidays)
    ]
    assert between == []


def test_holidays_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "days.txt"
    path.write_text("# fixed\n2026-12-25  # Christmas\n\n2027-01-01\n")
    assert read_holidays(str(path)) == {date(2026, 12, 25), date(2027, 1, 1)}
    assert read_holidays("") == frozenset()


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("2026-12-25\n25.12.2026\n")
    with pytest.raises(ValueError, match=r"line 2: '25\.12\.2026'"):
        read_holidays(str(path))
