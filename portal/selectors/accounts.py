"""Whose customer an account is: the one place that decides, as a queryset."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from portal.models import Account, Membership, Role, User

SEES_EVERY_ACCOUNT = frozenset({Role.PRODUCT_MANAGER, Role.ADMINISTRATOR})
HIDDEN_ACCOUNT = "An account of another TAM"

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_accounts(user: User) -> "QuerySet[Account]":
    """The accounts whose requests and figures exist for this person.

    A customer's are those they belong to, confirmed; a TAM's are their own and the pool of those
    without a TAM; product managers and administrators have all, internal submitters none.
    """
    if not user.is_active or user.role == Role.SUBMITTER:
        return Account.objects.none()
    if user.role == Role.CUSTOMER:
        return Account.objects.filter(pk__in=keys_of_own_accounts(user))
    if user.role == Role.TAM:
        return Account.objects.filter(Q(tam=user) | Q(tam=None))
    return Account.objects.all()


def keys_of_own_accounts(user: User) -> "QuerySet[Membership, int]":
    """Where a customer belongs, confirmed: for a query that needs no more of the accounts."""
    mine = Membership.objects.filter(user_id=user.pk, is_confirmed=True)
    return mine.order_by().values_list("account_id", flat=True)


def sees_every_account(user: User) -> bool:
    return user.is_active and user.role in SEES_EVERY_ACCOUNT


def of_visible_accounts(rows: Rows, user: User, *, at: str = "account") -> Rows:
    """Those rows whose account, at the end of this path, exists for the person."""
    if sees_every_account(user):
        return rows
    return rows.filter(**{f"{at}__in": visible_accounts(user)})


def find_hidden_accounts(user: User, keys: Collection[int]) -> frozenset[int]:
    """Of these accounts those that must not be named to this person; a query for TAMs alone."""
    if sees_every_account(user) or not keys:
        return frozenset()
    strange = Account.objects.filter(pk__in=keys).exclude(pk__in=visible_accounts(user))
    return frozenset(strange.order_by().values_list("pk", flat=True))


def name_hidden_accounts(count: int) -> str:
    return HIDDEN_ACCOUNT if count == 1 else f"{count} accounts of other TAMs"


def nameable_accounts(user: User) -> "QuerySet[Account]":
    """The accounts a member of staff may send a request for: an internal submitter speaks for any
    customer, a TAM for those that exist for them."""
    if user.is_active and user.role == Role.SUBMITTER:
        return Account.objects.all()
    return visible_accounts(user) if user.is_staff else Account.objects.none()
