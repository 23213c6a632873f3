"""What an account's open submissions, and links that people left, ask of an issue: counted once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db import transaction

from intake.domain.demand import (
    Ask,
    Crosswalk,
    DemandRow,
    count_demand,
    decide_points,
    grade_severity,
    reach_row,
    read_crosswalk_table,
)
from intake.domain.found_links import LOWEST, Standing
from intake.domain.vocabulary import Intent
from intake.models import CrosswalkVersion, CustomerLink, Submission
from intake.pipeline.only_opportunity import choose_only_opportunities
from intake.pipeline.store_demand import store_demand
from intake.selectors.found_links import read_standings

READ = (
    "link_id",
    "intent",
    "urgency",
    "workaround",
    "points_override",
    "opportunity__is_closed",
    "opportunity__is_won",
)


def points_of(submission: Submission, crosswalk: Crosswalk, hand_set: int | None) -> int:
    """`hand_set`: the priority that a person gave the link in GitLab."""
    return decide_points(
        override=submission.points_override,
        hand_set=hand_set,
        answer=crosswalk[submission.urgency].points,
    )


def read_crosswalk() -> CrosswalkVersion:
    return CrosswalkVersion.objects.order_by("-number")[0]


def recount_demand(link: CustomerLink, *, now: datetime) -> list[Submission]:
    """Make the link's demand rows true; returns its open submissions, the most urgent first."""
    recount_links([link.pk], now=now)
    return list_submissions(link)


def list_submissions(link: CustomerLink) -> list[Submission]:
    """The open ones, the most urgent first."""
    crosswalk = read_crosswalk_table(read_crosswalk().table)
    hand_set = CustomerLink.objects.values_list("hand_set_points", flat=True).get(pk=link.pk)
    return sorted(
        Submission.objects.open().filter(link=link).select_related("submitter", "opportunity"),
        key=lambda row: (-points_of(row, crosswalk, hand_set), row.created_at),
    )


def recount_links(links: Collection[int], *, now: datetime) -> set[int]:
    """Make the demand rows of these links say what is asked for; returns the links whose rows
    differ. Whoever wants another count sets `counted_with` to 0, and is not forgotten: rows are
    read under their lock."""
    choose_only_opportunities(links, now=now)
    with transaction.atomic():
        rows = list(
            CustomerLink.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=links)
            .order_by("pk")
        )
        version = read_crosswalk()
        wanted = _count(rows, read_crosswalk_table(version.table))
        changed = store_demand(wanted)
        counted = CustomerLink.objects.filter(pk__in=[link.pk for link in rows])
        counted.exclude(counted_with=version.number).update(counted_with=version.number)
        CustomerLink.objects.filter(pk__in=changed).update(demand_changed_at=now)
    return changed


def _count(links: Collection[CustomerLink], crosswalk: Crosswalk) -> dict[int, list[DemandRow]]:
    """By link; empty for one that nobody holds any more."""
    held: dict[int, list[Submission]] = defaultdict(list)
    rows = Submission.objects.open().filter(link__in=links).select_related("opportunity")
    for row in rows.only(*READ):
        held[row.link_id or 0].append(row)
    standings = read_standings(
        {link.issue_id for link in links}, {link.account_id for link in links}
    )
    return {
        link.pk: count_demand(
            [
                *_ask(held[link.pk], crosswalk, link.hand_set_points),
                *_repeat(standings.get((link.issue_id, link.account_id)), held[link.pk], crosswalk),
            ]
        )
        for link in links
    }


def _ask(
    submissions: Iterable[Submission], crosswalk: Crosswalk, hand_set: int | None
) -> Iterator[Ask]:
    for submission in submissions:
        opportunity, row = submission.opportunity, crosswalk[submission.urgency]
        yield Ask(
            intent=submission.intent,
            points=points_of(submission, crosswalk, hand_set),
            opportunity=submission.opportunity_id,
            is_won=opportunity is not None and opportunity.is_closed and opportunity.is_won,
            value=row.value,
            pilot_urgency=row.pilot_urgency,
            severity=grade_severity(
                submission.urgency, row, has_workaround=bool(submission.workaround.strip())
            ),
        )


def _repeat(
    standing: Standing | None, submissions: Iterable[Submission], crosswalk: Crosswalk
) -> Iterator[Ask]:
    """People's links, each one ask. A TAM's override of a request wins over their labels too."""
    override = max((row.points_override or 0 for row in submissions), default=0)
    for found in standing.asks if standing else ():
        hand_set = found.points or (standing.points if standing else None)
        points = decide_points(override=override or None, hand_set=hand_set, answer=LOWEST)
        row = reach_row(points, crosswalk)
        yield Ask(
            intent=Intent.EXPAND if found.opportunity else Intent.RETAIN,
            points=points,
            opportunity=found.opportunity,
            is_won=found.is_won,
            value=row.value,
            pilot_urgency=row.pilot_urgency,
            severity=row.severity,
        )
