"""Which fields of an issue are mirrored, and whether they differ."""

from datetime import datetime

from intake.models import Issue
from portal.gateways.records import IssueRecord

COPIED = [
    "gitlab_id",
    "title",
    "description",
    "is_closed",
    "labels",
    "milestone",
    "milestone_due_on",
    "is_milestone_closed",
    "weight",
    "is_confidential",
    "type",
    "author_id",
    "web_url",
    "is_gone",
    "created_at",
    "updated_at",
    "closed_at",
    "mirrored_at",
    "changed_at",
    "notes_count",
    "notes_due_at",
]


def differs(issue: Issue, record: IssueRecord) -> bool:
    """Whether the record says something new. An older reading of the same issue does not."""
    is_same_issue = issue.gitlab_id == record.gitlab_id and not issue.is_gone
    if is_same_issue and record.updated_at < issue.updated_at:
        return False
    return any(getattr(issue, name) != value for name, value in _values(record).items())


def copy_record(issue: Issue, record: IssueRecord, now: datetime) -> Issue:
    """Onto the row, unsaved."""
    mark_notes(issue, record, now)
    for name, value in _values(record).items():
        setattr(issue, name, value)
    issue.mirrored_at = issue.changed_at = now
    return issue


def mark_notes(issue: Issue, record: IssueRecord, now: datetime) -> bool:
    """Unsaved: comments are to be read again when one came or went, or may have been edited.
    True when that is so."""
    is_newer = issue.updated_at is None or record.updated_at > issue.updated_at
    is_other = issue.notes_count != record.user_notes_count
    is_older = not is_newer and issue.updated_at != record.updated_at
    are_there = bool(issue.notes_count or record.user_notes_count)
    if is_older or not are_there or not (is_newer or is_other):
        return False
    issue.notes_count, issue.notes_due_at = record.user_notes_count, now
    return True


def _values(record: IssueRecord) -> dict[str, object]:
    milestone = record.milestone
    return {
        "gitlab_id": record.gitlab_id,
        "title": record.title[:255],
        "description": record.description.replace("\x00", ""),
        "is_closed": record.is_closed,
        "labels": list(record.labels),
        "milestone": milestone.title[:255] if milestone else "",
        "milestone_due_on": milestone.due_on if milestone else None,
        "is_milestone_closed": bool(milestone and milestone.is_closed),
        "weight": record.weight,
        "is_confidential": record.is_confidential,
        "type": record.type[:20],
        "author_id": record.author_id,
        "web_url": record.web_url,
        "is_gone": False,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "closed_at": record.closed_at,
    }
