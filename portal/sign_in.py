"""Who may sign in by a mailed code, and what follows once an address is proven.

Known or not, an address gets the same page and the same mail; a free-mail address gets the page
and no mail unless its owner was invited. Roles never follow from an address. While mail is away
everybody reads so, whether a mail was to be sent or not.
"""

import logging
from functools import cache
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.http import HttpRequest

from portal.actions.membership import grant_domain_membership
from portal.domain.email_domain import email_domain
from portal.models import User

logger = logging.getLogger(__name__)

MAIL_FAILURES = (OSError, SMTPException)
MAIL_IS_AWAY = "We could not send the mail just now. Please try again in a minute."


@cache
def free_mail_domains() -> frozenset[str]:
    lines = settings.FREE_MAIL_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def may_introduce_themselves(address: str) -> bool:
    """Whether a stranger at this address gets a code: any company's domain, no free mail."""
    try:
        return email_domain(address) not in free_mail_domains()
    except ValueError:
        return False


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # asking for a code is the only way in

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except MAIL_FAILURES as error:
            logger.warning("%s could not be sent: %s", template_prefix, type(error).__name__)
            messages.error(self.request, MAIL_IS_AWAY)


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Asks for an address; a stranger's becomes a person without any rights."""

    def clean_email(self) -> str:
        email: str = super().clean_email().strip().lower()
        require_mail()
        known: User | None = getattr(self, "_user", None)
        if email and known is None and may_introduce_themselves(email):
            known = introduce(email)
        self._user = known
        return email


def require_mail() -> None:
    """Raises ValidationError while the mail server does not answer."""
    mail = get_connection()
    try:
        mail.open()
        mail.close()
    except MAIL_FAILURES as error:
        logger.warning("Mail is away: %s", type(error).__name__)
        raise ValidationError(MAIL_IS_AWAY) from error


def introduce(email: str) -> User | None:
    """The person behind a new address, unverified; None when the address may not sign in."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(email)
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError:  # two clicks at once, or somebody who may not sign in any more
        return User.objects.filter(email__iexact=email, is_active=True).first()
    return user


@receiver(email_confirmed)
def on_email_confirmed(request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    grant_domain_membership(email_address.user, email=email_address.email)


@receiver(user_logged_in)
def on_login(request: HttpRequest, user: User, **_: Any) -> None:
    for email in EmailAddress.objects.filter(user=user, verified=True):
        grant_domain_membership(user, email=email.email)
