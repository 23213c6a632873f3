"""What staff add to a request: its opportunity, its weight; another try."""

from intake.actions.decide import locked, require_open, wake
from intake.actions.refusals import Refusal
from intake.actions.triage.permission import require_triage_of
from intake.domain.vocabulary import Trouble
from intake.models import CustomerLink, EventKind, NoteState, Submission
from intake.pipeline.record import record_event, update_progress
from portal.models import Opportunity, User


def choose_opportunity(
    submission: Submission, *, opportunity: Opportunity | None, by: User
) -> None:
    """Which open opportunity an "expand" request is about; until then it carries no money."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_open(row)
        if opportunity is not None and opportunity.account_id != row.account_id:
            raise Refusal("That opportunity belongs to another account.")
        row.opportunity = opportunity
        facts = {"opportunity": opportunity.name if opportunity else "to be chosen"}
        record_event(row, EventKind.OPPORTUNITY_SET, now=now, by=by, facts=facts)
        wake(row, now=now)
        update_progress(row, now=now)


def set_points(submission: Submission, points: int | None, *, by: User) -> None:
    """Override the priority points (1..10); None goes back to the customer's own answer."""
    require_triage_of(submission, by)
    if points is not None and not 1 <= points <= 10:
        raise Refusal("Priority points go from 1 to 10.")
    with locked(submission) as (row, now):
        require_open(row)
        row.points_override = points
        record_event(
            row, EventKind.POINTS_SET, now=now, by=by, facts={"points": points or "as answered"}
        )
        wake(row, now=now)
        update_progress(row, now=now)


def try_again(submission: Submission, *, by: User) -> None:
    """After a refusal or too many failures: start over where it stopped."""
    require_triage_of(submission, by)
    with locked(submission) as (row, now):
        require_open(row)
        row.trouble, row.trouble_detail = Trouble.NONE, ""
        if row.link_id:
            CustomerLink.objects.filter(pk=row.link_id, note_state=NoteState.REFUSED).update(
                note_state=NoteState.WANTED, refusal="", due_at=now
            )
        wake(row, now=now)
        update_progress(row, now=now)
