"""Tell the operators, once, that a service refuses us as a whole."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail

from portal.gateways.errors import GatewayError
from portal.pipeline.doors import shut_door

logger = logging.getLogger(__name__)


def raise_alert(error: GatewayError, *, now: datetime) -> None:
    """Shut the door; whoever shut it, and nobody after, sends the alert."""
    if not shut_door(error.service, str(error), now=now):
        return
    logger.error("%s does not let us in: %s", error.service, error)
    if settings.OPERATOR_EMAILS:
        send_mail(
            f"The intake portal cannot use {error.service}",
            f"{error}\n\nNothing is lost: requests wait, and go on by themselves once this is "
            "mended. It is tried every minute.",
            None,
            settings.OPERATOR_EMAILS,
            fail_silently=True,
        )
