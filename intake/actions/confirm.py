"""After shipping: does this solve it?"""

from intake.actions.decide import locked, require_open
from intake.actions.refusals import NotAllowed, Refusal, TooLate
from intake.domain.vocabulary import Outcome, PublicState
from intake.models import EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import is_author
from portal.models import User


def confirm(submission: Submission, outcome: str, text: str, *, by: User) -> None:
    """ "No" puts the request before a person again; raises TooLate unless it has shipped."""
    if not is_author(by, submission):
        raise NotAllowed
    if outcome not in Outcome.values:
        raise Refusal("Please say yes, partly or no.")
    with locked(submission) as (row, now):
        require_open(row)
        if row.public_state not in {PublicState.SHIPPED, PublicState.CONFIRMED}:
            raise TooLate("This has not shipped yet.")
        row.outcome = Outcome(outcome)
        row.contested_at = now if row.outcome == Outcome.NO else None
        answer = record_event(
            row,
            EventKind.CONFIRMED,
            now=now,
            by=by,
            text=text.strip(),
            facts={"outcome": row.get_outcome_display()},
            is_public=True,
        )
        update_progress(row, now=now, cause=answer)
