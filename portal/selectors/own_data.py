"""A person's own data, chapter by chapter, as they may take it with them.

Each package tells what it keeps: it registers a function for each of its chapters, as system
checks are registered. Fields are named one by one; nothing comes along by accident.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from portal.models import AuditEntry, Invitation, Membership, User

Chapter = Sequence[Mapping[str, Any]]
Tell = Callable[[User], Chapter]

_chapters: dict[str, Tell] = {}


def tells(chapter: str) -> Callable[[Tell], Tell]:
    """Register what is kept about a person under this heading."""

    def register(tell: Tell) -> Tell:
        _chapters[chapter] = tell
        return tell

    return register


def read_own_data(person: User, *, now: datetime) -> dict[str, Any]:
    """Everything the portal keeps about a person, without secrets and without other people."""
    about = {
        "reference": person.reference,
        "email": person.email,
        "name": person.name,
        "role": person.get_role_display(),
        "joined_at": person.joined_at,
        "last_signed_in_at": person.last_login,
    }
    chapters = {name: tell(person) for name, tell in _chapters.items()}
    return {"made_at": now, "person": about, **chapters}


@tells("email_addresses")
def tell_addresses(person: User) -> Chapter:
    rows = EmailAddress.objects.filter(user=person).order_by("pk")
    return list(rows.values("email", "verified", "primary"))


@tells("organisations")
def tell_memberships(person: User) -> Chapter:
    rows = Membership.objects.filter(user=person).select_related("account").order_by("pk")
    return [
        {
            "organisation": row.account.name if row.is_confirmed or row.ended_at else "",
            "because_of": row.get_basis_display(),
            "is_confirmed": row.is_confirmed,
            "is_lead": row.is_lead,
            "since": row.created_at,
            "ended_at": row.ended_at,
        }
        for row in rows
    ]


@tells("invitations_you_sent")
def tell_invitations(person: User) -> Chapter:
    rows = Invitation.objects.filter(invited_by=person).order_by("pk")
    return list(rows.values("created_at", "expires_at", "accepted_at", "withdrawn_at"))


@tells("second_steps")
def tell_authenticators(person: User) -> Chapter:
    """That they exist; never what opens the door."""
    rows = Authenticator.objects.filter(user=person).order_by("pk")
    return list(rows.values("type", "created_at", "last_used_at"))


@tells("company_sign_ins")
def tell_company_sign_ins(person: User) -> Chapter:
    rows = SocialAccount.objects.filter(user=person).order_by("pk")
    return list(rows.values("provider", "uid", "date_joined", "last_login"))


@tells("sessions")
def tell_sessions(person: User) -> Chapter:
    rows = UserSession.objects.filter(user=person).order_by("pk")
    return list(rows.values("created_at", "last_seen_at", "ip", "user_agent"))


@tells("recorded")
def tell_recorded(person: User) -> Chapter:
    """What the audit says they did, oldest first."""
    rows = AuditEntry.objects.filter(actor_reference=person.reference).order_by("at", "pk")
    return list(rows.values("at", "action", "object_kind", "object_reference"))
