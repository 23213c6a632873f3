"""The people of an account, as its members see them; a lead sees what there is to decide too."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.domain.invitation_letter import write_letter
from portal.models import Account, Invitation, Membership, Role, User
from portal.selectors.accounts import visible_accounts

KEEPERS = frozenset({Role.TAM, Role.ADMINISTRATOR})
SHOWN = 50  # colleagues of one account; a search finds the others


@dataclass(frozen=True, slots=True)
class Colleague:
    """`email` is empty for readers who do not lead, but where it is all there is of a name."""

    reference: str
    name: str
    email: str
    is_lead: bool
    is_reader: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    email: str
    is_lead: bool
    invited_by: str
    expires_at: datetime
    letter: str
    mailto: str


@dataclass(frozen=True, slots=True)
class Organisation:
    id: int
    name: str
    is_led: bool  # by the reader
    members: tuple[Colleague, ...]
    more: int  # members that are not shown
    waiting: tuple[Colleague, ...]
    expected: tuple[Expected, ...]

    @property
    def has_lead(self) -> bool:
        return any(person.is_lead for person in self.members)  # leads come first


def may_manage(user: User, account: Account) -> bool:
    """A lead of the account, and staff who keep accounts and for whom this one exists."""
    if user.role in KEEPERS:
        return visible_accounts(user).filter(pk=account.pk).exists()
    return led_accounts(user).filter(pk=account.pk).exists()


def led_accounts(user: User) -> "QuerySet[Account]":
    """What a customer's lead decides about."""
    if user.is_staff or not user.is_active:
        return Account.objects.none()
    return Account.objects.filter(
        memberships__user=user, memberships__is_confirmed=True, memberships__is_lead=True
    )


def find_colleague(account: Account, reference: str) -> User:
    """Somebody who belongs, waits or belonged there. Raises User.DoesNotExist."""
    return User.objects.get(reference=reference, memberships__account=account)


def read_organisations(user: User, *, now: datetime, search: str = "") -> tuple[Organisation, ...]:
    """The reader's own accounts, by name; as many queries whatever there is to show."""
    own = Membership.objects.filter(user=user, account__in=_own_accounts(user))
    accounts = {
        row.account_id: row for row in own.select_related("account").order_by("account__name")
    }
    led = [pk for pk, row in accounts.items() if row.is_lead]
    people = _list_people(accounts, led, search)
    expected = _list_expected(led, now=now)
    return tuple(
        _draw(row.account, people[pk], expected[pk], is_led=row.is_lead, reader=user)
        for pk, row in accounts.items()
    )


def _own_accounts(user: User) -> "QuerySet[Account]":
    return Account.objects.none() if user.is_staff else visible_accounts(user)


def _list_people(
    accounts: Iterable[int], led: Iterable[int], search: str
) -> dict[int, list[Membership]]:
    """The first of each account, with the number of all; who waits only where the reader leads."""
    shown = Q(is_confirmed=True) | Q(account__in=led, ended_at=None)
    rows = Membership.objects.filter(shown, account__in=accounts, user__is_active=True)
    if search:
        by_address = Q(account__in=led) | Q(user__name="")  # what the reader is shown anyway
        rows = rows.filter(
            Q(user__name__icontains=search) | Q(by_address, user__email__icontains=search)
        )
    order = ["-is_lead", "user__name", "user__email"]
    same = [F("account"), F("is_confirmed")]
    placed = rows.annotate(
        place=Window(RowNumber(), partition_by=same, order_by=order),
        total=Window(Count("pk"), partition_by=same),
    )
    found: dict[int, list[Membership]] = defaultdict(list)
    for row in placed.filter(place__lte=SHOWN).select_related("user").order_by(*order):
        found[row.account_id].append(row)
    return found


def _list_expected(led: Iterable[int], *, now: datetime) -> dict[int, list[Invitation]]:
    found = defaultdict(list)
    rows = Invitation.objects.open(now).filter(account__in=led)
    for row in rows.select_related("invited_by", "account").order_by("email"):
        found[row.account_id].append(row)
    return found


def _draw(
    account: Account,
    people: list[Membership],
    expected: list[Invitation],
    *,
    is_led: bool,
    reader: User,
) -> Organisation:
    members = [row for row in people if row.is_confirmed]
    total = getattr(members[0], "total", 0) if members else 0
    return Organisation(
        id=account.pk,
        name=account.name,
        is_led=is_led,
        members=tuple(_draw_colleague(row, is_led, reader) for row in members),
        more=total - len(members),
        waiting=tuple(
            _draw_colleague(row, is_led, reader) for row in people if not row.is_confirmed
        ),
        expected=tuple(_draw_expected(row) for row in expected),
    )


def _draw_colleague(row: Membership, is_led: bool, reader: User) -> Colleague:
    return Colleague(
        reference=row.user.reference,
        name=str(row.user),
        email=row.user.email if is_led and row.user.name else "",
        is_lead=row.is_lead,
        is_reader=row.user_id == reader.pk,
        since=row.created_at,
    )


def _draw_expected(row: Invitation) -> Expected:
    letter = write_letter(
        site=settings.SITE_NAME,
        address=settings.SITE_URL,
        account=row.account.name,
        email=row.email,
        until=row.expires_at,
    )
    return Expected(
        email=row.email,
        is_lead=row.is_lead,
        invited_by=str(row.invited_by or "our team"),
        expires_at=row.expires_at,
        letter=letter.body,
        mailto=letter.mailto,
    )
