"""The Top 10: what stands highly in revenue, accounts, strategic accounts and dealbreakers."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from scoring.selectors.newest_run import read_newest_run
from scoring.selectors.top_issues import TopIssue, read_top_issues
from scoring.views.amounts import write_amount, write_milestone, write_share
from scoring.views.staff_only import StaffRequest, staff_only


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the four that are ranked, and its rank."""

    label: str
    text: str
    rank: str


@dataclass(frozen=True, slots=True)
class ShownTop:
    issue: TopIssue
    figures: tuple[Figure, ...]
    mean: str
    worst: str
    lost_arr: str
    milestone: str


@require_GET
@staff_only
def top(request: StaffRequest) -> HttpResponse:
    found, run = read_top_issues(), read_newest_run()
    context = {
        "rows": [_draw(issue) for issue in found.ten],
        "next_in_line": found.next_in_line,
        "run": run,
        "is_late": run is not None and run.is_late(timezone.now()),
    }
    return render(request, "scoring/top.html", context)


def _draw(issue: TopIssue) -> ShownTop:
    ranks = issue.gap.get("ranks", {})
    share = write_share(Decimal(issue.p0_accounts), Decimal(issue.accounts))
    texts = {
        "impacted_arr": ("Impacted ARR", write_amount(issue.impacted_arr)),
        "accounts": ("Accounts", write_amount(issue.accounts)),
        "strategic_accounts": ("Strategic", write_amount(issue.strategic_accounts)),
        "p0_share": ("P0 share", f"{share} % ({issue.p0_accounts} of {issue.accounts})"),
    }
    return ShownTop(
        issue=issue,
        figures=tuple(
            Figure(label, text, ranks.get(name, "")) for name, (label, text) in texts.items()
        ),
        mean=str(issue.gap.get("mean", "")),
        worst=str(issue.gap.get("worst", "")),
        lost_arr=write_amount(issue.lost_arr),
        milestone=write_milestone(issue.milestone, issue.milestone_due_on),
    )
