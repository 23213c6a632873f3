"""Open the new issue that a decision asked for: once, found again by its marker after a crash.

The same hold covers taking it back. An attempt whose answer never came keeps its hold until the
latest late write has arrived; then the marker tells whether there is an issue to close.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from intake.domain.issue_text import MARKER_LABEL, IssueText, marker_line, write_issue
from intake.domain.product import read_product
from intake.models import EventKind, Issue, Submission
from intake.pipeline.issue_hold import hold_issue
from intake.pipeline.mirror import store_issue, store_project
from intake.pipeline.note_text import write_wish
from intake.pipeline.record import record_event, update_progress
from portal.gateways.errors import Missing, Refused
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueRecord, NoteRecord, ProjectRecord

Clock = Callable[[], datetime]


def open_issue(submission: Submission, *, gitlab: GitLabGateway, clock: Clock) -> None:
    """Look for the marker, then create. The issue is confidential until a TAM publishes it.

    Raises LeaseBusy while an earlier attempt may still be writing, Refused when there is no
    project for new issues, and the gateway's errors.
    """
    with hold_issue(submission, clock) as hold:
        project = _find_project(gitlab)
        record = _find_marked(submission, gitlab, project)
        if record is None:
            hold.renew(is_issue_wanted=True, withdrawn_at=None)
            record = _create(submission, gitlab, project.id)
        issue = store_issue(record, store_project(project, now=clock()), now=clock())
        _tie(submission, issue, now=clock())


def _find_project(gitlab: GitLabGateway) -> ProjectRecord:
    """A wrong setting holds up new issues only, not every note."""
    name = settings.GITLAB_NEW_ISSUE_PROJECT
    if not name:
        raise Refused("GITLAB_NEW_ISSUE_PROJECT is not set.", service="gitlab")
    try:
        return gitlab.project(int(name) if name.isdecimal() else name)
    except Missing:
        raise Refused(f"GITLAB_NEW_ISSUE_PROJECT: no project {name}.", service="gitlab") from None


def _find_marked(
    submission: Submission, gitlab: GitLabGateway, project: ProjectRecord
) -> IssueRecord | None:
    return gitlab.find_issue_by_marker(project.id, marker_line(str(submission.issue_marker)))


def _create(submission: Submission, gitlab: GitLabGateway, project_id: int) -> IssueRecord:
    text = _write(submission)
    return gitlab.create_issue(
        project_id,
        title=text.title,
        description=text.description,
        labels=text.labels,
        is_confidential=True,
    )


def _write(submission: Submission) -> IssueText:
    area = read_product(settings.PRODUCT_FILE).areas.get(submission.area)
    reach = f"About {submission.reach} people" if submission.reach else "Not said"
    return write_issue(
        write_wish(submission, submission.account),
        users=f"{reach}{f', who use: {area.title}' if area else ''}.",
        group_label=area.group_label if area else "",
        marker=str(submission.issue_marker),
    )


def _tie(submission: Submission, issue: Issue, *, now: datetime) -> None:
    """Put the issue on the row, unless the decision was taken back meanwhile: then the row is due
    again, to close it."""
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        row.issue_lease_until = None
        if _is_wanted(row) and row.issue_marker == submission.issue_marker:
            row.issue, row.is_issue_wanted = issue, False
            record_event(row, EventKind.ISSUE_OPENED, now=now, facts={"issue": f"#{issue.iid}"})
        else:
            _abandon(row, issue, submission.issue_marker, now=now)
        update_progress(row, now=now)
    submission.refresh_from_db()


def _is_wanted(row: Submission) -> bool:
    return row.is_issue_wanted and not row.is_withdrawn


def _abandon(row: Submission, issue: Issue | None, marker: UUID | None, *, now: datetime) -> None:
    if issue is not None:
        row.abandoned_issue, row.due_at = issue, now
    if row.issue_marker == marker:
        row.issue_marker, row.is_issue_wanted = None, False


def is_orphaned(submission: Submission) -> bool:
    """An attempt to open the issue never came to an end, and nobody wants the issue any more."""
    begun = submission.issue_marker is not None and submission.issue_lease_until is not None
    return begun and submission.issue_id is None and not _is_wanted(submission)


def find_orphan(submission: Submission, *, gitlab: GitLabGateway, clock: Clock) -> None:
    """Once no late write can come any more: the issue that was opened after all is to be closed."""
    with hold_issue(submission, clock):
        project = _find_project(gitlab)
        record = _find_marked(submission, gitlab, project)
        issue = None
        if record is not None:
            issue = store_issue(record, store_project(project, now=clock()), now=clock())
        with transaction.atomic():
            row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
            row.issue_lease_until = None
            if not _is_wanted(row):
                _abandon(row, issue, submission.issue_marker, now=clock())
            row.save()
    submission.refresh_from_db()


CLOSING_WORD = "Opened by mistake; closed by the intake portal."


def close_abandoned_issue(submission: Submission, *, gitlab: GitLabGateway, clock: Clock) -> None:
    """After an undo: close the issue with a neutral word if nobody else touched it."""
    issue = submission.abandoned_issue
    if issue is None:
        return
    with hold_issue(submission, clock) as hold:
        with suppress(Missing, Refused):  # deleted or locked by a person: theirs now
            notes = list(gitlab.notes(issue.key))
            if _is_untouched(submission, issue, notes, gitlab):
                hold.renew()
                if not any(note.body.strip() == CLOSING_WORD for note in notes):
                    gitlab.post_note(issue.key, CLOSING_WORD, is_internal=False)
                gitlab.close_issue(issue.key)
        Submission.objects.filter(pk=submission.pk).update(abandoned_issue=None)
    submission.refresh_from_db()


def _is_untouched(
    submission: Submission, issue: Issue, notes: list[NoteRecord], gitlab: GitLabGateway
) -> bool:
    """Open and as we wrote it, with no comment but ours, and no request that hangs on it."""
    if issue.submissions.exists():
        return False
    found, wrote, own = gitlab.issue(issue.key), _write(submission), gitlab.own_user_id()
    is_planned = found.milestone is not None or found.weight is not None
    return (
        not found.is_closed
        and found.is_confidential
        and not is_planned
        and found.title == wrote.title
        and _without_marker(found.description) == _without_marker(wrote.description)
        and set(found.labels) <= set(wrote.labels)
        and all(note.author_id == own for note in notes)
    )


def _without_marker(description: str) -> str:
    return description.partition(MARKER_LABEL)[0].strip()
