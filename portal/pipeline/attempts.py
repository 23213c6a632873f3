"""Counted attempts are forgotten as soon as no limit looks at them."""

from datetime import datetime

from portal.domain.limits import LIMITS
from portal.models import Attempt


def forget_attempts(*, now: datetime) -> int:
    """How many rows went."""
    gone = 0
    for limit in LIMITS:
        gone += Attempt.objects.filter(kind=limit.kind, at__lte=now - limit.within).delete()[0]
    return gone
