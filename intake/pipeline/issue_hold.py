"""Our hold on the issue that belongs to one request: while it runs nobody else opens or closes it.

The row keeps the hold's end, which is also its token: only whoever still holds it can move it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from intake.models import Submission
from intake.pipeline.lease import LeaseBusy
from portal.gateways.errors import GatewayError, Unavailable

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Hold:
    submission_id: int
    until: datetime
    clock: Clock

    def renew(self, **still: object) -> None:
        """Right before a write, if the row is `still` like this. Raises LeaseBusy when it is not,
        or when the hold ran out."""
        now = self.clock()
        until = now + settings.NOTE_LEASE
        mine = Submission.objects.filter(
            pk=self.submission_id, issue_lease_until=self.until, issue_lease_until__gt=now, **still
        )
        if not mine.update(issue_lease_until=until):
            self.release()
            raise LeaseBusy(now)
        self.until = until

    def release(self) -> None:
        Submission.objects.filter(pk=self.submission_id, issue_lease_until=self.until).update(
            issue_lease_until=None
        )


@contextmanager
def hold_issue(submission: Submission, clock: Clock) -> Iterator[Hold]:
    """Raises LeaseBusy when somebody else holds it, and instead of an answer that never came:
    then the hold is kept, and the next attempt looks first."""
    hold = _take(submission, clock)
    try:
        yield hold
    except Unavailable as error:
        if error.may_have_written:
            raise LeaseBusy(hold.until) from error
        hold.release()
        raise
    except GatewayError:
        hold.release()
        raise
    hold.release()


def _take(submission: Submission, clock: Clock) -> Hold:
    now = clock()
    until = now + settings.NOTE_LEASE
    rows = Submission.objects.filter(pk=submission.pk)
    free = Q(issue_lease_until=None) | Q(issue_lease_until__lte=now)
    if not rows.filter(free).update(issue_lease_until=until):
        raise LeaseBusy(rows.get().issue_lease_until or now)
    return Hold(submission.pk, until, clock)
