"""The customer says: this is not the same thing."""

from intake.actions.decide import locked, require_open
from intake.actions.refusals import NotAllowed, TooLate
from intake.domain.vocabulary import Decision
from intake.models import EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import is_author
from portal.models import User


def contest(submission: Submission, text: str, *, by: User) -> None:
    """The join stays until a person has looked; the request is back in the triage queue."""
    if not is_author(by, submission):
        raise NotAllowed
    with locked(submission) as (row, now):
        require_open(row)
        if row.decision != Decision.JOINED:
            raise TooLate("This request is not joined with another one.")
        row.contested_at = now
        record_event(row, EventKind.CONTESTED, now=now, by=by, text=text.strip(), is_public=True)
        update_progress(row, now=now)
