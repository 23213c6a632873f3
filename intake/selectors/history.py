"""As much of a request's history as its page shows, at the same cost however long it is."""

from dataclasses import dataclass
from datetime import datetime

from intake.models import Submission
from intake.selectors.timeline import EventRow, read_events, read_landmarks

RECENT_ENTRIES = 12


@dataclass(frozen=True, slots=True)
class History:
    """The newest public events, and what of the older ones the page needs."""

    rows: list[EventRow]
    has_earlier: bool
    first_told: dict[str, datetime]  # by public state
    word: list[EventRow]  # the latest from our side, if any


def read_history(submission: Submission, *, shows_all: bool) -> History:
    last = None if shows_all else RECENT_ENTRIES + 1
    rows = read_events(submission, for_customer=True, last=last)
    has_earlier = not shows_all and len(rows) > RECENT_ENTRIES
    known = read_landmarks(submission) if has_earlier else rows
    return History(
        rows[1:] if has_earlier else rows,
        has_earlier,
        first_told={row.facts["state"]: row.at for row in reversed(known) if "state" in row.facts},
        word=[row for row in known if row.text and not row.is_own_side][-1:],
    )
