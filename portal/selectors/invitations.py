"""Which invitations an address may still accept."""

from datetime import datetime

from django.db.models import QuerySet

from portal.models import Invitation


def invitations_to(email: str, *, now: datetime) -> "QuerySet[Invitation]":
    """Open ones; what somebody sent who may not sign in any more counts for nothing."""
    to_them = Invitation.objects.open(now).filter(email=email.strip().lower())
    return to_them.exclude(invited_by__is_active=False)


def is_expected(email: str, *, now: datetime) -> bool:
    return invitations_to(email, now=now).exists()
