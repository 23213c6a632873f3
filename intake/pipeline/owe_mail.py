"""Which mail is owed to whom, and when: rows that `notify` sends."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from intake.domain.mail_schedule import schedule_change
from intake.domain.vocabulary import MailLevel
from intake.models import Delivery, Event, EventKind, Follower

# The events that tell of a decision and of what followed from it.
_OF_A_DECISION = (
    EventKind.JOINED,
    EventKind.ISSUE_WANTED,
    EventKind.NOT_PLANNED,
    EventKind.ALREADY_POSSIBLE,
    EventKind.PROGRESSED,
    EventKind.CONFIRMED,
)


def owe_mail(event: Event, *, now: datetime) -> None:
    """One delivery for each follower who wants to hear of this change and did not make it."""
    followers = Follower.objects.filter(submission=event.submission)
    if event.actor is not None:
        followers = followers.exclude(user=event.actor)
    due = (
        (follower, _schedule(follower, event.submission.public_state, now=now))
        for follower in followers
    )
    Delivery.objects.bulk_create(
        [
            Delivery(event=event, follower=follower, due_at=due_at)
            for follower, due_at in due
            if due_at
        ],
        ignore_conflicts=True,
    )


def correct_mail(correction: Event, *, since: datetime, now: datetime) -> None:
    """A decision was taken back: mail about it that nobody got is not sent, and whoever got one
    hears of the correction, whatever their level."""
    told = Delivery.objects.filter(
        event__submission=correction.submission,
        event__at__gte=since,
        event__kind__in=_OF_A_DECISION,
    )
    told.filter(sent_at=None, message_id="").update(due_at=None)
    heard = Follower.objects.filter(deliveries__in=told.exclude(message_id="")).distinct()
    Delivery.objects.bulk_create(
        [
            Delivery(
                event=correction,
                follower=follower,
                due_at=_schedule(follower, correction.submission.public_state, now=now) or now,
            )
            for follower in heard.exclude(level=MailLevel.NEVER).exclude(user=correction.actor)
        ],
        ignore_conflicts=True,
    )


def reschedule_mail(follower: Follower, *, now: datetime) -> None:
    """What is owed and not tried yet moves to when the follower's level wants it, or is dropped.

    The confirmation that a request arrived waits for nothing.
    """
    waiting = Delivery.objects.filter(
        follower=follower, sent_at=None, due_at__isnull=False, message_id=""
    )
    if follower.level == MailLevel.NEVER:
        waiting.update(due_at=None)
        return
    for delivery in waiting.exclude(event__kind=EventKind.RECEIVED).select_related("event"):
        state = str(delivery.event.facts.get("state", ""))
        delivery.due_at = _schedule(follower, state, now=now)
        delivery.save(update_fields=["due_at"])


def _schedule(follower: Follower, state: str, *, now: datetime) -> datetime | None:
    return schedule_change(
        level=follower.level,
        state=state,
        changes_mailed_at=follower.changes_mailed_at,
        now=now,
        zone=ZoneInfo(settings.TIME_ZONE),
    )
