"""The customer says "This is my request": it joins at once, and a person checks it."""

from intake.actions.decide import answer_candidate, decide, locked, require_open
from intake.actions.refusals import NotAllowed, TooLate
from intake.domain.vocabulary import Decider, Decision
from intake.models import Candidate, EventKind, Issue, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import is_author
from portal.models import User


def choose(submission: Submission, *, issue_id: int, by: User) -> None:
    """Only an issue that customers may see can be chosen. Raises TooLate."""
    if not is_author(by, submission):
        raise NotAllowed
    with locked(submission) as (row, now):
        require_open(row)
        if row.is_decided:
            raise TooLate("Your request is decided already: the page shows how.")
        issue = Issue.objects.shown_to_customers().filter(pk=issue_id).first()
        if issue is None:
            raise TooLate("That request cannot be joined any more.")
        if row.candidates.filter(issue=issue, answer=Candidate.Answer.OTHER).exists():
            raise TooLate("We looked at that request: it is another one than yours.")
        row.issue = issue
        decide(row, Decision.JOINED, kind=Decider.CUSTOMER, by=by, now=now)
        answer_candidate(row, issue, Candidate.Answer.SAME, by=by, now=now)
        joined = record_event(
            row, EventKind.JOINED, now=now, by=by, facts={"issue": f"#{issue.iid}"}, is_public=True
        )
        update_progress(row, now=now, cause=joined)
