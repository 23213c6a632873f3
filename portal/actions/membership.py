"""Giving and taking a person's place at an account."""

from django.db import transaction

from portal.domain.email_domain import email_domain
from portal.models import Account, AccountDomain, Membership, User


def grant_domain_membership(user: User, *, email: str) -> Membership | None:
    """Belonging by a proven address. The first member of a domain waits for a TAM's word."""
    known = AccountDomain.objects.filter(domain=email_domain(email)).first()
    if known is None or user.is_staff:
        return None
    colleagues = Membership.objects.filter(account_id=known.account_id, is_confirmed=True)
    membership, _ = Membership.objects.get_or_create(
        user=user,
        account_id=known.account_id,
        defaults={"basis": Membership.Basis.DOMAIN, "is_confirmed": colleagues.exists()},
    )
    return membership


def confirm_membership(user: User, account: Account, *, basis: str) -> bool:
    """Belonging that a Salesforce contact or a member of staff vouches for. False when the person
    belonged there already."""
    with transaction.atomic():
        rows = Membership.objects.select_for_update()
        membership, is_new = rows.get_or_create(
            user=user, account=account, defaults={"basis": basis, "is_confirmed": True}
        )
        if is_new or membership.is_confirmed:
            return is_new
        membership.basis, membership.is_confirmed = basis, True
        membership.save(update_fields=["basis", "is_confirmed"])
    return True


def end_membership(user: User, account: Account) -> None:
    """Unconfirmed, not deleted: signing in again by the same domain does not bring it back."""
    Membership.objects.filter(user=user, account=account).update(is_confirmed=False)
