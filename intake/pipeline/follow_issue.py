"""What a change of a mirrored issue means for the requests that hang on it.

Which changes requests have heard of stands in the rows: a run that is cut short loses none.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from intake.domain.vocabulary import Stage, Trouble
from intake.models import CustomerLink, EventKind, FoundLink, Issue, Project, Submission
from intake.pipeline.mirror import store_issue, store_project
from intake.pipeline.record import record_event, update_progress
from intake.pipeline.tie_found import tie_found
from portal.gateways.errors import Missing, Refused
from portal.gateways.gitlab import GitLabGateway

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
LONGEST_CHAIN = 10  # moved, moved again, duplicate of …; longer is a circle


def follow_changes(*, gitlab: GitLabGateway, clock: Clock) -> list[int]:
    """Carry every change that requests have not heard of to them; returns the requests that need
    the machine again. A closed issue may have gone on: its requests follow it to the last one.

    Raises Unavailable and Misconfigured; what was not reached is carried next time.
    """
    rung: list[int] = []
    for pk in list(Issue.objects.unfollowed().values_list("pk", flat=True)):
        issue = Issue.objects.select_related("project").get(pk=pk)
        if issue.is_closed and not issue.is_gone:
            rung += _follow_or_stay(issue, gitlab=gitlab, clock=clock)
        tell_requests(issue, now=clock())
        Issue.objects.filter(pk=pk, changed_at=issue.changed_at).update(
            followed_at=issue.changed_at
        )
    return rung


def _follow_or_stay(issue: Issue, *, gitlab: GitLabGateway, clock: Clock) -> list[int]:
    """One issue that GitLab will not tell about does not hold up the others."""
    try:
        return follow_successor(issue, gitlab=gitlab, clock=clock)
    except (Missing, Refused) as error:
        logger.warning("Where issue %s went is not told: %s", issue.key, error)
        return []


def tell_requests(issue: Issue, *, now: datetime) -> None:
    """The state of each request follows its issue; each is told once, when it really changes."""
    for pk in Submission.objects.open().filter(issue=issue).values_list("pk", flat=True):
        with transaction.atomic():
            row = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.trouble == Trouble.ISSUE_GONE and not issue.is_gone:  # it is back
                row.trouble, row.trouble_detail, row.due_at = Trouble.NONE, "", now
            update_progress(row, now=now)


def follow_successor(issue: Issue, *, gitlab: GitLabGateway, clock: Clock) -> list[int]:
    """Move the requests of a moved or duplicate issue to where it went on."""
    last = find_last(issue, gitlab=gitlab, clock=clock)
    if last.pk == issue.pk:
        return []
    moved = []
    now = clock()
    with transaction.atomic():
        Issue.objects.filter(Q(pk=issue.pk) | Q(successor=issue)).update(successor=last)
        rows = Submission.objects.select_for_update(of=("self",)).filter(issue=issue)
        for row in rows:
            _move(row, issue, last, now=now)
            moved.append(row.pk)
        CustomerLink.objects.filter(issue=issue).update(due_at=now)
        tie_found(_with_found_links(issue, last), now=now)
    return moved


def _with_found_links(issue: Issue, last: Issue) -> set[int]:
    """The issue and those that led to it: people's links in them count on the last one now."""
    on_the_way = Q(issue=issue) | Q(counts_on=issue) | Q(issue__successor=last)
    return set(FoundLink.objects.filter(on_the_way).values_list("issue", flat=True))


def _move(row: Submission, issue: Issue, last: Issue, *, now: datetime) -> None:
    row.issue, row.link, row.due_at = last, None, now
    if row.stage == Stage.ANNOUNCED:
        row.stage = Stage.ACCOUNT_RESOLVED
    if row.trouble in {Trouble.ISSUE_GONE, Trouble.GITLAB_REFUSED}:
        row.trouble, row.trouble_detail = Trouble.NONE, ""
    facts = {"issue": f"#{issue.iid}", "successor": f"#{last.iid}"}
    record_event(row, EventKind.FOLLOWED, now=now, facts=facts)
    update_progress(row, now=now)


def find_last(issue: Issue, *, gitlab: GitLabGateway, clock: Clock) -> Issue:
    """The end of the chain of moves and duplicates; the issue itself when it did not go on, or
    goes round in a circle."""
    seen = {issue.pk}
    last = issue
    while len(seen) <= LONGEST_CHAIN and last.is_closed:
        following = _find_following(last, gitlab, clock)
        if following is None:
            return last
        if following.pk in seen:
            return issue
        seen.add(following.pk)
        last = following
    return last


def _find_following(issue: Issue, gitlab: GitLabGateway, clock: Clock) -> Issue | None:
    """None for the last one, and where the next is hidden from us."""
    try:
        successor = gitlab.successor(issue.key)
        if successor is None:
            return None
        record = gitlab.issue(successor.key)
        project = _project_of(successor.key.project_id, gitlab, now=clock())
    except Missing:
        return None
    return store_issue(record, project, now=clock())


def _project_of(project_id: int, gitlab: GitLabGateway, *, now: datetime) -> Project:
    known = Project.objects.filter(project_id=project_id, is_lost=False).first()
    return known or store_project(gitlab.project(project_id), now=now)
