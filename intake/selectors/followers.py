"""Who follows a request, and who could."""

from dataclasses import dataclass

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value

from intake.domain.vocabulary import Sharing
from intake.models import Follower, Share, Submission
from intake.selectors.visibility import customers_who_see
from portal.models import User

PEOPLE_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    is_reader: bool
    level: str  # mail level; empty for a colleague who does not follow
    is_named: bool  # chosen by the author as somebody who may read it


def find_follower(submission: Submission, user: User) -> Follower | None:
    return Follower.objects.filter(submission=submission, user=user).first()


def read_people(submission: Submission, reader: User) -> tuple[Person, ...]:
    """Followers, and those of the customer's people who see the request and so could become some;
    in one query."""
    mine = FilteredRelation("followed", condition=Q(followed__submission=submission))
    is_named: Exists | Value = Value(False)
    if submission.sharing == Sharing.NAMED:
        is_named = Exists(Share.objects.filter(submission=submission, user=OuterRef("pk")))
    people = (
        User.objects.annotate(mine=mine)
        .filter(Q(pk__in=customers_who_see(submission).values("pk")) | Q(mine__isnull=False))
        .annotate(level=F("mine__level"), is_named=is_named)
        .order_by("name", "email")
        .values_list("pk", "name", "email", "level", "is_named")[:PEOPLE_LIMIT]
    )
    return tuple(
        Person(pk, name or email, pk == reader.pk, level or "", is_named)
        for pk, name, email, level, is_named in people
    )
