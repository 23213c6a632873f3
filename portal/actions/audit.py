"""Recording who did what to what; nothing recorded is ever changed."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from portal.models import AuditEntry, User


def record_audit(
    action: str,
    *,
    by: User | None,
    on: Model | None = None,
    now: datetime | None = None,
    **details: Any,
) -> AuditEntry:
    """Call it inside the transaction of the act itself: both are written, or neither.

    `action` is a verb in the past, in words ("member confirmed"); `by` None is the portal. Details
    are JSON values, and never money, a code, a token or a customer's name or address: whoever it
    was is told by references.
    """
    return AuditEntry.objects.create(
        at=now or timezone.now(),
        actor=name_actor(by),
        actor_reference=by.reference if by else "",
        action=action,
        object_kind=str(on._meta.verbose_name) if on else "",
        object_reference=refer_to(on),
        details=details,
    )


def name_actor(by: User | None) -> str:
    """Staff by name, since they answer for what they do; customers by their reference, so that
    erasing the person leaves nothing to rewrite."""
    if by is None:
        return ""
    return f"{by} ({by.get_role_display()})" if by.is_staff else by.reference


def refer_to(row: Model | None) -> str:
    """What people quote where there is such a thing, else the row's number."""
    if row is None:
        return ""
    return str(getattr(row, "reference", "") or row.pk)
