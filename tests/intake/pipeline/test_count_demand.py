"""Which links are counted again: after a new crosswalk all of them, in pieces if need be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.actions.set_crosswalk import set_crosswalk
from intake.models import CrosswalkVersion, CustomerLink, Issue, Submission
from intake.pipeline import count_demand
from intake.pipeline.count_demand import count_due_demand
from portal.models import Account, Opportunity, User
from tests.intake.conftest import Clock
from tests.intake.gitlab_desk import demands
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]


@pytest.fixture
def tie(
    make_issue: Callable[..., Issue], account: Account, make_wish: MakeWish
) -> Callable[..., CustomerLink]:
    """A request and the link it holds."""

    def make(**fields: Any) -> CustomerLink:
        link = CustomerLink.objects.create(issue=make_issue(), account=account, note_state="posted")
        make_wish(link.issue, link=link, **fields)
        return link

    return make


def change_crosswalk(by: User, **points: int) -> None:
    table = CrosswalkVersion.objects.order_by("-number")[0].table
    changed = {
        urgency: {**row, "points": points.get(urgency, row["points"])}
        for urgency, row in table.items()
    }
    set_crosswalk(changed, by=by)


def add_deal(account: Account, number: int = 1, **fields: Any) -> Opportunity:
    values = {"name": "More seats", "refreshed_at": NOW, "changed_at": NOW}
    return Opportunity.objects.create(
        account=account, salesforce_id=f"006D000000Ab00{number}IAB", **values | fields
    )


def test_a_new_crosswalk_counts_every_link_again(
    tie: Callable[..., CustomerLink], tam: User, clock: Clock
) -> None:
    blocker, calm = tie(urgency="blocker"), tie(urgency="nice_to_have")
    count_due_demand(clock=clock)
    assert [demands(link)[0][2] for link in (blocker, calm)] == [7, 1]
    CustomerLink.objects.update(due_at=None)
    change_crosswalk(tam, blocker=8)
    clock.advance(minutes=5)
    assert count_due_demand(clock=clock)
    blocker.refresh_from_db()
    calm.refresh_from_db()
    assert [demands(link)[0][2] for link in (blocker, calm)] == [8, 1]
    assert (blocker.demand_changed_at, calm.demand_changed_at) == (clock.now, NOW)
    assert (blocker.due_at, calm.due_at) == (clock.now, None)  # our note tells another priority
    assert {blocker.counted_with, calm.counted_with} == {2}


def test_a_run_that_is_cut_short_goes_on_where_it_stopped(
    tie: Callable[..., CustomerLink], tam: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [tie(urgency="blocker") for _ in range(5)]
    count_due_demand(clock=clock)
    change_crosswalk(tam, blocker=9)
    monkeypatch.setattr(count_demand, "BATCH", 2)
    assert not count_due_demand(clock=clock, is_over=lambda: True)
    assert CustomerLink.objects.filter(counted_with=2).count() == 2
    assert count_due_demand(clock=clock)
    assert [demands(link)[0][2] for link in links] == [9] * 5


def test_with_nothing_to_do_few_questions_are_asked(
    tie: Callable[..., CustomerLink], account: Account, clock: Clock
) -> None:
    tie(intent="expand")
    add_deal(account)
    count_due_demand(clock=clock)
    with CaptureQueriesContext(connection) as seen:
        count_due_demand(clock=clock)
    assert len(seen) <= 10


def test_an_opportunity_that_opens_is_the_growth_it_asks_for(
    tie: Callable[..., CustomerLink], account: Account, clock: Clock
) -> None:
    link = tie(intent="expand")
    count_due_demand(clock=clock)
    assert demands(link) == [("growth", None, 4)]
    deal = add_deal(account)
    count_due_demand(clock=clock)
    assert demands(link) == [("growth", deal.pk, 4)]
    Opportunity.objects.update(is_closed=True, is_won=True, changed_at=NOW + timedelta(hours=1))
    count_due_demand(clock=clock)
    assert demands(link) == [("retention", None, 4)]
    Opportunity.objects.update(is_closed=False, is_won=False, changed_at=NOW + timedelta(hours=2))
    count_due_demand(clock=clock)
    assert demands(link) == [("growth", deal.pk, 4)]


def test_rows_of_one_refresh_that_come_late_are_seen(
    tie: Callable[..., CustomerLink], account: Account, make_account: Callable[[str], Account],
    clock: Clock,
) -> None:  # fmt: skip
    link = tie(intent="expand")
    add_deal(make_account("Contoso"), 1)
    count_due_demand(clock=clock)
    deal = add_deal(account, 2)  # the same time as the first: one refresh
    count_due_demand(clock=clock)
    assert demands(link) == [("growth", deal.pk, 4)]
