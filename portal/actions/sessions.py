"""Ending sessions, and forgetting how somebody signs in."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction

from portal.actions.audit import record_audit
from portal.models import User


def end_sessions(user: User, *, by: User | None, now: datetime, keep: str = "") -> int:
    """Sign the person out everywhere but in the session with the key `keep`. Says how often."""
    with transaction.atomic():
        sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
        for session in sessions:
            session.end()
        if sessions:
            record_audit("sessions ended", by=by, on=user, now=now, count=len(sessions))
    return len(sessions)


def end_session(session: UserSession, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        session.end()
        record_audit("sessions ended", by=by, on=session.user, now=now, count=1)


def reset_sign_in(user: User, *, by: User, now: datetime) -> None:
    """For somebody who lost phone and recovery codes, or whom the company's service knows anew:
    they start again with the mailed code, and staff set up another second step."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        record_audit("sign-in reset", by=by, on=user, now=now)
        end_sessions(user, by=by, now=now)
