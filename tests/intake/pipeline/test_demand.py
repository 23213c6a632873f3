"""What an account's requests ask of one issue: counted once, with the highest points."""

from collections.abc import Callable
from typing import Any

import pytest

from intake.models import CustomerLink, Issue, Submission
from intake.pipeline.demand import recount_demand
from portal.models import Account, Opportunity
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
    recount_demand(link)
    growth = [("growth", first.pk, 1), ("growth", second.pk, 4), ("growth", None, 10)]
    assert sorted(rows(link), key=str) == sorted([*growth, ("retention", None, 7)], key=str)


def test_the_most_urgent_comes_first(link: CustomerLink, make_wish: MakeWish) -> None:
    calm = make_wish(link.issue, link=link, urgency="nice_to_have")
    raised = make_wish(link.issue, link=link, urgency="nice_to_have", points_override=9)
    loud = make_wish(link.issue, link=link, urgency="blocker")
    assert recount_demand(link) == [raised, loud, calm]


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
    recount_demand(link)
    assert len(rows(link)) == 1
    Submission.objects.filter(pk=wish.pk).update(**ended)
    assert recount_demand(link) == []
    assert rows(link) == []


def test_a_won_opportunity_is_revenue_to_keep(
    link: CustomerLink, make_wish: MakeWish, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity()
    make_wish(link.issue, link=link, intent="expand", opportunity=opportunity)
    recount_demand(link)
    assert rows(link) == [("growth", opportunity.pk, 4)]
    Opportunity.objects.update(is_closed=True, is_won=True)
    recount_demand(link)
    assert rows(link) == [("retention", None, 4)]


def test_a_lost_opportunity_keeps_its_row(
    link: CustomerLink, make_wish: MakeWish, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity(is_closed=True, is_won=False)
    make_wish(link.issue, link=link, intent="expand", opportunity=opportunity)
    recount_demand(link)
    assert rows(link) == [("growth", opportunity.pk, 4)]
