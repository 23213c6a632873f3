"""Our hold on one customer link, kept in its row and committed before anything is asked of GitLab.

While it runs nobody else lists or writes, so a write that arrives late is found, not repeated.
`due_at` doubles as a doorbell: it stands at the lease's end, and whoever moves it meanwhile wants
another turn.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Case, F, When

from intake.models import CustomerLink


class LeaseBusy(Exception):
    """Another worker holds it, or a write may still be on its way: come back at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"GitLab is being written to until {until:%H:%M:%S}.")
        self.until = until


@dataclass(slots=True)
class Lease:
    """`until` moves when it is renewed."""

    link_id: int
    token: UUID
    until: datetime

    @classmethod
    def take(cls, link_id: int, *, now: datetime, length: timedelta) -> "Lease":
        """Raises LeaseBusy, having rung for another turn after the present one."""
        lease = cls(link_id, uuid4(), now + length)
        rows = CustomerLink.objects
        if not rows.claim(link_id, token=lease.token, now=now, until=lease.until):
            rows.filter(pk=link_id).update(due_at=now)
            raise LeaseBusy(rows.get(pk=link_id).leased_until or now)
        return lease

    def renew(self, *, now: datetime, length: timedelta, **fields: object) -> None:
        """Right before a write; `fields` say what is unknown from now on. Raises LeaseBusy when
        the lease ran out meanwhile, whoever holds it now."""
        until = now + length
        mine = CustomerLink.objects.filter(
            pk=self.link_id, lease_token=self.token, leased_until__gt=now
        )
        if not mine.update(leased_until=until, due_at=self._unless_rung(until), **fields):
            raise LeaseBusy(now)
        self.until = until

    def finish(self, **fields: object) -> None:
        """Give the link back with its new state. Raises LeaseBusy when it was not ours any more:
        whoever holds it finds what we wrote."""
        mine = CustomerLink.objects.filter(pk=self.link_id, lease_token=self.token)
        free = {"lease_token": None, "leased_until": None, "failures": 0}
        if not mine.update(due_at=self._unless_rung(None), **free, **fields):
            raise LeaseBusy(self.until)

    def release(self, *, due_at: datetime) -> None:
        """Nothing was written: whoever comes at `due_at` may try."""
        CustomerLink.objects.filter(pk=self.link_id, lease_token=self.token).update(
            lease_token=None, leased_until=None, due_at=due_at, failures=F("failures") + 1
        )

    def _unless_rung(self, due_at: datetime | None) -> Case:
        return Case(When(due_at=self.until, then=due_at), default=F("due_at"))
