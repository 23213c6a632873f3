"""What somebody's place at an account gave them here ends with it."""

from intake.models import Follower, Share
from portal.actions.membership import when_somebody_leaves
from portal.models import Account, User


@when_somebody_leaves
def part_with(user: User, account: Account) -> None:
    """No more mail about the account's requests, and none that was shared with them by name."""
    Follower.objects.filter(user=user, submission__account=account).delete()
    Share.objects.filter(user=user, submission__account=account).delete()
