"""What an account's open submissions ask of an issue, counted once."""

from collections.abc import Iterable

from django.db import transaction

from intake.domain.demand import Ask, DemandRow, count_demand
from intake.models import CrosswalkVersion, CustomerLink, Demand, Submission
from portal.models import Opportunity


def points_of(submission: Submission, table: dict[str, dict[str, int]]) -> int:
    """A TAM's override, or the crosswalk's points for the customer's own answer."""
    return submission.points_override or table[submission.urgency]["points"]


def read_crosswalk() -> CrosswalkVersion:
    return CrosswalkVersion.objects.order_by("-number")[0]


def recount_demand(link: CustomerLink) -> list[Submission]:
    """Make the link's demand rows say what its open submissions say; returns those submissions,
    the most urgent first."""
    table = read_crosswalk().table
    with transaction.atomic():
        CustomerLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        submissions = sorted(
            Submission.objects.open().filter(link=link).select_related("submitter", "opportunity"),
            key=lambda submission: (-points_of(submission, table), submission.created_at),
        )
        _store(link, count_demand(_asks(submissions, table)))
    return submissions


def _asks(submissions: Iterable[Submission], table: dict[str, dict[str, int]]) -> Iterable[Ask]:
    for submission in submissions:
        opportunity = submission.opportunity
        won = opportunity is not None and opportunity.is_closed and opportunity.is_won
        yield Ask(
            intent=submission.intent,
            points=points_of(submission, table),
            opportunity=opportunity.pk if opportunity else None,
            is_won=won,
        )


def _store(link: CustomerLink, wanted: Iterable[DemandRow]) -> None:
    kept = []
    for row in wanted:
        demand, _ = Demand.objects.update_or_create(
            link=link,
            kind=row.kind,
            opportunity=Opportunity(pk=row.opportunity) if row.opportunity else None,
            defaults={"points": row.points},
        )
        kept.append(demand.pk)
    Demand.objects.filter(link=link).exclude(pk__in=kept).delete()
