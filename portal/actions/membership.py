"""Giving and taking a person's place at an account."""

from collections.abc import Callable, Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.actions.audit import record_audit
from portal.actions.doorbell import ring_for_contact
from portal.domain.email_domain import email_domain
from portal.models import Account, AccountDomain, Invitation, Membership, User
from portal.selectors.invitations import invitations_to
from portal.selectors.removals import removed_accounts

Basis = Membership.Basis
BRINGS_BACK = frozenset({Basis.STAFF, Basis.INVITATION})  # whoever was removed
OF_AN_ADDRESS = (Basis.DOMAIN, Basis.CONTACT)  # what a changed address takes along

Leave = Callable[[User, Account], None]
_leaves: list[Leave] = []


def when_somebody_leaves(leave: Leave) -> Leave:
    """Register what another package lets go of, inside the same transaction."""
    _leaves.append(leave)
    return leave


def settle_memberships(user: User, *, email: str, now: datetime) -> None:
    """What a proven address leads to: invitations at once, the account of its domain, and the
    accounts of Salesforce's contacts, which the worker asks for. Any number of times."""
    if user.is_staff or not user.is_active:
        return
    with transaction.atomic():
        accept_invitations(user, email=email, now=now)
        grant_domain_membership(user, email=email, now=now)
        ring_for_contact(user)


def follow_new_address(user: User, old: str, new: str, *, now: datetime | None = None) -> None:
    """The new address is looked at like at sign-in; what rested on the old one ends, but at the
    account that the new one's domain leads to as well."""
    now = now or timezone.now()
    with transaction.atomic():
        settle_memberships(user, email=new, now=now)
        resting = Membership.objects.filter(
            Q(address__iexact=old) | Q(address=""),
            user=user,
            basis__in=OF_AN_ADDRESS,
            ended_at=None,
        ).exclude(address__iexact=new)
        stays = AccountDomain.objects.filter(domain=email_domain(new)).values("account")
        resting.filter(account__in=stays).update(address=new.lower(), basis=Basis.DOMAIN)
        for membership in resting.select_related("account"):
            _let_go(user, membership.account, now=now)
            membership.delete()  # not ended: who proves the old address again comes back by it
            _record("membership ended", user, membership.account, now=now, because="new address")


def accept_invitations(user: User, *, email: str, now: datetime) -> None:
    """Whoever proves the address that somebody expects belongs at once."""
    expected = invitations_to(email, now=now).select_for_update(of=("self",))
    for invitation in expected.select_related("account"):
        confirm_membership(
            user, invitation.account, basis=Basis.INVITATION, address=email, now=now,
            is_lead=invitation.is_lead,
        )  # fmt: skip
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])


def grant_domain_membership(
    user: User, *, email: str, now: datetime | None = None
) -> Membership | None:
    """Belonging by a proven address. The first member of a domain waits for a TAM's word, and so
    does whoever was removed under this address."""
    domain = email_domain(email)
    known = AccountDomain.objects.filter(domain=domain).select_related("account").first()
    if known is None or user.is_staff:
        return None
    account = known.account
    with transaction.atomic():
        membership, is_new = Membership.objects.get_or_create(
            user=user,
            account=account,
            defaults={
                "basis": Basis.DOMAIN,
                "is_confirmed": _has_member_of(domain, account)
                and account not in removed_accounts(user, email=email),
                "address": email.lower(),
            },
        )
        if is_new:
            act = "member confirmed" if membership.is_confirmed else "member waits"
            _record(act, user, account, now=now, basis=Basis.DOMAIN)
    return membership


def _has_member_of(domain: str, account: Account) -> bool:
    """Compared up to the @, so that no longer domain counts."""
    ending = f"@{domain}"
    told = Q(address__iendswith=ending) | Q(address="", user__email__iendswith=ending)
    return Membership.objects.filter(told, account=account, is_confirmed=True).exists()


def admit_contact(user: User, accounts: Sequence[Account], *, now: datetime) -> None:
    """Salesforce names the address as a contact of these accounts. A single one makes a member;
    of several, the one where the person waits already. Otherwise somebody has to say."""
    if user.is_staff:
        return
    if len(accounts) > 1:
        waits = Membership.objects.filter(user=user, is_confirmed=False, ended_at=None)
        waiting = set(waits.values_list("account", flat=True))
        accounts = [account for account in accounts if account.pk in waiting]
    for account in accounts:
        confirm_membership(user, account, basis=Basis.CONTACT, address=user.email, now=now)


def confirm_membership(
    user: User,
    account: Account,
    *,
    basis: str,
    by: User | None = None,
    address: str = "",
    is_lead: bool = False,
    now: datetime | None = None,
) -> bool:
    """Belonging that a contact, an invitation or a person vouches for. False when the person
    belonged there already, or was removed and only a contact speaks for them."""
    is_vouched = by is not None or basis in BRINGS_BACK
    if not is_vouched and account in removed_accounts(user, email=address):
        return False
    with transaction.atomic():
        membership, _ = Membership.objects.select_for_update().get_or_create(
            user=user, account=account, defaults={"basis": basis, "is_confirmed": False}
        )
        is_news = not membership.is_confirmed
        if is_news or basis == Basis.INVITATION:  # which outlives a changed address
            membership.basis, membership.address = basis, address.lower()
        is_new_lead = is_lead and not membership.is_lead
        membership.is_confirmed, membership.ended_at = True, None
        membership.is_lead |= is_lead
        membership.save()
        if is_news:
            _record("member confirmed", user, account, by=by, now=now, basis=basis)
        if is_new_lead:
            _record("lead named", user, account, by=by, now=now)
    return is_news


def end_membership(
    user: User, account: Account, *, by: User | None = None, now: datetime | None = None
) -> bool:
    """Ended, not deleted: no domain and no contact brings it back, and no invitation of before.
    False when there was none."""
    now = now or timezone.now()
    with transaction.atomic():
        current = Membership.objects.filter(user=user, account=account, ended_at=None)
        gone = {"is_confirmed": False, "is_lead": False, "ended_at": now}
        if not current.update(**gone, address=user.email.lower()):
            return False
        addresses = EmailAddress.objects.filter(user=user).values("email")
        to_them = Q(email=user.email) | Q(email__in=addresses)
        Invitation.objects.open(now).filter(to_them, account=account).update(withdrawn_at=now)
        _let_go(user, account, now=now)
        _record("membership ended", user, account, by=by, now=now)
    return True


def withdraw_invitations_by(user: User, account: Account, *, now: datetime) -> None:
    """Whoever leads no more brings nobody in, least of all themselves by another address."""
    Invitation.objects.open(now).filter(account=account, invited_by=user).update(withdrawn_at=now)


def _let_go(user: User, account: Account, *, now: datetime) -> None:
    withdraw_invitations_by(user, account, now=now)
    for leave in _leaves:
        leave(user, account)


def _record(
    act: str,
    user: User,
    account: Account,
    *,
    by: User | None = None,
    now: datetime | None = None,
    **details: str,
) -> None:
    record_audit(act, by=by, on=user, now=now, account=account.pk, **details)
