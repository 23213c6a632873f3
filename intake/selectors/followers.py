"""Who follows a request, and who could."""

from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q

from intake.models import Follower, Submission
from portal.models import User

PEOPLE_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    is_reader: bool
    level: str  # mail level; empty for a colleague who does not follow


def find_follower(submission: Submission, user: User) -> Follower | None:
    return Follower.objects.filter(submission=submission, user=user).first()


def read_people(submission: Submission, reader: User) -> tuple[Person, ...]:
    """Followers, and the colleagues who could become some; in one query."""
    mine = FilteredRelation("followed", condition=Q(followed__submission=submission))
    is_colleague = Q(pk=reader.pk)
    if submission.account_id is not None:
        is_colleague = Q(
            memberships__account=submission.account_id,
            memberships__is_confirmed=True,
            is_active=True,
        )
    people = (
        User.objects.annotate(mine=mine)
        .filter(is_colleague | Q(mine__isnull=False))
        .annotate(level=F("mine__level"))
        .distinct()
        .order_by("name", "email")
        .values_list("pk", "name", "email", "level")[:PEOPLE_LIMIT]
    )
    return tuple(
        Person(pk, name or email, pk == reader.pk, level or "") for pk, name, email, level in people
    )
