"""As much of a request's history as its page shows, at the same cost however long it is."""

from dataclasses import dataclass

from intake.models import Submission
from intake.selectors.timeline import EventRow, read_events

RECENT_ENTRIES = 10


@dataclass(frozen=True, slots=True)
class History:
    """The newest public events, oldest first, and among them the latest word of our side."""

    rows: list[EventRow]
    has_earlier: bool
    word: EventRow | None


def read_history(submission: Submission, *, shows_all: bool) -> History:
    last = None if shows_all else RECENT_ENTRIES + 1
    rows = read_events(submission, for_customer=True, last=last)
    has_earlier = not shows_all and len(rows) > RECENT_ENTRIES
    shown = rows[1:] if has_earlier else rows
    word = next((row for row in reversed(shown) if row.text and not row.is_own_side), None)
    return History(shown, has_earlier, word)
