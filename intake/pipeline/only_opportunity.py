"""A wish to use more is about the account's open opportunity. With several a TAM chooses."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from intake.domain.vocabulary import Intent
from intake.models import Event, EventKind, Submission
from intake.pipeline.record import record_event
from portal.models import Opportunity

GROWING = (Intent.EXPAND, Intent.BOTH)


def find_choosable() -> QuerySet[Submission]:
    """Open requests to grow, tied to an issue, of an account with exactly one open opportunity,
    about which nobody has said anything yet."""
    only = (
        Opportunity.objects.open()
        .filter(account=OuterRef("account"))
        .order_by()
        .values("account")
        .annotate(how_many=Count("pk"))
        .filter(how_many=1)
    )
    set_here = Event.objects.filter(submission=OuterRef("pk"), kind=EventKind.OPPORTUNITY_SET)
    said = set_here.exclude(actor_name="")  # by a person, not by this rule
    waiting = Submission.objects.open().filter(
        link__isnull=False, intent__in=GROWING, opportunity=None
    )
    return waiting.filter(Exists(only), ~Exists(said))


def choose_only_opportunities(links: Collection[int], *, now: datetime) -> None:
    """For the requests behind these links: kept on the request, so that it stays when another
    opportunity opens, or this one is lost."""
    for submission in find_choosable().filter(link__in=links):
        opportunity = Opportunity.objects.open().filter(account=submission.account_id).first()
        if opportunity is None:
            continue
        with transaction.atomic():
            undecided = Submission.objects.filter(pk=submission.pk, opportunity=None)
            if undecided.update(opportunity=opportunity):
                facts = {"opportunity": opportunity.name}
                record_event(submission, EventKind.OPPORTUNITY_SET, now=now, facts=facts)
