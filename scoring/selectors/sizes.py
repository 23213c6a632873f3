"""What single issues weigh, and how long they are estimated to take."""

from collections.abc import Collection
from decimal import Decimal

from intake.models import Issue
from scoring.domain.records import Estimates
from scoring.domain.records import Issue as ScoredIssue
from scoring.selectors.estimates import MOST_NAMED, read_estimates

NO_ESTIMATES = Estimates()


def read_sized(issues: Collection[int]) -> dict[int, ScoredIssue]:
    """Their weights and estimates alone. Two queries, or none."""
    if not issues:
        return {}
    estimates = read_estimates(issues)
    rows = Issue.objects.all()
    if len(issues) <= MOST_NAMED:
        rows = rows.filter(pk__in=issues)
    return {
        pk: ScoredIssue(
            pk,
            weight=None if weight is None else Decimal(weight),
            estimates=estimates.get(pk, NO_ESTIMATES),
        )
        for pk, weight in rows.values_list("pk", "weight")
        if pk in issues
    }
