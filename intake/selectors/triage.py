"""The triage queue: which requests need a person, in which order, and the saved views of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from intake.domain.triage_reasons import TriageFacts
from intake.domain.vocabulary import Decider, Decision, Intent, Urgency
from intake.models import Candidate, Submission
from intake.models.submission import SubmissionQuerySet
from intake.selectors.visibility import triaged_submissions
from portal.models import Opportunity, User

URGENCY_ORDER = (Urgency.CHURN_RISK, Urgency.BLOCKER, Urgency.IMPORTANT, Urgency.NICE_TO_HAVE)
TIED = Q(decision__in=[Decision.JOINED, Decision.NEW_ISSUE])


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looking at the queue at one moment; `today` is the site's own date."""

    user: User
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class SavedView:
    """`condition` narrows; `needs_person` says whether only what waits for a person is meant."""

    key: str
    label: str
    condition: Callable[[Look], Q]
    needs_person: bool = True


CHOSEN_BY_CUSTOMER = Q(decision=Decision.JOINED, decided_by_kind=Decider.CUSTOMER, checked_at=None)
VIEWS = (
    SavedView("", "Needs a person", lambda _: Q()),
    SavedView("breaching", "Answer overdue", lambda look: is_breaching(look.now)),
    SavedView("churn", "May leave or shrink", lambda _: Q(urgency=Urgency.CHURN_RISK)),
    SavedView("mine", "My accounts", lambda look: Q(account__tam=look.user)),
    SavedView("check", "Joined by the customer: check", lambda _: CHOSEN_BY_CUSTOMER),
    SavedView("no-account", "No account", lambda _: Q(account=None)),
    SavedView("waiting", "Waiting for the customer", lambda _: Q(asked_at__isnull=False)),
    SavedView("decided", "Decided", lambda _: ~Q(decision=Decision.PENDING), False),
    SavedView("all", "All", lambda _: Q(), False),
)


@dataclass(frozen=True, slots=True)
class CountedView:
    """`count` is None where counting would mean reading every request there ever was."""

    key: str
    label: str
    count: int | None


def is_breaching(now: datetime) -> Q:
    """A first answer was promised for a time that has passed."""
    return Q(answered_at=None, withdrawn_at=None, answer_by__lte=now, decision=Decision.PENDING)


def needing_a_person(look: Look) -> SubmissionQuerySet:
    """Undecided or stuck; to be looked at again; or several opportunities to choose from."""
    several = (
        Opportunity.objects.open()
        .filter(account=OuterRef("account"))
        .values("account")
        .annotate(how_many=Count("pk"))
        .filter(how_many__gt=1)
    )
    tied = Submission.objects.filter(TIED, withdrawn_at=None)
    grows = tied.filter(intent__in=[Intent.EXPAND, Intent.BOTH], opportunity=None)
    return triaged_submissions(look.user).filter(
        Q(pk__in=Submission.objects.awaiting_triage().values("pk"))
        | Q(pk__in=tied.filter(review_on__lte=look.today).values("pk"))
        | Q(pk__in=grows.filter(Exists(several)).values("pk"))
    )


def narrow_to_view(rows: SubmissionQuerySet, key: str, look: Look) -> SubmissionQuerySet:
    """The rows of a saved view; an unknown key means the queue itself."""
    view = next((view for view in VIEWS if view.key == key), VIEWS[0])
    if view.needs_person:
        rows = rows.filter(pk__in=needing_a_person(look).values("pk"))
    return rows.filter(view.condition(look))


def count_views(look: Look) -> list[CountedView]:
    """One query for all views that wait for a person."""
    counts = needing_a_person(look).aggregate(
        **{
            f"view_{at}": Count("pk", filter=view.condition(look))
            for at, view in enumerate(VIEWS)
            if view.needs_person
        }
    )
    return [
        CountedView(view.key, view.label, counts.get(f"view_{at}")) for at, view in enumerate(VIEWS)
    ]


def in_queue_order(rows: SubmissionQuerySet, *, now: datetime) -> SubmissionQuerySet:
    """Annotated with what the order and the reasons need; see `QUEUE_ORDER`."""
    steps = [When(urgency=urgency, then=Value(at)) for at, urgency in enumerate(URGENCY_ORDER)]
    return rows.select_related("account__tam", "submitter", "decided_by", "issue").annotate(
        is_breaching=ExpressionWrapper(is_breaching(now), output_field=BooleanField()),
        urgency_rank=Case(*steps, default=Value(9), output_field=IntegerField()),
        open_candidates=_count_of(
            Candidate.objects.filter(submission=OuterRef("pk"), answer=Candidate.Answer.OPEN),
            "submission",
        ),
        open_opportunities=_count_of(
            Opportunity.objects.open().filter(account=OuterRef("account")), "account"
        ),
    )


QUEUE_ORDER: tuple[OrderBy, ...] = (
    F("is_breaching").desc(),
    F("urgency_rank").asc(),
    F("account__arr").desc(nulls_last=True),
    F("account__renewal_on").asc(nulls_last=True),
    F("answer_by").asc(),
    F("pk").asc(),
)


def _count_of(rows: QuerySet[Any], key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(how_many=Count("pk")).values("how_many")
    return Coalesce(Subquery(counted), 0)


def read_facts(submission: Submission) -> TriageFacts:
    """Expects a row of `in_queue_order`."""
    return TriageFacts(
        stage=submission.stage,
        decision=submission.decision,
        decided_by_kind=submission.decided_by_kind,
        verdict=submission.verdict,
        trouble=submission.trouble,
        intent=submission.intent,
        is_withdrawn=submission.is_withdrawn,
        is_checked=submission.checked_at is not None,
        is_contested=submission.contested_at is not None,
        is_asked=submission.asked_at is not None,
        needs_reason=submission.needs_reason,
        has_account=submission.account_id is not None,
        has_opportunity=submission.opportunity_id is not None,
        has_issue=submission.issue_id is not None,
        candidates=submission.open_candidates,  # type: ignore[attr-defined]
        open_opportunities=submission.open_opportunities,  # type: ignore[attr-defined]
        review_on=submission.review_on,
    )
