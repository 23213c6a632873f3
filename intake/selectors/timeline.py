"""A submission's history as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intake.domain.timeline import tell
from intake.domain.wording import Wording
from intake.models import Event, EventKind, Submission
from intake.selectors.wording import state_wording
from portal.models import Role

BY_CUSTOMERS = frozenset(
    {
        EventKind.EDITED,
        EventKind.REPLIED,
        EventKind.CONTESTED,
        EventKind.WITHDRAWN,
        EventKind.CONFIRMED,
    }
)


COLUMNS = ("kind", "at", "actor__role", "actor_name", "text", "facts")


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it is stored. `role` is its actor's, None for the portal itself and for a person
    who was erased."""

    kind: str
    at: datetime
    role: str | None
    actor_name: str
    text: str
    facts: dict[str, Any]

    @property
    def is_own_side(self) -> bool:
        if self.role is not None:
            return self.role == Role.CUSTOMER
        return bool(self.actor_name) and self.kind in BY_CUSTOMERS  # erased: told by the act


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`who` is empty for the portal itself; customers read their own side's names, and ours as
    the product team."""

    at: datetime
    who: str
    sentence: str
    text: str
    is_own_side: bool  # written by the customer's side


def tell_timeline(submission: Submission, *, for_customer: bool) -> list[TimelineEntry]:
    """Oldest first. Customers get public events only."""
    rows = read_events(submission, for_customer=for_customer)
    return tell_events(rows, state_wording(), for_customer=for_customer)


def read_events(
    submission: Submission, *, for_customer: bool, last: int | None = None
) -> list[EventRow]:
    """Oldest first; `last` leaves out all but the newest. One query, no model for each."""
    events = Event.objects.filter(submission=submission)
    if for_customer:
        events = events.filter(is_public=True)
    newest = events.order_by("-at", "-pk").values_list(*COLUMNS)[:last]
    return [EventRow(*row) for row in reversed(newest)]


def leave_out_former_accounts(rows: list[EventRow]) -> list[EventRow]:
    """Without the names of accounts and opportunities from before it was given to another."""
    naming = {EventKind.ACCOUNT_RESOLVED, EventKind.OPPORTUNITY_SET}
    given = [at for at, row in enumerate(rows) if row.kind == EventKind.ACCOUNT_RESOLVED]
    last = given[-1] if given else 0
    return [
        replace(row, facts={}) if row.kind in naming and at < last else row
        for at, row in enumerate(rows)
    ]


def tell_events(
    rows: Iterable[EventRow], wording: dict[str, Wording], *, for_customer: bool
) -> list[TimelineEntry]:
    return [tell_event(row, wording, for_customer=for_customer) for row in rows]


def tell_event(row: EventRow, wording: dict[str, Wording], *, for_customer: bool) -> TimelineEntry:
    facts = dict(row.facts)
    if state := facts.get("state"):
        facts["state"] = wording[state].for_release(facts.get("release", "")).label
    return TimelineEntry(
        at=row.at,
        who=_name(row, for_customer=for_customer),
        sentence=tell(row.kind, facts, for_customer=for_customer),
        text=row.text,
        is_own_side=row.is_own_side,
    )


def _name(row: EventRow, *, for_customer: bool) -> str:
    """Customers read names of their own side; ours speaks as the product team."""
    if not row.actor_name:
        return ""
    if for_customer and not row.is_own_side:
        return "Product team"
    return row.actor_name
