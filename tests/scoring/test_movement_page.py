"""What moved between two days, and why, as the page tells it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.models import Demand, Issue
from portal.models import User
from scoring.domain.weights import Model, Weights
from scoring.domain.weights_text import write_weights
from scoring.models import DayScore, Estimate, WeightsVersion
from scoring.selectors.movement import Moved, Movement
from tests.intake.pages import sign_in
from tests.scoring.days import WEEK_AGO, keep_day
from tests.scoring.page_reader import read_words
from tests.scoring.store import NOW, TODAY, add_account, add_issue, add_link, add_opportunity

pytestmark = pytest.mark.django_db

PAGE = reverse("scoring:movement")


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


def read(client: Client, **query: object) -> Movement:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    found: Movement = response.context["page"]
    return found


def words(client: Client, **query: object) -> str:
    return read_words(client.get(PAGE, query).content.decode())


def find(page: Movement, issue: Issue) -> Moved:
    return next(row for row in page.rows if row.id == issue.pk)


def tell(row: Moved) -> list[tuple[str, str, Decimal]]:
    return [(cause.account, cause.words, cause.effect) for cause in row.causes]


def test_one_day_is_not_enough(client: Client) -> None:
    assert "Come back tomorrow" in words(client)
    keep_day()
    assert "Come back tomorrow" in words(client)


def test_nothing_moved(client: Client) -> None:
    add_link(add_issue(weight=1), add_account(), 1)
    keep_day(WEEK_AGO)
    keep_day()
    assert "Nothing moved by itself between these two days" in words(client)


def test_a_weight_and_the_rank_it_brings(client: Client) -> None:
    first, second = add_issue(weight=1), add_issue("Heavy", weight=8)
    add_link(first, add_account(arr=2_000), 1)
    add_link(second, add_account(arr=8_000), 1)
    keep_day(WEEK_AGO)
    Issue.objects.filter(pk=second.pk).update(weight=2)
    keep_day()
    row = find(read(client), second)
    assert (row.rank_before, row.rank_after, row.places) == (2, 1, 1)
    assert (row.score_before, row.score_after) == (1_000, 4_000)
    assert tell(row) == [("", "weight 8 → 2", 0)]
    page = words(client)
    assert "Up 1 2 → 1" in page
    assert "Weight 8 → 2" in page
    assert "1 more issue changed place only because others passed" in page


def test_a_new_link_and_what_it_takes_from_the_accounts_other_issues(client: Client) -> None:
    account = add_account("Northwind", arr=1_200)
    old, new = add_issue(weight=1), add_issue("Newcomer", weight=1)
    add_link(old, account, 2)
    keep_day(WEEK_AGO)
    add_link(new, account, 10)
    keep_day()
    page = read(client)
    assert tell(find(page, new)) == [("Northwind", "new link, 10 of its 12 points", 1_000)]
    told = f"more points on its other issues, 0 → 10: #{new.iid} is new"
    assert tell(find(page, old)) == [("Northwind", told, -1_000)]
    assert find(page, new).came
    assert "New rank 1" in words(client)


def test_a_closed_issue_gives_its_points_back(client: Client) -> None:
    account = add_account("Northwind", arr=1_200)
    kept, done = add_issue(weight=1), add_issue("Done", weight=1)
    add_link(kept, account, 2)
    add_link(done, account, 10)
    keep_day(WEEK_AGO)
    Issue.objects.filter(pk=done.pk).update(is_closed=True, closed_at=NOW)
    keep_day()
    page = read(client)
    told = f"fewer points on its other issues, 10 → 0: #{done.iid} was closed"
    assert tell(find(page, kept)) == [("Northwind", told, 1_000)]
    gone = find(page, done)
    assert (gone.left, gone.causes) == (True, ())
    assert "Closed on 19 November: its points went back" in words(client)


def test_an_issue_nobody_wants_any_more_says_so(client: Client) -> None:
    account = add_account()
    link = add_link(add_issue(weight=1), account, 1)
    add_link(add_issue(weight=1), account, 1)
    keep_day(WEEK_AGO)
    Demand.objects.filter(link=link).delete()
    keep_day()
    page = words(client)
    assert "No customer asks for it any more" in page
    assert "is not asked for any more" in page


def test_a_renewal_that_comes_near(client: Client) -> None:
    account = add_account("Halden", arr=1_000, health="yellow", renewal_on=date(2027, 11, 30))
    issue = add_issue(weight=1)
    add_link(issue, account, 1)
    before = date(2026, 10, 25)
    keep_day(before)
    keep_day()
    row = find(read(client, **{"from": before.isoformat()}), issue)
    assert tell(row) == [("Halden", "renewal in 13 months → 12 months, so multiplier 2 → 2.5", 500)]


def test_an_opportunity_that_was_lost(client: Client) -> None:
    account, issue = add_account("Kestrel", arr=1_000), add_issue(weight=1)
    deal = add_opportunity(account, 9_000, name="200 seats")
    add_link(issue, account, 1)
    add_link(issue, account, 1, opportunity=deal)
    keep_day(WEEK_AGO)
    deal.is_closed = True
    deal.save()
    keep_day()
    assert tell(find(read(client), issue)) == [
        ("Kestrel", "opportunity “200 seats” was lost", -9_000)
    ]


def test_money_points_and_a_value_set_by_a_person(client: Client) -> None:
    account, issue = add_account("Kestrel", arr=1_000), add_issue(weight=1)
    other = add_issue(weight=1)
    link = add_link(issue, account, 2)
    add_link(other, account, 2)
    keep_day(WEEK_AGO)
    account.arr = Decimal(3_000)
    account.save()
    Demand.objects.filter(link=link).update(points=4)
    Estimate.objects.create(
        issue=other, kind="manual_value", value="5000", reason="security", created_at=NOW
    )
    keep_day()
    page = read(client)
    told = {(one.words, one.effect) for one in find(page, issue).causes}
    assert ("ARR 1,000 → 3,000", Decimal("1333.33")) in told
    assert ("points 2 → 4", Decimal("166.67")) in told
    assert ("", "a value set by a person", 4_000) in tell(find(page, other))


def test_changes_for_all_are_told_above(client: Client) -> None:
    add_link(add_issue(weight=1), add_account(), 1)
    keep_day(WEEK_AGO)
    content = write_weights(Weights(model=Model.CD3))
    WeightsVersion.objects.create(
        number=1, content=content, reason="A quarter with CD3", created_at=NOW
    )
    keep_day()
    page = words(client)
    assert "The default weights gave way to Weights 1: A quarter with CD3." in page
    assert "The model changed from cipf to cd3; the scores do not compare." in page


def test_a_mean_of_ranks_rises_when_it_falls(client: Client) -> None:
    content = write_weights(Weights(model=Model.GAP_RANKING))
    WeightsVersion.objects.create(number=1, content=content, created_at=NOW)
    small, great = add_issue(), add_issue()
    add_link(small, add_account(arr=1_000), 1)
    add_link(great, add_account(arr=2_000), 1)
    keep_day(WEEK_AGO)
    add_link(small, add_account(arr=5_000), 1)
    keep_day()
    assert [row.id for row in read(client, direction="up").rows] == [small.pk]
    assert [row.id for row in read(client, direction="down").rows] == [great.pk]


def test_what_it_is_not_ranked_by_moves_nothing(client: Client) -> None:
    content = write_weights(Weights(model=Model.WSJF))
    WeightsVersion.objects.create(number=1, content=content, created_at=NOW)
    account, issue = add_account(arr=1_000), add_issue()
    add_link(issue, account, 1)
    for kind in ("business_value", "time_criticality", "risk_reduction", "job_size"):
        Estimate.objects.create(issue=issue, kind=kind, value="2", created_at=NOW)
    keep_day(WEEK_AGO)
    account.arr = Decimal(9_000)
    account.save()
    keep_day()
    page = read(client)
    assert (page.rows, page.shifted) == ((), 0)


def test_without_a_weight_the_priority_is_compared(client: Client) -> None:
    account, issue = add_account(arr=1_000), add_issue()
    add_link(issue, account, 1)
    keep_day(WEEK_AGO)
    account.arr = Decimal(1_500)
    account.save()
    keep_day()
    page = words(client)
    assert "Priority 1,000 → 1,500 ; no score yet" in page
    assert "No rank" in page


def test_details_that_are_not_kept_are_not_made_up(client: Client) -> None:
    account, issue = add_account(arr=1_000), add_issue(weight=1)
    add_link(issue, account, 1)
    keep_day(WEEK_AGO)
    DayScore.objects.update(parts=[])
    add_link(issue, add_account(), 1)
    keep_day()
    row = find(read(client), issue)
    assert row.is_untold
    assert row.causes == ()
    assert "details of one of these days are not kept any more" in words(client)


def test_tabs_count_and_narrow(client: Client) -> None:
    up, down, gone = (add_issue(weight=1) for _ in range(3))
    accounts = [add_account(arr=1_000) for _ in range(3)]
    for issue, account in zip((up, down, gone), accounts, strict=True):
        add_link(issue, account, 1)
    keep_day(WEEK_AGO)
    add_link(up, add_account(arr=500), 1)
    accounts[1].arr = Decimal(400)
    accounts[1].save()
    Issue.objects.filter(pk=gone.pk).update(is_closed=True)
    new = add_issue(weight=1)
    add_link(new, add_account(arr=50), 1)
    keep_day()
    page = read(client)
    assert {tab.key: tab.count for tab in page.tabs} == {
        "": 4, "up": 1, "down": 1, "new": 1, "left": 1,
    }  # fmt: skip
    assert [row.id for row in page.rows] == [gone.pk, down.pk, up.pk, new.pk]
    for direction, issue in (("up", up), ("down", down), ("new", new), ("left", gone)):
        assert [row.id for row in read(client, direction=direction).rows] == [issue.pk]
    assert len(read(client, direction="sideways").rows) == 4


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, (7, 0)),
        ({"from": 3}, (3, 0)),
        ({"from": 5}, (7, 0)),  # no snapshot that day: the one before it
        ({"from": 99}, (20, 0)),
        ({"to": 3}, (20, 3)),
        ({"from": 0, "to": 3}, (7, 3)),  # the wrong way round
        ({"from": 99, "to": 99}, (20, 7)),
        ({"from": -5, "to": -5}, (3, 0)),
    ],
)
def test_the_nearest_days_are_compared(
    client: Client, asked: dict[str, int], shown: tuple[int, int]
) -> None:
    add_link(add_issue(weight=1), add_account(), 1)
    for back in (20, 7, 3, 0):
        keep_day(TODAY - timedelta(days=back))
    query = {name: (TODAY - timedelta(days=back)).isoformat() for name, back in asked.items()}
    days = client.get(PAGE, query).context["days"]
    assert tuple((TODAY - one.day).days for one in (days.before, days.after)) == shown


@pytest.mark.parametrize("nonsense", ["", "yesterday", "2026-99-99", "0", "2026-11-19\0"])
def test_days_that_make_no_sense_are_passed_over(client: Client, nonsense: str) -> None:
    keep_day(WEEK_AGO)
    keep_day()
    days = client.get(PAGE, {"from": nonsense, "to": nonsense, "page": nonsense}).context["days"]
    assert (days.before.day, days.after.day) == (WEEK_AGO, TODAY)


def test_pages_follow_each_other_and_queries_do_not_grow(client: Client) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            account = add_account()
            add_link(add_issue(weight=1), account, 2)
            add_link(add_issue(weight=1), account, 2, opportunity=add_opportunity(account))

    def move() -> int:
        Demand.objects.update(points=5)
        Issue.objects.filter(pk=Issue.objects.order_by("pk")[0].pk).update(weight=9)
        for account in {demand.link.account for demand in Demand.objects.all()}:
            account.arr = (account.arr or 0) + 10
            account.health = "red"
            account.save()
            add_link(add_issue(weight=3), account, 1)
        keep_day()
        read(client)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    grow(2)
    keep_day(WEEK_AGO)
    few = move()
    grow(14)
    keep_day(WEEK_AGO)
    assert move() == few
    assert few <= 14
    first, second = read(client), read(client, page=2)
    assert (len(first.rows), first.has_more) == (25, True)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert "Smaller changes" in words(client)
    assert "Greater changes" in words(client, page=2)
