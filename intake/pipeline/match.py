"""Find the same wish among the mirrored issues; adopt it only when it is certain.

Certain is: the customer pasted the issue's address, or title and text are identical after
normalising. Everything else waits for a person, with the candidates kept.
"""

import re
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from intake.domain.vocabulary import Decider, Decision, Stage
from intake.matching.errors import IndexUnavailable
from intake.matching.records import Match, Query, Verdict
from intake.models import Candidate, EventKind, Issue, Submission
from intake.pipeline.record import record_event, update_progress

CANDIDATES_KEPT = 10
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_ISSUE_PATH = re.compile(
    r"/(?P<project>.+?)/(?:-/)?(?:issues|work_items)/(?P<iid>\d{1,15})/?", re.ASCII
)


class Finder(Protocol):
    """What matching offers to the pipeline."""

    @property
    def version(self) -> str: ...

    def find(self, query: Query, *, limit: int = 10, public_only: bool = False) -> list[Match]: ...


def match(submission: Submission, *, finder: Finder, now: datetime) -> None:
    """RECEIVED → MATCHED. Raises IndexUnavailable; the row keeps its stage then, and when its
    words were changed during the search: those are searched for next. What is certain without
    a search does not wait for one."""
    pasted = find_pasted_issue(submission)
    query = Query(submission.summary, f"{submission.problem}\n{submission.workaround}".strip())
    try:
        found = finder.find(query, limit=CANDIDATES_KEPT)
    except IndexUnavailable:
        if pasted is None and not submission.is_decided:
            raise
        found = []
    with transaction.atomic():
        row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if _words(row) == _words(submission):
            _keep(row, found, pasted, finder.version, now=now)
    submission.refresh_from_db()


def _words(row: Submission) -> tuple[object, ...]:
    return row.summary, row.problem, row.workaround, row.links


def _keep(
    row: Submission, found: list[Match], pasted: Issue | None, version: str, *, now: datetime
) -> None:
    _keep_candidates(row, found, version)
    row.matcher_version = version
    row.verdict = Verdict.CERTAIN if pasted else _best_verdict(found)
    if row.stage == Stage.RECEIVED:
        row.stage = Stage.MATCHED
    certain = pasted or _certain_issue(row, found)
    if certain and not row.is_decided and not _was_rejected(row, certain):
        _adopt(row, certain, now=now)
    else:
        update_progress(row, now=now)


def find_pasted_issue(submission: Submission) -> Issue | None:
    """The issue whose address the customer gave, if they may see it: numbers can be guessed, and
    joining by a guess would tell a stranger how a hidden issue is doing."""
    for url in [*submission.links, *_URL.findall(submission.problem)]:
        issue = find_issue_by_url(url)
        if issue is None or issue.is_gone:
            continue
        if issue.is_shown_to_customers or submission.submitter.is_staff:
            return issue
    return None


def find_issue_by_url(url: str) -> Issue | None:
    """The mirrored issue an address leads to; None for any other address, valid or not."""
    ours = urlsplit(settings.GITLAB_URL)
    try:
        parts = urlsplit(url.rstrip(".,:;!?)>]}'\""))
    except ValueError:  # no address at all, such as https://[here
        return None
    address = _ISSUE_PATH.fullmatch(parts.path.removeprefix(ours.path.rstrip("/")))
    if parts.netloc.lower() != ours.netloc.lower() or address is None:
        return None
    return (
        Issue.objects.filter(project__path__iexact=address["project"], iid=int(address["iid"]))
        .select_related("project")
        .first()
    )


def _best_verdict(found: list[Match]) -> str:
    return found[0].verdict if found else Verdict.NONE


def _certain_issue(row: Submission, found: list[Match]) -> Issue | None:
    certain = [hit.key for hit in found if hit.verdict == Verdict.CERTAIN]
    return Issue.objects.filter(pk__in=certain, is_gone=False).order_by("pk").first()


def _was_rejected(row: Submission, issue: Issue) -> bool:
    return row.candidates.filter(issue=issue, answer=Candidate.Answer.OTHER).exists()


def _keep_candidates(row: Submission, found: list[Match], version: str) -> None:
    """New ranks for new words; what people answered about a pair stays."""
    row.candidates.filter(answer=Candidate.Answer.OPEN).delete()
    known = set(
        Issue.objects.filter(pk__in=[hit.key for hit in found]).values_list("pk", flat=True)
    )
    for rank, hit in enumerate((hit for hit in found if hit.key in known), start=1):
        Candidate.objects.update_or_create(
            submission=row,
            issue_id=hit.key,
            defaults={
                "rank": rank,
                "score": hit.score,
                "verdict": hit.verdict,
                "reasons": list(hit.reasons),
                "matcher_version": version,
            },
        )


def _adopt(row: Submission, issue: Issue, *, now: datetime) -> None:
    row.issue = issue.successor or issue
    row.decision, row.decided_by_kind, row.decided_at = Decision.JOINED, Decider.RULE, now
    joined = record_event(
        row, EventKind.JOINED, now=now, facts={"issue": f"#{issue.iid}"}, is_public=True
    )
    update_progress(row, now=now, cause=joined)
