"""What people answered: which issue is a request's wish, and which are not."""

from django.db.models import F, Q, QuerySet

from intake.domain.vocabulary import Decision
from intake.models import Issue, Submission


def list_answered() -> QuerySet[Submission]:
    """Requests that a person tied to an issue, or found none for; oldest first.

    What a rule did and nobody looked at teaches the rule nothing.
    """
    return (
        Submission.objects.filter(
            withdrawn_at=None,
            checked_at__isnull=False,
            contested_at=None,
            decision__in=[Decision.JOINED, Decision.NEW_ISSUE],
        )
        .select_related("account", "submitter", "issue__successor")
        .prefetch_related("account__domains", "candidates__issue", "candidates__answered_by")
        .order_by("created_at", "pk")
    )


def list_told_issues() -> QuerySet[Issue]:
    """Issues in their own words, oldest first: no copy that a move left behind, and none that
    the portal opened for a single request and in its words."""
    moved = Q(successor__title=F("title"), successor__description=F("description"))
    opened = Submission.objects.filter(decision=Decision.NEW_ISSUE).values("issue")
    abandoned = Submission.objects.exclude(abandoned_issue=None).values("abandoned_issue")
    joined = Submission.objects.filter(decision=Decision.JOINED).values("issue")
    own = (Q(pk__in=opened) & ~Q(pk__in=joined)) | Q(pk__in=abandoned)
    return (
        Issue.objects.filter(is_gone=False)
        .exclude(moved)
        .exclude(own)
        .select_related("project")
        .order_by("created_at", "pk")
    )
