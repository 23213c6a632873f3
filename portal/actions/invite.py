"""Telling the portal whom to expect. It mails nobody it does not know: the inviting person does."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.actions.audit import record_audit
from portal.actions.refusals import NotAllowed, Refusal
from portal.models import Account, Invitation, Membership, User
from portal.selectors.colleagues import may_manage

HOLDS = timedelta(days=30)
MOST_OPEN = 20


class CannotInvite(Refusal):
    """The sentence stands next to the address."""


def invite(
    account: Account, email: str, *, is_lead: bool = False, by: User, now: datetime
) -> Invitation:
    """Whoever signs in with this address within 30 days belongs. Inviting again begins the 30 days
    again. Raises CannotInvite, and NotAllowed for whoever does not manage the account."""
    if not may_manage(by, account):
        raise NotAllowed
    email = email.strip().lower()
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)  # two at once count as two
        if obstacle := find_obstacle(account, email, now=now):
            raise CannotInvite(obstacle)
        invitation, _ = Invitation.objects.update_or_create(
            account=account,
            email=email,
            accepted_at=None,
            withdrawn_at=None,
            defaults={
                "is_lead": is_lead,
                "invited_by": by,
                "created_at": now,
                "expires_at": now + HOLDS,
            },
        )
        record_audit(
            "colleague invited", by=by, on=invitation, now=now, account=account.pk, is_lead=is_lead
        )
    return invitation


def find_obstacle(account: Account, email: str, *, now: datetime) -> str:
    """Why this address cannot be invited now, for the person who tries; empty: it can."""
    members = Membership.objects.filter(account=account, is_confirmed=True)
    if members.filter(user__email__iexact=email).exists():
        return f"{email} belongs to {account} already."
    others = Invitation.objects.open(now).filter(account=account).exclude(email=email)
    if others.count() >= MOST_OPEN:
        return (
            f"{MOST_OPEN} invitations are open already. Withdraw one that is not needed any more, "
            "or wait until somebody has signed in."
        )
    return ""


def withdraw_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Twice is once. Raises NotAllowed."""
    if not may_manage(by, invitation.account):
        raise NotAllowed
    with transaction.atomic():
        open_still = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, withdrawn_at=None
        )
        if open_still.update(withdrawn_at=now):
            record_audit("invitation withdrawn", by=by, on=invitation, now=now)
