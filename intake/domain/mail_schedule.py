"""When a follower hears of a change: the first at once, later ones of the same day together."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from intake.domain.vocabulary import MailLevel, PublicState

QUIET_DAY = timedelta(hours=24)
WEEKLY_HOUR = 9  # Mondays, local time


def schedule_change(
    *, level: str, state: str, changes_mailed_at: datetime | None, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """The moment a change is mailed to a follower of this level; None when they do not want it."""
    if level == MailLevel.NEVER:
        return None
    if level == MailLevel.ONLY_SHIPPED:
        return now if state == PublicState.SHIPPED else None
    if level == MailLevel.WEEKLY:
        return next_monday(now, zone)
    if changes_mailed_at is not None and now - changes_mailed_at < QUIET_DAY:
        return changes_mailed_at + QUIET_DAY
    return now


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    monday = (local + timedelta(days=(7 - local.weekday()) % 7)).replace(
        hour=WEEKLY_HOUR, minute=0, second=0, microsecond=0
    )
    return monday if monday > local else monday + timedelta(days=7)
