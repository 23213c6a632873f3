"""allauth's account pages, as this site wants them: one door, mail that may fail, plain words."""

import logging
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse

from portal.models import User

logger = logging.getLogger(__name__)

MAIL_FAILURES = (OSError, SMTPException)
MAIL_IS_AWAY = "We could not send the mail just now. Please try again in a minute."
WRONG_CODE = "That is not the code. Check it against the newest one and enter it again."
TOO_OFTEN = "Too many attempts. Please wait a few minutes, then try again."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "duplicate_email": "That is your address already.",
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # asking for a code is the only way in

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """After the answer: how long the mail server takes must not tell who got a mail."""
        known = {"email": email, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, known | context)
        self.request.after_answer.append(lambda: deliver(message))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Nobody is mailed because somebody else typed their address."""

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Who has no second step confirms by a mailed code."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        by_mail = {"description": "A code sent by mail", "url": reverse("confirm_by_mail")}
        return [{"id": "mailed_code", **by_mail}]


def deliver(message: EmailMessage) -> None:
    """Whoever waits for a mail in vain asks for another."""
    try:
        message.send()
    except MAIL_FAILURES as error:
        logger.warning("“%s” could not be sent: %s", message.subject, type(error).__name__)
