"""What an account's requests ask of one issue: counted once, with the highest points."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.actions import triage
from intake.models import CustomerLink, Issue, Submission
from intake.pipeline.demand import recount_demand, recount_links
from portal.models import Account, Opportunity, User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]


@pytest.fixture
def link(make_issue: Callable[..., Issue], account: Account) -> CustomerLink:
    return CustomerLink.objects.create(issue=make_issue(), account=account)


@pytest.fixture
def make_opportunity(account: Account) -> Callable[..., Opportunity]:
    numbers = iter(range(1, 100))

    def make(**fields: Any) -> Opportunity:
        return Opportunity.objects.create(
            salesforce_id=f"006D000000Ab{next(numbers):03d}IAB",
            account=account,
            name="More seats",
            refreshed_at=NOW,
            **fields,
        )

    return make


def rows(link: CustomerLink) -> list[tuple[str, int | None, int]]:
    found = link.demands.order_by("kind", "opportunity")
    return [(row.kind, row.opportunity_id, row.points) for row in found]


def test_each_kind_has_its_highest_points(
    link: CustomerLink, make_wish: MakeWish, make_opportunity: Callable[..., Opportunity]
) -> None:
    first, second = make_opportunity(), make_opportunity()
    make_wish(link.issue, link=link, intent="retain", urgency="important")
    make_wish(link.issue, link=link, intent="retain", urgency="blocker")
    make_wish(link.issue, link=link, intent="expand", urgency="nice_to_have", opportunity=first)
    make_wish(link.issue, link=link, intent="both", urgency="important", opportunity=second)
    make_wish(link.issue, link=link, intent="expand", urgency="churn_risk")
    recount_demand(link, now=NOW)
    growth = [("growth", first.pk, 1), ("growth", second.pk, 4), ("growth", None, 10)]
    assert sorted(rows(link), key=str) == sorted([*growth, ("retention", None, 7)], key=str)


def test_the_most_urgent_comes_first(link: CustomerLink, make_wish: MakeWish) -> None:
    calm = make_wish(link.issue, link=link, urgency="nice_to_have")
    raised = make_wish(link.issue, link=link, urgency="nice_to_have", points_override=9)
    loud = make_wish(link.issue, link=link, urgency="blocker")
    assert recount_demand(link, now=NOW) == [raised, loud, calm]


@pytest.mark.parametrize(
    "ended",
    [
        {"withdrawn_at": NOW},
        {"decision": "not_planned"},
        {"decision": "already_possible"},
    ],
)
def test_what_is_over_counts_no_more(
    ended: dict[str, Any], link: CustomerLink, make_wish: MakeWish
) -> None:
    wish = make_wish(link.issue, link=link)
    recount_demand(link, now=NOW)
    assert len(rows(link)) == 1
    Submission.objects.filter(pk=wish.pk).update(**ended)
    assert recount_demand(link, now=NOW) == []
    assert rows(link) == []


def test_a_won_opportunity_is_revenue_to_keep(
    link: CustomerLink, make_wish: MakeWish, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity()
    make_wish(link.issue, link=link, intent="expand", opportunity=opportunity)
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", opportunity.pk, 4)]
    Opportunity.objects.update(is_closed=True, is_won=True)
    recount_demand(link, now=NOW)
    assert rows(link) == [("retention", None, 4)]


def test_a_lost_opportunity_keeps_its_row(
    link: CustomerLink, make_wish: MakeWish, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity(is_closed=True, is_won=False)
    make_wish(link.issue, link=link, intent="expand", opportunity=opportunity)
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", opportunity.pk, 4)]


def test_the_other_models_figures_are_the_highest_too(
    link: CustomerLink, make_wish: MakeWish
) -> None:
    make_wish(link.issue, link=link, urgency="churn_risk")
    make_wish(link.issue, link=link, urgency="important", workaround="Chat.")
    recount_demand(link, now=NOW)
    row = link.demands.get()
    assert (row.points, row.value, row.pilot_urgency, row.severity) == (10, 3, 3, "P0")


@pytest.mark.parametrize(("workaround", "severity"), [("", "P0"), ("  ", "P0"), ("Chat.", "P1")])
def test_a_blocker_without_a_way_around_is_a_dealbreaker(
    link: CustomerLink, make_wish: MakeWish, workaround: str, severity: str
) -> None:
    make_wish(link.issue, link=link, urgency="blocker", workaround=workaround)
    recount_demand(link, now=NOW)
    assert link.demands.get().severity == severity


def test_the_time_of_change_moves_only_when_a_row_differs(
    link: CustomerLink, make_wish: MakeWish
) -> None:
    wish = make_wish(link.issue, link=link)

    def count(minute: int) -> datetime:
        recount_demand(link, now=NOW + timedelta(minutes=minute))
        return CustomerLink.objects.get().demand_changed_at

    first = count(1)
    assert first == NOW + timedelta(minutes=1)
    assert count(2) == first
    Submission.objects.filter(pk=wish.pk).update(urgency="blocker")
    assert count(3) == NOW + timedelta(minutes=3)
    Submission.objects.filter(pk=wish.pk).update(withdrawn_at=NOW)
    assert count(4) == NOW + timedelta(minutes=4)
    assert count(5) == NOW + timedelta(minutes=4)


def test_the_points_of_a_label_set_by_hand(link: CustomerLink, make_wish: MakeWish) -> None:
    make_wish(link.issue, link=link, urgency="important")
    CustomerLink.objects.update(hand_set_points=8)
    recount_demand(link, now=NOW)
    assert rows(link) == [("retention", None, 8)]
    Submission.objects.update(points_override=2)
    recount_demand(link, now=NOW)
    assert rows(link) == [("retention", None, 2)]


def test_the_only_open_opportunity_is_chosen_and_stays(
    link: CustomerLink, make_wish: MakeWish, make_opportunity: Callable[..., Opportunity]
) -> None:
    wish = make_wish(link.issue, link=link, intent="expand")
    make_opportunity(is_closed=True)
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", None, 4)]
    only = make_opportunity()
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", only.pk, 4)]
    assert [event.actor_name for event in wish.events.filter(kind="opportunity_set")] == [""]
    make_opportunity()
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", only.pk, 4)]
    Opportunity.objects.filter(pk=only.pk).update(is_closed=True)
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", only.pk, 4)]  # lost: no money, and the lost ARR knows why


def test_a_person_who_said_none_of_these_is_not_overruled(
    link: CustomerLink, make_wish: MakeWish, tam: User,
    make_opportunity: Callable[..., Opportunity],
) -> None:  # fmt: skip
    wish = make_wish(link.issue, link=link, intent="expand")
    triage.choose_opportunity(wish, opportunity=None, by=tam)
    make_opportunity()
    recount_demand(link, now=NOW)
    assert rows(link) == [("growth", None, 4)]


def test_many_links_are_counted_in_a_fixed_number_of_queries(
    make_issue: Callable[..., Issue], account: Account, make_wish: MakeWish
) -> None:
    def count(number: int) -> int:
        links = [
            CustomerLink.objects.create(issue=make_issue(), account=account) for _ in range(number)
        ]
        for link in links:
            make_wish(link.issue, link=link)
        with CaptureQueriesContext(connection) as seen:
            changed = recount_links([link.pk for link in links], now=NOW)
        assert changed == {link.pk for link in links}
        return len(seen)

    assert count(2) == count(20) <= 12
