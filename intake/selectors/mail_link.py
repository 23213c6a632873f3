"""The address in a mail that changes its level with one click: signed, for one follower only."""

from django.core import signing

from intake.models import Follower

SALT = "intake.mail-level"


def sign_follower(follower: Follower) -> str:
    return signing.dumps(follower.pk, salt=SALT)


def find_follower(signed: str) -> Follower:
    """Raises Follower.DoesNotExist for a signature that is not ours or a follower who left."""
    try:
        pk = signing.loads(signed, salt=SALT)
    except signing.BadSignature as error:
        raise Follower.DoesNotExist from error
    return Follower.objects.select_related("submission", "user").get(pk=pk)
