"""The customer writes back."""

from intake.actions.decide import locked, require_open, wake
from intake.actions.refusals import NotAllowed, Refusal
from intake.models import EventKind, Submission
from intake.pipeline.owe_mail import owe_mail
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import is_author, visible_submissions
from portal.models import User


def reply(submission: Submission, text: str, *, by: User) -> None:
    """Answers a question of ours, or adds something. The author's answer ends the waiting; a
    word from staff is an answer, and every follower hears it."""
    if not visible_submissions(by).filter(pk=submission.pk).exists():
        raise NotAllowed
    if not text.strip():
        raise Refusal("Write something first.")
    with locked(submission) as (row, now):
        require_open(row)
        if is_author(by, row):
            row.asked_at = None
        elif by.is_staff:
            row.answered_at, row.last_word_at = row.answered_at or now, now
        replied = record_event(
            row, EventKind.REPLIED, now=now, by=by, text=text.strip(), is_public=True
        )
        wake(row, now=now)
        if not update_progress(row, now=now, cause=replied) and by.is_staff:
            owe_mail(replied, now=now)
