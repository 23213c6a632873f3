"""Doors to the outside: shut when our token is refused as a whole, opened when it works again."""

from datetime import datetime, timedelta

from portal.gateways.errors import Misconfigured
from portal.models import Door

QUIET = timedelta(hours=1)


class DoorShut(Misconfigured):
    """Not asked at all: the door is known to be shut, and the operators know it too."""


def is_shut(service: str) -> bool:
    return Door.objects.filter(service=service, is_shut=True).exists()


def shut_door(service: str, reason: str, *, now: datetime) -> bool:
    """True for the one caller who shut it: that one raises the alert.

    Not when it was shut for the same reason within the hour: a token that may knock but may not
    write lets the door open again and again.
    """
    door, _ = Door.objects.get_or_create(service=service, defaults={"changed_at": now})
    reason = reason[:300]
    is_news = door.reason != reason or door.changed_at <= now - QUIET
    shut = Door.objects.filter(service=service, is_shut=False).update(
        is_shut=True, reason=reason, changed_at=now
    )
    return shut == 1 and is_news


def open_door(service: str, *, now: datetime) -> bool:
    """True for the one caller who opened it. The reason stays, to tell the same trouble again."""
    return (
        Door.objects.filter(service=service, is_shut=True).update(is_shut=False, changed_at=now)
        == 1
    )
