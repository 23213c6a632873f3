"""Erasing a person: what names them goes, what their organisation asked for stays.

Each package forgets its own part: it registers a function, as system checks are registered.
"""

import json
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from portal.actions.audit import record_audit
from portal.actions.refusals import Refusal
from portal.actions.sessions import end_sessions
from portal.models import Account, Invitation, Membership, Role, User
from portal.selectors.removals import hide_address

Addresses = frozenset[str]
Forget = Callable[[User, Addresses], None]

_forgets: list[Forget] = []


class AskAnAdministrator(Refusal):
    def __init__(self) -> None:
        super().__init__("Staff are erased by an administrator. Ask one of them.")


class LastAdministrator(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "This is the last administrator. Make somebody else one first: "
            "nobody could give rights any more."
        )


def forgets(forget: Forget) -> Forget:
    """Register how a package lets go of a person, given all addresses they ever proved."""
    _forgets.append(forget)
    return forget


def erase_person(person: User, *, by: User, now: datetime) -> None:
    """A customer erases themselves; an administrator anybody. Raises a Refusal otherwise.

    The row stays under its reference, so that requests and history keep their author.
    """
    with transaction.atomic():
        _refuse_wrong_hands(person, by)
        row = User.objects.select_for_update().get(pk=person.pk)
        if row.erased_at:
            return
        addresses = _list_addresses(row)
        for forget in _forgets:
            forget(row, addresses)
        _forget_places(row, addresses, now=now)
        _forget_admin_log(row, addresses)
        _forget_sign_in(row, by=by, now=now)
        _rename(row, now=now)
        record_audit("person erased", by=by, on=row, now=now)


def _refuse_wrong_hands(person: User, by: User) -> None:
    if by.role != Role.ADMINISTRATOR and (by.pk != person.pk or person.is_staff):
        raise AskAnAdministrator
    if person.role == Role.ADMINISTRATOR:
        rows = User.objects.select_for_update()  # two who erase each other: one is the last
        in_office = rows.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
        if not [each for each in in_office if each.pk != person.pk]:
            raise LastAdministrator


def _list_addresses(person: User) -> Addresses:
    proven = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return frozenset(address.lower() for address in [person.email, *proven])


def _forget_places(person: User, addresses: Addresses, *, now: datetime) -> None:
    invited = Invitation.objects.open(now).filter(invited_by=person)
    invited.filter(account__memberships__user=person).update(withdrawn_at=now)
    Membership.objects.filter(user=person, ended_at=None).delete()
    for removed in Membership.objects.filter(user=person):  # who comes back is to be known
        removed.address = hide_address(removed.address or person.email)
        removed.save(update_fields=["address"])
    for address in addresses:
        Invitation.objects.filter(email__iexact=address).delete()
    Account.objects.filter(tam=person).update(tam=None, changed_at=now)


def _forget_admin_log(person: User, addresses: Addresses) -> None:
    """The admin's own log names rows, its texts begin with the name. What happened stays in the
    audit, by reference."""
    for name in {*addresses, person.name} - {""}:
        quoted = json.dumps(name)[:-1]  # as the log's JSON begins it
        LogEntry.objects.filter(
            Q(object_repr__iexact=name)
            | Q(object_repr__istartswith=f"{name} ")
            | Q(change_message__icontains=quoted)
        ).delete()


def _forget_sign_in(person: User, *, by: User, now: datetime) -> None:
    end_sessions(person, by=by, now=now)
    for kept in (EmailAddress, Authenticator, SocialAccount):
        kept.objects.filter(user=person).delete()


def _rename(person: User, *, now: datetime) -> None:
    """Shown by the reference wherever their name stood."""
    person.email = f"{person.reference}@erased.invalid"
    person.name = person.reference
    person.is_active = False
    person.erased_at = now
    person.last_login = None
    person.set_unusable_password()  # sessions that are left over open nothing
    person.save()
