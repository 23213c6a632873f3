"""Send the mail that deliveries owe: one mail a follower, however many changes it carries.

A row is leased before sending and marked after it. Once a mail was offered to the mail server,
every further attempt carries the same changes and the same Message-ID, so that a server that has
it already drops the second copy. Nothing is given up but what an address refuses for good.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from intake.domain.retry import wait_before_retry
from intake.domain.vocabulary import MailLevel
from intake.models import Delivery, EventKind, Follower
from intake.pipeline.mail_text import write_mail
from intake.pipeline.owe_mail import reschedule_mail
from intake.selectors.visibility import has_proven_address, visible_submissions

logger = logging.getLogger(__name__)

SENDING = timedelta(minutes=2)  # how long one mail may take before another worker tries
SHORTEST_WAIT = timedelta(minutes=1)


def find_due_followers(*, now: datetime) -> list[int]:
    due = Delivery.objects.due(now).order_by("due_at").values_list("follower_id", flat=True)
    return list(dict.fromkeys(due))


def notify(follower: Follower, *, mail: BaseEmailBackend, now: datetime) -> int:
    """Send one follower what is owed; returns the number of changes it carried."""
    deliveries = _claim(follower, now=now)
    if not deliveries:
        return 0
    message = _compose(follower, deliveries, now=now)
    try:
        mail.open()
    except (OSError, SMTPException) as error:
        _put_back(deliveries, error, now=now, was_offered=False)
        return 0
    try:
        mail.send_messages([message])
    except SMTPRecipientsRefused as error:
        _settle_refusal(deliveries, error, now=now)
        return 0
    except (OSError, SMTPException) as error:
        _put_back(deliveries, error, now=now, was_offered=True)
        return 0
    finally:
        with suppress(OSError, SMTPException):
            mail.close()
    _mark_sent(follower, deliveries, now=now)
    return len(deliveries)


def _claim(follower: Follower, *, now: datetime) -> list[Delivery]:
    """The next mail's changes, if it is due and nobody else is sending to this follower."""
    with transaction.atomic():
        if not Follower.objects.select_for_update().filter(pk=follower.pk).exists():
            return []
        follower.refresh_from_db()
        mine = Delivery.objects.filter(follower=follower, sent_at=None, due_at__isnull=False)
        if not _may_hear(follower):
            mine.update(due_at=None)
            return []
        if mine.filter(leased_until__gt=now).exists():
            return []
        deliveries = _gather(list(mine.select_related("event__submission").order_by("event__at")))
        if not any(delivery.due_at and delivery.due_at <= now for delivery in deliveries):
            return []
        _lease(deliveries, until=now + SENDING)
    return deliveries


def _may_hear(follower: Follower) -> bool:
    """Who left the account, never proved the address or wants no mail hears nothing more."""
    return (
        follower.level != MailLevel.NEVER
        and has_proven_address(follower.user)
        and visible_submissions(follower.user).filter(pk=follower.submission_id).exists()
    )


def _gather(waiting: list[Delivery]) -> list[Delivery]:
    """A mail that was offered before goes again as it was; otherwise everything that waits."""
    offered = next((delivery.message_id for delivery in waiting if delivery.message_id), "")
    return [delivery for delivery in waiting if delivery.message_id == offered]


def _lease(deliveries: list[Delivery], *, until: datetime) -> None:
    first = deliveries[0]
    host = urlsplit(settings.SITE_URL).hostname
    name = first.message_id or f"<delivery-{first.pk}.{first.event.submission.reference}@{host}>"
    for delivery in deliveries:
        delivery.leased_until, delivery.message_id = until, name
    Delivery.objects.bulk_update(deliveries, ["leased_until", "message_id"])


def _compose(follower: Follower, deliveries: list[Delivery], *, now: datetime) -> EmailMessage:
    text = write_mail(follower, [delivery.event for delivery in deliveries], now=now)
    return EmailMessage(
        subject=text.subject,
        body=text.body,
        to=[follower.user.email],
        headers={
            "Message-ID": deliveries[0].message_id,
            "List-Unsubscribe": f"<{text.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _mark_sent(follower: Follower, deliveries: list[Delivery], *, now: datetime) -> None:
    """A mail with news begins a quiet day: what came up meanwhile waits for its end."""
    with transaction.atomic():
        Delivery.objects.filter(pk__in=[row.pk for row in deliveries]).update(
            sent_at=now, leased_until=None
        )
        if any(row.event.kind != EventKind.RECEIVED for row in deliveries):
            follower.changes_mailed_at = now
            follower.save(update_fields=["changes_mailed_at"])
            reschedule_mail(follower, now=now)


def _settle_refusal(
    deliveries: list[Delivery], error: SMTPRecipientsRefused, *, now: datetime
) -> None:
    """A mailbox that is full or busy (4xx) may take it later; one that is not there never will."""
    if any(code < 500 for code, _ in error.recipients.values()):
        _put_back(deliveries, error, now=now, was_offered=True)
        return
    logger.warning("A follower's address refuses mail; not tried again.")
    Delivery.objects.filter(pk__in=[row.pk for row in deliveries]).update(
        due_at=None, leased_until=None
    )


def _put_back(
    deliveries: list[Delivery], error: Exception, *, now: datetime, was_offered: bool
) -> None:
    logger.warning("Mail is away (%s); tried again by itself.", type(error).__name__)
    failures = max(delivery.failures for delivery in deliveries) + 1
    for delivery in deliveries:
        delivery.failures, delivery.leased_until = failures, None
        delivery.due_at = now + max(wait_before_retry(failures), SHORTEST_WAIT)
        if not was_offered:  # surely nowhere: the next mail may carry more
            delivery.message_id = ""
    Delivery.objects.bulk_update(deliveries, ["failures", "leased_until", "due_at", "message_id"])
