"""The customer changes what they wrote, or who may read it."""

from intake.actions.decide import locked, require_open, wake
from intake.actions.refusals import NotAllowed
from intake.actions.share import change_audience
from intake.actions.submit import write_text
from intake.domain.draft import Audience, RequestText
from intake.domain.vocabulary import Stage
from intake.models import EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.request_page import read_text
from intake.selectors.visibility import is_author
from portal.models import User


def edit(
    submission: Submission, text: RequestText, *, by: User, audience: Audience | None = None
) -> None:
    """New words are searched for again while nobody has decided; the note follows in any case.
    Without an `audience` it stays as it is."""
    if not is_author(by, submission):
        raise NotAllowed
    with locked(submission) as (row, now):
        require_open(row)
        if audience and change_audience(row, audience, by=by):
            facts = {"sharing": str(row.sharing)}
            record_event(row, EventKind.EDITED, now=now, by=by, facts=facts, is_public=True)
        if text != read_text(row):
            write_text(row, text)
            if not row.is_decided:
                row.stage = Stage.RECEIVED
            record_event(row, EventKind.EDITED, now=now, by=by, is_public=True)
            wake(row, now=now)
        update_progress(row, now=now)
