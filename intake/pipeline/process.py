"""The recipe: what the machine does for one request, step by step, each step saved.

RECEIVED → match → MATCHED → resolve → ACCOUNT_RESOLVED → announce → ANNOUNCED. Without a decided
issue it rests in the triage queue: a truth, not a failure. A retry goes on where it broke, and two
runs at once do no harm: each step writes under the row's lock, or under a lease.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from intake.domain.vocabulary import Decider, Decision, Stage, Trouble
from intake.matching.records import Verdict
from intake.models import CustomerLink, EventKind, NoteState, Submission
from intake.pipeline.announce import announce
from intake.pipeline.follow_issue import follow_successor
from intake.pipeline.match import Finder, match
from intake.pipeline.open_issue import (
    close_abandoned_issue,
    find_orphan,
    is_orphaned,
    open_issue,
)
from intake.pipeline.record import record_event, update_progress
from intake.pipeline.resolve import resolve
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import SalesforceGateway


@dataclass(frozen=True, slots=True)
class Tools:
    """What the recipe works with. Gateways are made when first used: a request that needs no
    Salesforce does not fail for want of it."""

    finder: Callable[[], Finder]
    gitlab: Callable[[], GitLabGateway]
    salesforce: Callable[[], SalesforceGateway]
    clock: Callable[[], datetime]


def process(submission: Submission, tools: Tools) -> None:
    """As far as it goes now. Raises IndexUnavailable, LeaseBusy and the gateways' errors."""
    if not submission.is_withdrawn:
        _advance(submission, tools)
    if is_orphaned(submission):
        find_orphan(submission, gitlab=tools.gitlab(), clock=tools.clock)
    if submission.abandoned_issue_id:
        close_abandoned_issue(submission, gitlab=tools.gitlab(), clock=tools.clock)


def _advance(submission: Submission, tools: Tools) -> None:
    if submission.stage == Stage.RECEIVED:
        match(submission, finder=tools.finder(), now=tools.clock())
    if submission.stage == Stage.MATCHED:
        resolve(submission, salesforce=tools.salesforce, now=tools.clock())
    if submission.stage in {Stage.RECEIVED, Stage.MATCHED}:
        return  # edited meanwhile, or no account yet
    if _rule_wants_an_issue(submission):
        want_issue(submission, now=tools.clock())
    if submission.is_issue_wanted:
        open_issue(submission, gitlab=tools.gitlab(), clock=tools.clock)
    _announce(submission, tools)


def _counts(submission: Submission) -> bool:
    return submission.decision in {Decision.JOINED, Decision.NEW_ISSUE}


def _rule_wants_an_issue(submission: Submission) -> bool:
    """Only when the rule is switched on, and nothing alike was found."""
    return (
        settings.CREATE_UNMATCHED_ISSUES
        and submission.decision == Decision.PENDING
        and submission.verdict == Verdict.NONE
        and not submission.events.filter(kind=EventKind.UNDONE).exists()
    )


def want_issue(submission: Submission, *, now: datetime) -> None:
    """The rule's decision, in the words a TAM's would have."""
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if row.decision == Decision.PENDING and not row.is_withdrawn:
            row.decision, row.decided_by_kind, row.decided_at = (
                Decision.NEW_ISSUE,
                Decider.RULE,
                now,
            )
            row.is_issue_wanted, row.issue_marker = True, row.issue_marker or uuid4()
            wanted = record_event(row, EventKind.ISSUE_WANTED, now=now, is_public=True)
            update_progress(row, now=now, cause=wanted)
    submission.refresh_from_db()


def _announce(submission: Submission, tools: Tools) -> None:
    issue = submission.issue
    if issue is not None and issue.is_closed and submission.stage != Stage.ANNOUNCED:
        follow_successor(issue, gitlab=tools.gitlab(), clock=tools.clock)  # an old address
        submission.refresh_from_db()
    link = _tie_link(submission) if _counts(submission) else submission.link
    if link is not None:
        settle(link, gitlab=tools.gitlab(), clock=tools.clock)
        submission.refresh_from_db()


def _tie_link(submission: Submission) -> CustomerLink | None:
    """The row of this issue and account, holding this submission; None when it moved on."""
    if submission.issue is None or submission.account is None:
        return None
    link, _ = CustomerLink.objects.get_or_create(issue=submission.issue, account=submission.account)
    held = Submission.objects.open().filter(
        pk=submission.pk, issue=link.issue_id, account=link.account_id
    )
    return link if held.update(link=link) else None


def settle(link: CustomerLink, *, gitlab: GitLabGateway, clock: Callable[[], datetime]) -> None:
    """Make the link's note true, and tell every request that holds the link how that went.

    Raises as `announce` does.
    """
    announce(link, gitlab=gitlab, clock=clock)
    link.refresh_from_db()
    for pk in Submission.objects.open().filter(link=link).values_list("pk", flat=True):
        with transaction.atomic():
            row = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.link_id == link.pk:
                _note_result(row, link, now=clock())


def _note_result(row: Submission, link: CustomerLink, *, now: datetime) -> None:
    if link.note_state in {NoteState.WANTED, NoteState.REMOVED}:
        return  # somebody else's turn came in between
    if link.note_state == NoteState.REFUSED:
        row.trouble, row.trouble_detail = Trouble.GITLAB_REFUSED, link.refusal
    else:
        if row.stage == Stage.ANNOUNCED and row.trouble != Trouble.GITLAB_REFUSED:
            return  # said before
        _mark_announced(row, link, now=now)
    update_progress(row, now=now)


def _mark_announced(row: Submission, link: CustomerLink, *, now: datetime) -> None:
    if row.stage != Stage.ANNOUNCED:
        facts = {"note": link.get_note_state_display()}
        record_event(row, EventKind.ANNOUNCED, now=now, facts=facts)
    row.stage = Stage.ANNOUNCED
    if row.trouble == Trouble.GITLAB_REFUSED:
        row.trouble, row.trouble_detail = Trouble.NONE, ""
