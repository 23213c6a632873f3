"""Our hold on one issue's labels, kept in its row and committed before anything is asked of GitLab.

`due_at` is the claim: it stands at the claim's end, and a crash leaves it there, with `attempted`
saying what was under way. Whoever comes after that end looks at the issue before writing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from scoring.models import PublishedLabels

READING = timedelta(minutes=3)  # the issue, its record of labels, who we are


class ClaimLost(Exception):
    """It took too long, and somebody else may be at it: stop."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`row` is as it was when it was claimed."""

    row: PublishedLabels
    until: datetime

    @classmethod
    def take(cls, issue: int, *, now: datetime, retry_refused: bool) -> "Claim | None":
        """None while another worker has it, or while it is put off."""
        rows = PublishedLabels.objects
        rows.get_or_create(issue_id=issue)
        free = Q(due_at=None) | Q(due_at__lte=now)
        if retry_refused:
            free |= ~Q(refusal="")
        until = now + READING + settings.NOTE_LEASE  # a write, and the latest late write
        if not rows.filter(free, pk=issue).update(due_at=until, refusal=""):
            return None
        return cls(rows.get(pk=issue), until)

    def announce(self, add: tuple[str, ...]) -> None:
        """Right before the write: these are ours if they are found there. Raises ClaimLost."""
        self._update(attempted=[*dict.fromkeys([*self.row.attempted, *add])])

    def finish(self, **fields: object) -> None:
        """Raises ClaimLost."""
        self._update(**{"due_at": None, "failures": 0} | fields)

    def put_off(self, until: datetime) -> None:
        self._update(due_at=until, failures=F("failures") + 1)

    def let_go(self) -> None:
        self._update(due_at=None)

    def _update(self, **fields: object) -> None:
        mine = PublishedLabels.objects.filter(pk=self.row.pk, due_at=self.until)
        if not mine.update(**fields):
            raise ClaimLost
