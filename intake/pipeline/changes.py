"""Which issues changed since a watermark.

The watermark names the newest change there is and a digest of the changes around it: a
transaction that commits late, with an older time, changes the digest and is picked up.
"""

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from intake.models import Issue

OVERLAP = timedelta(minutes=1)  # longer than any transaction that writes issues


def read_watermark() -> str:
    """Empty while there are no issues."""
    newest = Issue.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    if newest is None:
        return ""
    around = (
        Issue.objects.filter(changed_at__gt=newest - OVERLAP)
        .order_by("pk")
        .values_list("pk", "changed_at")
    )
    digest = hashlib.sha256()
    for pk, changed_at in around.iterator():
        digest.update(f"{pk}:{changed_at.timestamp()};".encode())
    return f"{newest.isoformat()}|{digest.hexdigest()[:16]}"


def changed_since(mark: str) -> QuerySet[Issue]:
    """At least those that changed; all of them for an empty watermark."""
    newest = mark.partition("|")[0]
    since = Q(changed_at__gt=datetime.fromisoformat(newest) - OVERLAP) if newest else Q()
    return Issue.objects.filter(since).select_related("project")
