"""GitLab's issues, copied into our tables: incremental, resumable, and checked every night.

`updated_at` does not move with every change in GitLab, so each run overlaps the one before it,
and the nightly run reads everything again. GitLab tells nobody of deleted issues: whatever that
run did not list is asked for by its number.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from intake.domain.vocabulary import Trouble
from intake.models import CustomerLink, FoundIn, FoundLink, Issue, Project, Submission
from intake.pipeline.copy_issue import COPIED, copy_record, differs, mark_notes
from intake.pipeline.find_links import describe_issue, keep_found
from intake.pipeline.read_notes import ask_for_notes
from intake.pipeline.tie_found import tie_found
from portal.gateways.errors import Missing
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueRecord, ProjectRecord, Visibility

OVERLAP = timedelta(minutes=5)
Clock = Callable[[], datetime]
Tell = Callable[[int, int | None], None]


def store_project(record: ProjectRecord, *, now: datetime) -> Project:
    """A change of who can see it counts as a change of every issue: the index must hear of it."""
    is_public = record.visibility == Visibility.PUBLIC
    with transaction.atomic():
        project, is_new = Project.objects.select_for_update().get_or_create(
            instance=urlsplit(settings.GITLAB_URL).netloc,
            project_id=record.id,
            defaults={"path": record.path, "is_public": is_public},
        )
        if not is_new and (project.is_public != is_public or project.is_lost):
            project.issues.update(changed_at=now)
        project.path, project.is_public, project.is_lost = record.path, is_public, False
        project.save(update_fields=["path", "is_public", "is_lost"])
    return project


def freeze_project(projects: Q, *, now: datetime) -> None:
    """Our token cannot see it any more: nothing is deleted, customers are shown nothing of it."""
    with transaction.atomic():
        for project in Project.objects.select_for_update().filter(projects, is_lost=False):
            project.issues.update(changed_at=now)
            project.is_lost = True
            project.save(update_fields=["is_lost"])


def mirror_project(
    reference: str,
    *,
    gitlab: GitLabGateway,
    clock: Clock,
    everything: bool = False,
    tell: Tell = lambda done, total: None,
) -> set[int]:
    """Copy what changed in one project (an id or a path); returns the ids of rows that differ.

    Every page is saved with the point reached, so that an interrupted run goes on from there.
    Raises the gateway's errors; a project that is hidden from us is frozen, never deleted.
    """
    started_at = clock()
    project = _find_project(reference, gitlab, now=started_at)
    since = None if everything or project.synced_to is None else project.synced_to - OVERLAP
    changed: set[int] = set()
    listed: set[int] = set()
    for records, total in gitlab.issue_pages(project.project_id, updated_after=since):
        changed |= store_page(project, records, now=clock())
        listed |= {record.key.iid for record in records}
        tell(len(listed), total)
    if everything:
        changed |= check_unlisted(project, listed, gitlab=gitlab, clock=clock)
        ask_for_notes(Issue.objects.filter(project=project), now=started_at)
    Project.objects.filter(pk=project.pk).update(mirrored_at=started_at)
    return changed


def _find_project(reference: str, gitlab: GitLabGateway, *, now: datetime) -> Project:
    is_id = reference.isascii() and reference.isdecimal()
    try:
        record = gitlab.project(int(reference) if is_id else reference)
    except Missing:
        freeze_project(Q(project_id=int(reference)) if is_id else Q(path=reference), now=now)
        raise
    return store_project(record, now=now)


def store_page(project: Project, records: Iterable[IssueRecord], *, now: datetime) -> set[int]:
    """One page and the point it reaches, in one transaction."""
    records = list(records)
    with transaction.atomic():
        changed = store_issues(records, project, now=now)
        if records:
            reached = max(record.updated_at for record in records)
            if project.synced_to is None or reached > project.synced_to:
                project.synced_to = reached
                project.save(update_fields=["synced_to"])
    return changed


def store_issues(records: list[IssueRecord], project: Project, *, now: datetime) -> set[int]:
    """Insert or update; returns the ids of rows in which something differs.

    Two workers on one project take turns, and what was read earlier does not overwrite what was
    read later.
    """
    with transaction.atomic():
        # no_key: other workers' rows that point to the project are no reason to wait
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        numbers = [record.key.iid for record in records]
        known = {
            issue.iid: issue for issue in Issue.objects.filter(project=project, iid__in=numbers)
        }
        fresh, differing, stirred = [], [], []
        for record in records:
            issue = known.get(record.key.iid)
            if issue is None:
                fresh.append(copy_record(Issue(project=project, iid=record.key.iid), record, now))
            elif differs(issue, record):
                if issue.is_confidential != record.is_confidential:
                    rewrite_notes(issue, now=now)
                differing.append(copy_record(issue, record, now))
            elif mark_notes(issue, record, now):
                stirred.append(issue)
        Issue.objects.filter(project=project, iid__in=numbers).update(mirrored_at=now)
        Issue.objects.bulk_create(fresh, batch_size=500)
        Issue.objects.bulk_update(differing, COPIED, batch_size=100)
        Issue.objects.bulk_update(stirred, ["notes_count", "notes_due_at"], batch_size=100)
        _read_descriptions([*fresh, *differing], records, now=now)
    return {issue.pk for issue in [*fresh, *differing]}


def _read_descriptions(issues: list[Issue], records: list[IssueRecord], *, now: datetime) -> None:
    """Links in the new text; and where an issue may have gone on, those in all its texts."""
    by_number = {record.key.iid: record for record in records}
    keys = [issue.pk for issue in issues]
    texts = [describe_issue(issue, by_number[issue.iid]) for issue in issues]
    changed = keep_found(keys, FoundIn.DESCRIPTION, texts)
    found = FoundLink.objects.filter(issue__in=keys).values_list("issue", flat=True)
    if touched := changed | set(found):
        tie_found(touched, now=now)


def rewrite_notes(issue: Issue, *, now: datetime) -> None:
    """What a note may say depends on who can read the issue."""
    CustomerLink.objects.filter(issue=issue).update(due_at=now)


def store_issue(record: IssueRecord, project: Project, *, now: datetime) -> Issue:
    store_issues([record], project, now=now)
    return Issue.objects.select_related("project").get(project=project, iid=record.key.iid)


def check_unlisted(
    project: Project, listed: set[int], *, gitlab: GitLabGateway, clock: Clock
) -> set[int]:
    """After a full listing: ask for each known issue that was not in it; returns changed rows."""
    changed: set[int] = set()
    known = Issue.objects.filter(project=project, is_gone=False).values_list("iid", flat=True)
    for iid in sorted(set(known) - listed):
        changed |= refetch_issue(project, iid, gitlab=gitlab, clock=clock)
    return changed


def refetch_issue(project: Project, iid: int, *, gitlab: GitLabGateway, clock: Clock) -> set[int]:
    """One issue as GitLab has it now; returns the ids of rows that differ. One that is gone keeps
    its row and frees its requests. Raises Missing when the whole project is hidden from us."""
    key = Issue(project=project, iid=iid).key
    try:
        record = gitlab.issue(key)
    except Missing:
        _find_project(str(project.project_id), gitlab, now=clock())
        mark_gone(project, iid, now=clock())
        return set()
    return store_issues([record], project, now=clock())


def mark_gone(project: Project, iid: int, *, now: datetime) -> None:
    """Gone or hidden: customers stop seeing it, a person chooses what becomes of its requests."""
    gone = Issue.objects.filter(project=project, iid=iid, is_gone=False)
    with transaction.atomic():
        requests = Submission.objects.open().filter(issue__in=list(gone))
        requests.update(trouble=Trouble.ISSUE_GONE)
        gone.update(is_gone=True, changed_at=now)
