"""Which people exist for a member of staff."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.models import Membership, Role, User
from portal.selectors.accounts import of_visible_accounts, sees_every_account


def visible_people(user: User) -> "QuerySet[User]":
    """For a TAM: colleagues of ours, the people of visible accounts, and customers who belong
    nowhere yet."""
    if sees_every_account(user):
        return User.objects.all()
    belongings = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        ~Q(role=Role.CUSTOMER) | ~Exists(belongings) | Exists(of_visible_accounts(belongings, user))
    )
