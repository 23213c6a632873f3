"""The customer changes what they wrote."""

from intake.actions.decide import locked, require_open, wake
from intake.actions.refusals import NotAllowed
from intake.actions.submit import write_text
from intake.domain.draft import RequestText
from intake.domain.vocabulary import Stage
from intake.models import EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import is_author
from portal.models import User


def edit(submission: Submission, text: RequestText, *, by: User) -> None:
    """New words are searched for again while nobody has decided; the note follows in any case."""
    if not is_author(by, submission):
        raise NotAllowed
    with locked(submission) as (row, now):
        require_open(row)
        write_text(row, text)
        if not row.is_decided:
            row.stage = Stage.RECEIVED
        record_event(row, EventKind.EDITED, now=now, by=by, is_public=True)
        wake(row, now=now)
        update_progress(row, now=now)
