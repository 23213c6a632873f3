"""Asking for an address: to sign in with, or instead of the one somebody has."""

import logging

from allauth.account.forms import AddEmailForm, RequestLoginCodeForm
from allauth.account.internal.flows.manage_email import sync_user_email_address
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.utils import timezone

from portal.actions.limit import OverLimit, count_attempt
from portal.domain.limits import CODE
from portal.models import User
from portal.sign_in.account import MAIL_FAILURES, MAIL_IS_AWAY
from portal.sign_in.strangers import introduce, may_come_in

logger = logging.getLogger(__name__)

NO_FREE_MAIL = "Please use an address of your organisation, or one that a colleague has invited."


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """Asks for an address; a stranger's becomes a person without any rights."""

    def clean_email(self) -> str:
        email: str = super().clean_email().strip().lower()
        require_mail()
        count_code(email)
        known: User | None = getattr(self, "_user", None)
        if email and known is None and may_come_in(email):
            known = introduce(email)
        elif known:
            sync_user_email_address(known)  # an administrator's page makes a person alone
        self._user = known
        return email


class ChangeAddressForm(AddEmailForm):  # type: ignore[misc]
    """A new address is held to what a stranger's is held to."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not may_come_in(email):
            raise ValidationError(NO_FREE_MAIL)
        require_mail()
        count_code(email)
        return email


def count_code(email: str) -> None:
    """Raises ValidationError when the address was sent too many codes, known or not."""
    try:
        count_attempt(CODE, now=timezone.now(), mailbox=email)
    except OverLimit as refusal:
        raise ValidationError(str(refusal)) from refusal


def require_mail() -> None:
    """Raises ValidationError while the mail server does not answer."""
    mail = get_connection()
    try:
        mail.open()
        mail.close()
    except MAIL_FAILURES as error:
        logger.warning("Mail is away: %s", type(error).__name__)
        raise ValidationError(MAIL_IS_AWAY) from error
