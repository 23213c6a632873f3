"""A person's own requests and those of their organisation, as lists show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from intake.domain.vocabulary import PublicState
from intake.models.submission import SubmissionQuerySet
from intake.selectors.points_pool import tell_pools
from intake.selectors.state_now import StateNow, Wordings, word_state
from intake.selectors.visibility import own_submissions, visible_submissions
from intake.selectors.wording import state_wording
from portal.models import User

PAGE_SIZE = 20
RECENTLY = timedelta(days=90)
CLOSED = (PublicState.NOT_PLANNED, PublicState.ALREADY_POSSIBLE, PublicState.WITHDRAWN)
SHIPPED = (PublicState.SHIPPED, PublicState.CONFIRMED)
COLUMNS = (
    "token",
    "reference",
    "summary",
    "public_state",
    "release",
    "answered_at",
    "answer_by",
    "created_at",
    "updated_at",
    "submitter",
    "submitter__name",
    "submitter__email",
    "sharing",
    "group",
)
UNANSWERED = (PublicState.RECEIVED, PublicState.UNDER_REVIEW)
GROUPS = ("Waiting for you", "Open", "Shipped recently", "Closed")


@dataclass(frozen=True, slots=True)
class RequestRow:
    token: str
    reference: str
    summary: str
    state: StateNow
    group: str
    author: str  # empty: the reader
    sharing: str
    answer_by: datetime | None  # while nobody has answered yet
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """`state` is a public state or empty; `text` is looked for in the summary and reference."""

    only_mine: bool = True
    state: str = ""
    text: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.state or self.text)


@dataclass(frozen=True, slots=True)
class RequestList:
    rows: tuple[RequestRow, ...]
    number: int  # this page, from 1
    has_more: bool
    pools: tuple[str, ...]  # what each request counts beside the others: a sentence an account


def list_requests(user: User, chosen: Filter, *, now: datetime, number: int = 1) -> RequestList:
    """One page, in the order of the groups, the last change first."""
    start = (number - 1) * PAGE_SIZE
    found = _ordered(_narrow(user, chosen), now)[start : start + PAGE_SIZE + 1]
    wordings = state_wording()
    rows = [_row(stored, user, wordings) for stored in found]
    pools = tell_pools(user) if number == 1 and rows else ()
    return RequestList(tuple(rows[:PAGE_SIZE]), number, len(rows) > PAGE_SIZE, pools)


def every_request(user: User, chosen: Filter, *, now: datetime) -> Iterator[RequestRow]:
    """All of them, for the export."""
    wordings = state_wording()
    for stored in _ordered(_narrow(user, chosen), now).iterator(chunk_size=500):
        yield _row(stored, user, wordings)


def _narrow(user: User, chosen: Filter) -> SubmissionQuerySet:
    requests = own_submissions(user) if chosen.only_mine else visible_submissions(user)
    if chosen.state:
        requests = requests.filter(public_state=chosen.state)
    if chosen.text:
        requests = requests.filter(
            Q(summary__icontains=chosen.text) | Q(reference__iexact=chosen.text)
        )
    return requests


def _ordered(requests: SubmissionQuerySet, now: datetime) -> "QuerySet[Any, Any]":
    group = Case(
        When(public_state=PublicState.WAITING_FOR_YOU, then=Value(0)),
        When(public_state__in=CLOSED, then=Value(3)),
        When(public_state__in=SHIPPED, updated_at__gte=now - RECENTLY, then=Value(2)),
        When(public_state__in=SHIPPED, then=Value(3)),
        default=Value(1),
        output_field=IntegerField(),
    )
    ordered = requests.annotate(group=group).order_by("group", "-updated_at", "-pk")
    return ordered.values_list(*COLUMNS, named=True)


def _row(stored: Any, reader: User, wordings: Wordings) -> RequestRow:
    is_own = stored.submitter == reader.pk
    is_waiting = stored.answered_at is None and stored.public_state in UNANSWERED
    return RequestRow(
        token=stored.token,
        reference=stored.reference,
        summary=stored.summary,
        state=word_state(wordings, stored.public_state, stored.release),
        group=GROUPS[stored.group],
        author="" if is_own else stored.submitter__name or stored.submitter__email,
        sharing=stored.sharing,
        answer_by=stored.answer_by if is_waiting else None,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )
