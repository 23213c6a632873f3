"""The customer takes the request back."""

from intake.actions.decide import locked, release_link, require_open, wake
from intake.actions.refusals import NotAllowed
from intake.models import EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import is_author
from portal.models import User


def withdraw(submission: Submission, *, by: User) -> None:
    """Ends it; its demand no longer counts and our note goes when nobody else holds the link."""
    if not is_author(by, submission):
        raise NotAllowed
    with locked(submission) as (row, now):
        require_open(row)
        row.withdrawn_at, row.is_issue_wanted = now, False
        wake(row, now=now)  # an issue that is just being opened for it is closed again
        withdrawn = record_event(row, EventKind.WITHDRAWN, now=now, by=by, is_public=True)
        update_progress(row, now=now, cause=withdrawn)
        if row.link_id:
            release_link(row.link_id, now=now)
