"""Who of the customer's own people may read a request."""

from collections.abc import Collection

from intake.actions.follow import unfollow_strangers
from intake.actions.refusals import NotAllowed, Refusal
from intake.domain.draft import Audience
from intake.domain.vocabulary import Sharing
from intake.models import Follower, Share, Submission
from intake.selectors.visibility import customers_who_see, is_colleague_of
from portal.actions.audit import record_audit
from portal.models import User


def find_colleagues(submission: Submission, ids: Collection[int]) -> list[User]:
    """Raises NotAllowed when one of them is no confirmed member of the request's account."""
    found = list(User.objects.filter(pk__in=ids))
    if not all(is_colleague_of(person, submission.account) for person in found):
        raise NotAllowed
    return found


def name_readers(submission: Submission, named: Collection[User]) -> None:
    """Exactly these."""
    Share.objects.filter(submission=submission).exclude(user__in=named).delete()
    Share.objects.bulk_create(
        [Share(submission=submission, user=person) for person in named], ignore_conflicts=True
    )


def change_audience(row: Submission, audience: Audience, *, by: User) -> bool:
    """Inside the act on a locked row, which the caller saves. False when nothing differs.

    Whoever is named anew hears of the request from now on; who may not read it any more does not.
    """
    named_ids = set(audience.named_ids) if audience.sharing == Sharing.NAMED else set()
    known_ids = set(row.shares.values_list("user_id", flat=True))
    if (audience.sharing, named_ids) == (row.sharing, known_ids):
        return False
    if audience.sharing == Sharing.NAMED and not named_ids:
        raise Refusal("Please choose at least one colleague, or choose “Only me”.")
    named = find_colleagues(row, named_ids)
    row.sharing = Sharing(audience.sharing)
    name_readers(row, named)
    row.save(update_fields=["sharing"])
    newly = [person for person in named if person.pk not in known_ids]
    Follower.objects.bulk_create(
        [Follower(submission=row, user=person) for person in newly], ignore_conflicts=True
    )
    unfollow_strangers(row)
    readers = customers_who_see(row).count()
    record_audit("sharing changed", by=by, on=row, sharing=str(row.sharing), readers=readers)
    return True
