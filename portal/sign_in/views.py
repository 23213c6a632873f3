"""Pages of signing in that allauth does not have, or that must not break as its own would."""

import logging
from collections.abc import Callable
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import login as allauth_sign_in_page
from allauth.socialaccount.providers.openid_connect.views import callback as allauth_callback
from allauth.socialaccount.providers.openid_connect.views import login as allauth_to_service
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.actions.sessions import end_session as end_one
from portal.models import User
from portal.sign_in.strength import is_too_weak

View = Callable[..., HttpResponse]
logger = logging.getLogger(__name__)

# The service is away, or does not speak OpenID Connect.
SERVICE_FAILURES = (OSError, ValueError, KeyError, TypeError, AttributeError)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    return let_forms_leave(allauth_sign_in_page(request))


@require_http_methods(["GET", "HEAD", "POST"])
def to_service(request: HttpRequest, provider_id: str) -> HttpResponse:
    return let_forms_leave(ask_service(allauth_to_service, request, provider_id=provider_id))


@require_safe
def from_service(request: HttpRequest, provider_id: str) -> HttpResponse:
    return ask_service(allauth_callback, request, provider_id=provider_id)


@require_http_methods(["GET", "HEAD", "POST"])
def to_saml_service(request: HttpRequest, organization_slug: str) -> HttpResponse:
    from allauth.socialaccount.providers.saml.views import login  # noqa: PLC0415  an extra

    return let_forms_leave(ask_service(login, request, organization_slug=organization_slug))


def ask_service(view: View, request: HttpRequest, **which: str) -> HttpResponse:
    try:
        return view(request, **which)
    except SERVICE_FAILURES as error:
        is_away = isinstance(error, OSError)
        logger.warning("Company sign-in %s: %r", which, error, exc_info=not is_away)
        return render(request, "socialaccount/away.html", status=503)


def let_forms_leave(answer: HttpResponse) -> HttpResponse:
    """Browsers hold the redirect after a form against `form-action` too."""
    update: dict[str, Any] = {"form-action": settings.COMPANY_SIGN_IN_ORIGINS}
    cast(Any, answer)._csp_update = update
    return answer


@login_required
@require_safe
def second_step(request: HttpRequest) -> HttpResponse:
    """Why staff are held up here, and the ways on."""
    wanted = get_next_redirect_url(request) or "/"
    if not is_too_weak(request):
        return redirect(wanted)
    has_one = bool(get_reauthentication_flows(request.user))
    methods = get_adapter().get_reauthentication_methods(request.user) if has_one else []
    ways = [{**way, "url": f"{way['url']}?{urlencode({'next': wanted})}"} for way in methods]
    return render(request, "account/second_step.html", {"ways": ways})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    session = get_object_or_404(UserSession, pk=pk, user=user)
    if session.is_current():
        return redirect("account_logout")
    end_one(session, by=user, now=timezone.now())
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")
