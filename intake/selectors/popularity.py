"""How many organisations ask for an issue, as customers may hear it."""

from collections.abc import Iterable

from django.db.models import Count

from intake.domain.bucket import bucket_count
from intake.models import CustomerLink


def asked_for_by(issue_ids: Iterable[int]) -> dict[int, str]:
    """For each issue "10+ organisations", or "" while fewer than five ask."""
    ids = list(issue_ids)
    counts = (
        CustomerLink.objects.filter(issue__in=ids, demands__isnull=False)
        .values_list("issue")
        .annotate(accounts=Count("account", distinct=True))
    )
    told = {issue: bucket_count(accounts) for issue, accounts in counts}
    return {pk: f"{bucket} organisations" if (bucket := told.get(pk, "")) else "" for pk in ids}
