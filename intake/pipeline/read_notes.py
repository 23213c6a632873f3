"""Comments on issues, read for the Salesforce links that people left in them.

Which issues are to be read stands in their rows (`notes_due_at`): the mirror sets it when a comment
came, went or may have been edited, the nightly run for every issue with comments, because GitLab
does not say that one was edited. A run that is cut short goes on where it stopped, and one that
was asked to slow down waits as long as GitLab said.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from intake.models import CustomerLink, FoundIn, FoundLink, Issue, NoteState
from intake.pipeline.find_links import Text, describe_note, keep_found
from intake.pipeline.tie_found import lock_issues, tie_found
from portal.gateways.errors import Missing, Refused, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.models import Job

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Tell = Callable[[int, int | None], None]
JOB = "read_notes"
BATCH = 100


def ask_for_notes(issues: QuerySet[Issue], *, now: datetime) -> int:
    """Of those that have comments, or had them; those that wait already keep their place."""
    with_links = FoundLink.objects.filter(source=FoundIn.NOTE).values("issue")
    spoken = Q(notes_count__gt=0) | Q(pk__in=with_links)
    return issues.filter(spoken, notes_due_at=None, is_gone=False).update(notes_due_at=now)


def find_due() -> QuerySet[Issue]:
    due = Issue.objects.filter(notes_due_at__isnull=False, is_gone=False, project__is_lost=False)
    return due.order_by("notes_due_at", "-pk")


def read_due_notes(
    *,
    gitlab: GitLabGateway,
    clock: Clock,
    is_over: Callable[[], bool] = lambda: False,
    tell: Tell = lambda done, total: None,
) -> bool:
    """False when it ended before everything was read. While GitLab asked for quiet nothing is.

    Raises Unavailable and Misconfigured; what was read until then is kept.
    """
    if wait_for_quiet(clock()):
        return True
    done, total = 0, find_due().count()
    try:
        while batch := list(find_due().select_related("project")[:BATCH]):
            for issue in batch:
                if is_over():
                    return False
                _read_or_skip(issue, gitlab=gitlab, clock=clock)
                done += 1
                tell(done, max(total, done))
    except Unavailable as error:
        if error.retry_after:
            _keep_quiet(clock() + error.retry_after)
        raise
    return True


def wait_for_quiet(now: datetime) -> timedelta:
    """How long GitLab still wants to be left alone; zero when it may be asked."""
    cursor = Job.objects.filter(pk=JOB).values_list("cursor", flat=True).first() or {}
    until = datetime.fromisoformat(cursor["quiet_until"]) if cursor else now
    return max(until - now, timedelta(0))


def _keep_quiet(until: datetime) -> None:
    cursor = {"quiet_until": until.isoformat()}
    Job.objects.update_or_create(pk=JOB, defaults={"cursor": cursor})


def _read_or_skip(issue: Issue, *, gitlab: GitLabGateway, clock: Clock) -> None:
    """One issue that GitLab does not tell about holds up nothing; the nightly run looks again."""
    try:
        texts = _fetch(issue, gitlab)
    except (Missing, Refused) as error:
        logger.warning("Comments of issue %s: %s", issue.key, error)
        Issue.objects.filter(pk=issue.pk, notes_due_at=issue.notes_due_at).update(notes_due_at=None)
    else:
        _keep(issue, texts, now=clock())


def _fetch(issue: Issue, gitlab: GitLabGateway) -> list[Text]:
    """People's comments. For our own our rows are the truth: they know growth from retention."""
    own = gitlab.own_user_id()
    ours = set(
        CustomerLink.objects.filter(
            issue=issue, note_state=NoteState.POSTED, note_id__isnull=False
        ).values_list("note_id", flat=True)
    )
    return [
        describe_note(issue, note)
        for note in gitlab.notes(issue.key)
        if note.author_id != own and note.id not in ours
    ]


def _keep(issue: Issue, texts: list[Text], *, now: datetime) -> None:
    """Whoever asks for another reading meanwhile is not forgotten."""
    with transaction.atomic():
        lock_issues([issue.pk])
        keep_found([issue.pk], FoundIn.NOTE, texts)
        if issue.notes_read_at is None:
            _catch_up(issue)
        is_ours = When(notes_due_at=issue.notes_due_at, then=None)
        Issue.objects.filter(pk=issue.pk).update(
            notes_due_at=Case(is_ours, default=F("notes_due_at")), notes_read_at=now
        )
        tie_found([issue.pk], now=now)


def _catch_up(issue: Issue) -> None:
    """The description of an issue that was mirrored before links were read."""
    written = FoundLink.objects.filter(issue=issue, source=FoundIn.DESCRIPTION)
    if not written.exists():
        text = Text(issue.pk, issue.description, issue.author_id, "", issue.updated_at)
        keep_found([issue.pk], FoundIn.DESCRIPTION, [text])
