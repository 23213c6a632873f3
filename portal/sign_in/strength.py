"""How strongly, and how lately, the person of this session has shown who they are."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

SECOND_STEP, COMPANY = "mfa", "socialaccount"
OPENING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_too_weak(request: HttpRequest) -> bool:
    """Staff who have shown no more than a mailed code."""
    if settings.STAFF_SIGN_IN == "code" or not request.user.is_staff:
        return False
    return not {SECOND_STEP, COMPANY} & {record["method"] for record in list_records(request)}


def has_signed_in_lately(request: HttpRequest) -> bool:
    newest = max((record["at"] for record in list_records(request)), default=0.0)
    return bool(time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT)


def forget_lost_step(request: HttpRequest) -> None:
    """A second step that was taken away is none: this session falls back to the code."""
    if Authenticator.objects.filter(user_id=request.user.pk, type__in=OPENING).exists():
        return
    kept = [record for record in list_records(request) if record["method"] != SECOND_STEP]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def list_records(request: HttpRequest) -> list[dict[str, Any]]:
    """How this session's person signed in and confirmed since."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return records
