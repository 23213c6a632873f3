"""What follows from signing in, and from changing how one does."""

from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    email_changed,
    email_confirmed,
    login_code_rejected,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.actions.audit import record_audit
from portal.actions.membership import follow_new_address, settle_memberships
from portal.actions.sessions import end_sessions
from portal.models import User
from portal.sign_in.strength import OPENING, SECOND_STEP, forget_lost_step, list_records


@receiver(email_confirmed)
def on_email_confirmed(email_address: EmailAddress, **_: Any) -> None:
    settle_memberships(email_address.user, email=email_address.email, now=timezone.now())


@receiver(user_logged_in)
def on_login(request: HttpRequest, user: User, **_: Any) -> None:
    now = timezone.now()
    for address in EmailAddress.objects.filter(user=user, verified=True):
        settle_memberships(user, email=address.email, now=now)
    longest = settings.STAFF_SESSION if user.is_staff else settings.SESSION_COOKIE_AGE
    request.session.set_expiry(timedelta(seconds=longest))  # a point in time: use prolongs nothing
    ways = sorted({record["method"] for record in list_records(request)})
    record_audit("signed in", by=user, on=user, now=now, ways=ways)


@receiver(user_logged_out)
def on_logout(user: User | None, **_: Any) -> None:
    if user:
        record_audit("signed out", by=user, on=user)


@receiver(login_code_rejected)
def on_wrong_code(user: User, **_: Any) -> None:
    record_audit("sign-in failed", by=None, on=user, way="code")


@receiver(authentication_failed)
def on_wrong_second_step(user: User, authenticator: Authenticator, **_: Any) -> None:
    record_audit("sign-in failed", by=None, on=user, way=authenticator.type)


@receiver(authentication_step_completed)
def on_confirmed_again(request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """A new session key, as after signing in; the list of sessions follows."""
    if not reauthenticated:
        return
    old = request.session.session_key
    request.session.cycle_key()
    new = request.session.session_key
    UserSession.objects.filter(session_key=old).update(session_key=new)


@receiver(authenticator_added)
def on_factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Setting it up has shown that it works: this session is as strong as after using it, and
    the recovery codes are shown without asking again."""
    if authenticator.type in OPENING:
        extra = {"id": authenticator.pk, "type": authenticator.type, "reauthenticated": True}
        record_authentication(request, user, SECOND_STEP, **extra)
    follow_change(request, user, "second step added", kind=authenticator.type)


@receiver(authenticator_removed)
def on_factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    forget_lost_step(request)
    follow_change(request, user, "second step removed", kind=authenticator.type)


@receiver(authenticator_reset)
def on_codes_made(request: HttpRequest, user: User, **_: Any) -> None:
    follow_change(request, user, "recovery codes made")


@receiver(social_account_added)
def on_company_sign_in_tied(request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    service = sociallogin.provider.name
    record_audit("company sign-in tied", by=sociallogin.user, on=sociallogin.user, service=service)


@receiver(email_changed)
def on_email_changed(
    request: HttpRequest,
    user: User,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **_: Any,
) -> None:
    """allauth says so of a first address too; that one replaces none."""
    if from_email_address is None:
        return
    old, new = from_email_address.email, to_email_address.email
    follow_new_address(user, old=old, new=new, now=timezone.now())
    follow_change(request, user, "address changed")


def follow_change(request: HttpRequest, user: User, what: str, **details: Any) -> None:
    """Whoever changes how they sign in is signed out everywhere else."""
    now = timezone.now()
    record_audit(what, by=user, on=user, now=now, **details)
    end_sessions(user, by=user, now=now, keep=request.session.session_key or "")
