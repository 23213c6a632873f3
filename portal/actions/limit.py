"""Counting what people do, so that nobody can do it without end."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.crypto import salted_hmac

from portal.actions.audit import record_audit
from portal.domain.limits import REFUSED, Limit
from portal.models import Attempt, User

logger = logging.getLogger(__name__)


class OverLimit(Exception):
    """Nothing was counted or done. The message says why and for how long to wait."""

    def __init__(self, limit: Limit, counted_for: str, wait: timedelta) -> None:
        super().__init__(limit.say(counted_for, wait))
        self.limit = limit


def count_attempt(limit: Limit, *, now: datetime, **who: object) -> None:
    """One more act of this kind by whoever is named (`person=`, `network=` …; None or empty: not
    known, not counted). Raises OverLimit; what was refused does not count, so waiting helps.

    Inside the act's own transaction an act that is refused for another reason counts for nothing.
    Several at the very same moment may all be the last one: it is a limit on floods, not a quota.
    """
    keys = {make_key(limit, name, who[name]): name for name in limit.most if who.get(name)}
    recent = Attempt.objects.filter(kind=limit.kind, at__gt=now - limit.within)
    with transaction.atomic():
        counted = recent.filter(key__in=keys).values("key").annotate(times=Count("pk"))
        for row in counted.order_by():
            most = limit.most[keys[row["key"]]] * settings.LIMIT_FACTOR
            if row["times"] >= most:
                frees = recent.filter(key=row["key"]).order_by("-at")[most - 1].at + limit.within
                logger.info("Over the limit of %s: %s.", limit.kind, keys[row["key"]])
                raise OverLimit(limit, keys[row["key"]], frees - now)
        Attempt.objects.bulk_create(Attempt(kind=limit.kind, key=key, at=now) for key in keys)


def record_refusal(over: OverLimit, *, by: User, now: datetime) -> None:
    """For whoever looks after the site; once an hour a person, so that it cannot be flooded."""
    try:
        count_attempt(REFUSED, now=now, person=by.pk)
    except OverLimit:
        return
    record_audit("refused by a limit", by=by, now=now, kind=over.limit.kind)


def make_key(limit: Limit, counted_for: str, who: object) -> str:
    """Tells two apart without saying who they are: of no use without the site's secret key."""
    return salted_hmac(
        f"portal.limit.{limit.kind}.{counted_for}", str(who), algorithm="sha256"
    ).hexdigest()
