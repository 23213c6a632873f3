"""What is asked of people who are signed in before a view runs."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from portal.sign_in.strength import has_signed_in_lately, is_too_weak

METHODS = ("GET", "HEAD", "POST")
View = Callable[..., HttpResponseBase]

# Where staff go to become strong enough, or to leave.
WAYS_IN = frozenset({
    "account_confirm_login_code",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_request_login_code",
    "confirm_by_mail",
    "healthz",
    "second_step",
})  # fmt: skip
WAYS_IN_BEGIN = ("mfa_", "openid_connect_", "saml_", "socialaccount_login")

# Whoever sees or changes this could keep somebody else's account.
DELICATE_TO_SEE = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})
DELICATE_TO_SEND = DELICATE_TO_SEE | {"account_email", "end_session", "usersessions_list"}


class Guard:
    """Looks before the view, at signed-in people on pages it is about: others cost no query."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not self.watches(request, view):
            return None
        return self.stop(request) if request.user.is_authenticated else None

    def watches(self, request: HttpRequest, view: View) -> bool:
        raise NotImplementedError

    def stop(self, request: HttpRequest) -> HttpResponseBase | None:
        raise NotImplementedError


class StaffGuard(Guard):
    """Staff see no page before a second step or a company sign-in.

    It stands before the check against forgery, whose own answer may show what was typed.
    """

    def watches(self, request: HttpRequest, view: View) -> bool:
        name = name_view(request)
        return name not in WAYS_IN and not name.startswith(WAYS_IN_BEGIN)

    def stop(self, request: HttpRequest) -> HttpResponseBase | None:
        if not is_too_weak(request):
            return None
        if request.method in {"GET", "HEAD"}:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('second_step')}?{query}")
        return render(request, "account/second_step.html", status=403)


class FreshGuard(Guard):
    """Delicate pages ask to confirm when the last proof is old; what was sent goes on after it.

    A view of ours says so itself: `view.needs_fresh_sign_in = True`.
    """

    def watches(self, request: HttpRequest, view: View) -> bool:
        if getattr(view, "needs_fresh_sign_in", False):
            return True
        sends = request.method not in {"GET", "HEAD"}
        return name_view(request) in (DELICATE_TO_SEND if sends else DELICATE_TO_SEE)

    def stop(self, request: HttpRequest) -> HttpResponseBase | None:
        if request.method not in METHODS:  # allauth's pages take PUT for POST
            return HttpResponseNotAllowed(METHODS)
        if has_signed_in_lately(request):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        answer: HttpResponseBase = suspend_request(request, methods[0]["url"])
        return answer


def name_view(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""
