"""The address in a mail that changes its level with one click: signed, for one follower only."""

from django.core import signing

from intake.models import Follower
from intake.selectors.visibility import visible_submissions

SALT = "intake.mail-level"


def sign_follower(follower: Follower) -> str:
    return signing.dumps(follower.pk, salt=SALT)


def find_follower(signed: str) -> Follower:
    """Raises Follower.DoesNotExist for a signature that is not ours, a follower who left, and one
    for whom the request does not exist any more: the page names it without signing in."""
    try:
        pk = signing.loads(signed, salt=SALT)
    except signing.BadSignature as error:
        raise Follower.DoesNotExist from error
    follower = Follower.objects.select_related("submission", "user").get(pk=pk)
    if not visible_submissions(follower.user).filter(pk=follower.submission_id).exists():
        raise Follower.DoesNotExist
    return follower
