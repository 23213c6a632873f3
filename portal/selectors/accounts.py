"""Whose customer an account is: the one place that decides, as a queryset."""

from django.db.models import Q, QuerySet

from portal.models import Account, Role, User


def visible_accounts(user: User) -> "QuerySet[Account]":
    """The accounts whose requests and figures exist for this person.

    A customer's are those they belong to, confirmed; a TAM's are their own and the pool of those
    without a TAM; product managers and administrators have all, internal submitters none.
    """
    if not user.is_active or user.role == Role.SUBMITTER:
        return Account.objects.none()
    if user.role == Role.CUSTOMER:
        return Account.objects.filter(memberships__user=user, memberships__is_confirmed=True)
    if user.role == Role.TAM:
        return Account.objects.filter(Q(tam=user) | Q(tam=None))
    return Account.objects.all()
