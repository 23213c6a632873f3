"""Issues as triage compares them: what each says, and why the matcher thinks it is the wish."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from intake.models import Candidate, CustomerLink, Issue

BEST = 3  # shown in the queue; the request's own page shows all


@dataclass(frozen=True, slots=True)
class IssueGlance:
    """An issue as staff see it, hidden ones included. `accounts`: how many are tied to it."""

    id: int
    number: str
    title: str
    url: str
    project: str
    is_closed: bool
    is_hidden: bool
    is_gone: bool
    labels: tuple[str, ...]
    milestone: str
    milestone_due_on: date | None
    weight: int | None
    opening: str
    accounts: int


@dataclass(frozen=True, slots=True)
class CandidateGlance:
    """`percent` is the score as a whole number; `answer` tells what a person said already."""

    issue: IssueGlance
    percent: int
    verdict: str
    why: tuple[str, ...]
    answer: str
    answered_by: str


def list_candidates(submission_id: int) -> list[CandidateGlance]:
    """All candidates of one request: open ones by rank, then those somebody answered."""
    rows = list(
        Candidate.objects.filter(submission=submission_id)
        .select_related("issue__project", "answered_by")
        .order_by("rank", "-score")
    )
    rows.sort(key=lambda row: row.answer != Candidate.Answer.OPEN)
    accounts = count_accounts(row.issue_id for row in rows)
    return [_describe(row, accounts) for row in rows]


def find_best_candidates(submission_ids: Iterable[int]) -> dict[int, list[CandidateGlance]]:
    """The best open candidates of each request, in two queries however many there are."""
    place = Window(RowNumber(), partition_by=F("submission"), order_by=F("rank").asc())
    rows = list(
        Candidate.objects.filter(submission__in=list(submission_ids), answer=Candidate.Answer.OPEN)
        .annotate(place=place)
        .filter(place__lte=BEST)
        .select_related("issue__project", "answered_by")
        .defer("issue__description")
        .order_by("submission", "place")
    )
    accounts = count_accounts(row.issue_id for row in rows)
    best: dict[int, list[CandidateGlance]] = defaultdict(list)
    for row in rows:
        best[row.submission_id].append(_describe(row, accounts, with_opening=False))
    return best


def describe_issues(issues: Iterable[Issue]) -> list[IssueGlance]:
    """In the order given; expects `project` to be loaded."""
    known = list(issues)
    accounts = count_accounts(issue.pk for issue in known)
    return [describe_issue(issue, accounts.get(issue.pk, 0)) for issue in known]


def count_accounts(issue_ids: Iterable[int]) -> dict[int, int]:
    """Accounts with open demand on each issue."""
    counted = (
        CustomerLink.objects.filter(issue__in=set(issue_ids), demands__isnull=False)
        .order_by()
        .values_list("issue")
        .annotate(accounts=Count("account", distinct=True))
    )
    return dict(counted)


def describe_issue(issue: Issue, accounts: int, *, with_opening: bool = True) -> IssueGlance:
    return IssueGlance(
        id=issue.pk,
        number=f"#{issue.iid}",
        title=issue.title,
        url=issue.web_url,
        project=issue.project.path,
        is_closed=issue.is_closed,
        is_hidden=not issue.is_shown_to_customers,
        is_gone=issue.is_gone,
        labels=tuple(issue.labels),
        milestone=issue.milestone,
        milestone_due_on=issue.milestone_due_on,
        weight=issue.weight,
        opening=issue.description[:600] if with_opening else "",
        accounts=accounts,
    )


def _describe(
    row: Candidate, accounts: Mapping[int, int], *, with_opening: bool = True
) -> CandidateGlance:
    return CandidateGlance(
        issue=describe_issue(row.issue, accounts.get(row.issue_id, 0), with_opening=with_opening),
        percent=round(max(0.0, min(row.score, 1.0)) * 100),
        verdict=row.verdict,
        why=tuple(str(reason) for reason in row.reasons),
        answer=row.answer,
        answered_by=str(row.answered_by or ""),
    )
