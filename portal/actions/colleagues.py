"""What a lead does about the colleagues at an account, and staff for them."""

from datetime import datetime

from django.db import transaction

from portal.actions.audit import record_audit
from portal.actions.membership import confirm_membership, end_membership, withdraw_invitations_by
from portal.actions.refusals import NotAllowed, Refusal
from portal.models import Account, Membership, User
from portal.selectors.colleagues import may_manage


def confirm_colleague(user: User, account: Account, *, by: User, now: datetime) -> bool:
    """The word that somebody waits for, and what brings back who was removed. False when they
    belonged already. Raises NotAllowed, and Membership.DoesNotExist for who never came."""
    _require_manager(by, account)
    known = Membership.objects.get(user=user, account=account)
    basis = Membership.Basis.STAFF if known.ended_at else known.basis
    address = known.address or user.email
    return confirm_membership(user, account, basis=basis, address=address, by=by, now=now)


def remove_colleague(user: User, account: Account, *, by: User, now: datetime) -> bool:
    """Their access ends with their next click. Raises NotAllowed, and Refusal for oneself."""
    _require_manager(by, account)
    if user == by:
        raise Refusal("Ask another lead, or us, to remove you: nobody leaves by a slip.")
    return end_membership(user, account, by=by, now=now)


def set_lead(user: User, account: Account, *, is_lead: bool, by: User, now: datetime) -> bool:
    """False when it was so already. Raises NotAllowed."""
    _require_manager(by, account)
    with transaction.atomic():
        members = Membership.objects.filter(user=user, account=account, is_confirmed=True)
        if not members.exclude(is_lead=is_lead).update(is_lead=is_lead):
            return False
        if not is_lead:
            withdraw_invitations_by(user, account, now=now)
        act = "lead named" if is_lead else "lead taken back"
        record_audit(act, by=by, on=user, now=now, account=account.pk)
    return True


def _require_manager(by: User, account: Account) -> None:
    if not may_manage(by, account):
        raise NotAllowed
