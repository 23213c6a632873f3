"""Confirming by a mailed code that it is still the same person, for who has no second step."""

from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from portal.models import User
from portal.sign_in.account import TOO_OFTEN
from portal.sign_in.forms import count_code

SESSION_KEY = "confirm_by_mail"
RUN_OUT = "That code has run out. Please ask for a new one."


class MailedCode(AbstractCodeVerificationProcess):  # type: ignore[misc]  # allauth has no types
    """One code to the person's own address, kept in their session."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            state=state,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
        )

    @classmethod
    def begin(cls, request: HttpRequest, user: User) -> "MailedCode":
        process = cls(request, cls.initial_state(user=user, email=user.email))
        process.state["code"] = get_adapter().generate_login_code()
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, request: HttpRequest) -> "MailedCode | None":
        state = request.session.get(SESSION_KEY)
        process: MailedCode | None = cls(request, state).abort_if_invalid() if state else None
        return process

    def send(self) -> None:
        email = self.state["email"]
        context = {"code": self.code, "request": self.request}
        get_adapter().send_mail("account/email/confirm_by_mail", email, context)

    def persist(self) -> None:
        self.request.session[SESSION_KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(SESSION_KEY, None)


@method_decorator(login_required, name="dispatch")
class ConfirmByMail(BaseReauthenticateView):  # type: ignore[misc]
    """First the button that sends a code, then the field for it."""

    form_class = ConfirmLoginCodeForm
    template_name = "account/confirm_by_mail.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        self.process = MailedCode.resume(self.request)
        return {**super().get_form_kwargs(), "code": self.process.code if self.process else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "was_sent": bool(self.process)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" in request.POST:
            return self.send(cast(User, request.user))
        if MailedCode.resume(request) is None:
            messages.error(request, RUN_OUT)
            return redirect(request.get_full_path())
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def send(self, user: User) -> HttpResponse:
        try:
            count_code(user.email)
        except ValidationError as refusal:
            messages.error(self.request, refusal.message)
        else:
            MailedCode.begin(self.request, user)
        return redirect(self.request.get_full_path())

    def form_valid(self, form: ConfirmLoginCodeForm) -> HttpResponse:
        if self.process:
            self.process.abort()
        record_authentication(self.request, self.request.user, "code", reauthenticated=True)
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: ConfirmLoginCodeForm) -> HttpResponse:
        if self.process and not self.process.record_invalid_attempt():
            messages.error(self.request, TOO_OFTEN)
            return redirect(self.request.get_full_path())
        answer: HttpResponse = super().form_invalid(form)
        return answer


confirm_by_mail = require_http_methods(["GET", "HEAD", "POST"])(ConfirmByMail.as_view())
