"""Addresses nobody has signed in with: whose owner may, and who they become."""

from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.domain.email_domain import email_domain
from portal.models import User
from portal.selectors.invitations import is_expected


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


def may_come_in(address: str) -> bool:
    """A stranger's address that is a company's, or that somebody has invited. Asks for both
    whatever the first says, so that the time it takes tells nothing."""
    expected = is_expected(address, now=timezone.now())
    return may_introduce_themselves(address) or expected


def introduce(email: str) -> User | None:
    """The person behind a new address, unverified; None when the address may not sign in."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(email)
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError:  # two clicks at once, or somebody who may not sign in any more
        return User.objects.filter(email__iexact=email, is_active=True).first()
    return user
