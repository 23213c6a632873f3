"""Where somebody was removed, and comes back only by a person's word."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from portal.models import Account, Membership, User


def removed_accounts(user: User, *, email: str) -> "QuerySet[Account]":
    """By person and by address: whoever changes the address and signs in with the old one as
    somebody new is the same somebody, even after an erasure."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    addresses = [email.lower(), *(hide_address(email, key=key) for key in keys)]
    ended = Membership.objects.filter(
        Q(user=user) | Q(address__in=addresses), ended_at__isnull=False
    )
    return Account.objects.filter(pk__in=ended.values("account"))


def hide_address(email: str, *, key: str = "") -> str:
    """What stands in place of an erased person's address: known again, but not to be read."""
    digest = salted_hmac(
        "portal.removals", email.lower(), secret=key or settings.SECRET_KEY, algorithm="sha256"
    )
    return f"{digest.hexdigest()[:32]}@erased.invalid"
