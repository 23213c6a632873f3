"""What an account's money is on, as its page tells it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.models import Account, Role, User
from scoring.pipeline.score import score_everything
from scoring.selectors.account_money import read_account_money
from tests.intake.pages import sign_in
from tests.scoring.page_reader import read_table_rows, read_words
from tests.scoring.store import (
    NOW,
    TODAY,
    add_account,
    add_issue,
    add_link,
    add_opportunity,
    add_worked_example,
)

pytestmark = pytest.mark.django_db

READER = User(role=Role.PRODUCT_MANAGER)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


def read(client: Client, account: Account) -> str:
    response = client.get(reverse("scoring:account", args=[account.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_worked_example_to_the_cent(client: Client) -> None:
    add_worked_example()
    score_everything(now=NOW)
    account = Account.objects.get(name="A")
    page = read(client, account)
    words = read_words(page)
    assert "To keep: ARR of 120,000.00" in words
    assert "net ARR of 50,000.00" in words
    assert "Win probability 50 % closes 15 Apr 2027" in words
    assert "Adds to all priorities 375,000" in words
    rows = read_table_rows(page)
    reason = "× 2.5 health yellow, renewal in 7 months"
    one = next(row for row in rows if "One" in row[0] and len(row) == 6)
    assert one[1:] == ["10 of 12", "100,000.00 83 %", reason, "250,000.00", "2"]
    two = next(row for row in rows if "Two" in row[0] and len(row) == 6)
    assert two[1:] == ["2 of 12", "20,000.00 17 %", reason, "50,000.00", "3"]
    assert ["Together", "12", "120,000.00", "", "300,000.00", ""] in rows
    assert ["Together", "5", "50,000.00", "", "75,000.00", ""] in rows


def test_shares_that_do_not_divide_still_sum(client: Client) -> None:
    account = add_account(arr="100.00")
    for _ in range(3):
        add_link(add_issue(), account, 1)
    page = read_account_money(account.pk, reader=READER, today=TODAY)
    assert [row.share for row in page.retention.rows] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(
    st.decimals(0, 10**7, places=2),
    st.lists(st.integers(1, 10), min_size=1, max_size=6),
    st.decimals(0, 10**7, places=2),
    st.lists(st.integers(1, 10), min_size=1, max_size=4),
)
def test_every_pool_is_divided_to_the_cent(
    arr: Decimal, kept: list[int], net_arr: Decimal, won: list[int]
) -> None:
    account = add_account(arr=str(arr))
    deal = add_opportunity(account, str(net_arr))
    for points in kept:
        add_link(add_issue(), account, points)
    for points in won:
        add_link(add_issue(), account, points, opportunity=deal)
    page = read_account_money(account.pk, reader=READER, today=TODAY)
    assert page.retention.shares == page.retention.money == arr
    (growth,) = page.growth
    assert growth.shares == growth.money == net_arr


def test_both_kinds_are_drawn_together_where_there_are_both(client: Client) -> None:
    account, issue = add_account(arr=1_000), add_issue("Wanted")
    add_link(issue, account, 1)
    assert read_account_money(account.pk, reader=READER, today=TODAY).overview is None
    add_link(issue, account, 1, opportunity=add_opportunity(account, 3_000))
    overview = read_account_money(account.pk, reader=READER, today=TODAY).overview
    assert overview is not None
    assert [bar.amounts for bar in overview.bars] == [(1_000, 3_000)]
    rows = read_table_rows(read(client, account))
    assert [f"#{issue.iid} Wanted", "", "1,000", "3,000", "4,000"] in rows


def test_closed_issues_give_their_points_back_and_are_named(client: Client) -> None:
    account, done = add_account(arr=900), add_issue("Done", is_closed=True, closed_at=NOW)
    add_link(done, account, 8)
    add_link(add_issue("Left"), account, 1)
    page = read_account_money(account.pk, reader=READER, today=TODAY)
    assert [(row.title, row.share) for row in page.retention.rows] == [("Left", 900)]
    assert [issue.title for issue in page.closed] == ["Done"]
    assert "Closed: their points went back" in read_words(read(client, account))


def test_opportunities_that_move_no_score_say_why(client: Client) -> None:
    account = add_account()
    add_opportunity(account, 5_000, name="Idle one")
    won = add_opportunity(account, name="Won one", is_closed=True, is_won=True)
    add_opportunity(account, name="Lost one", is_closed=True)
    add_link(add_issue("Wish"), account, 4, kind="growth")
    add_link(add_issue(), account, 4, opportunity=won)
    words = read_words(read(client, account))
    assert "Idle one, net ARR 5,000: open; nothing is asked for with it" in words
    assert "Won one, net ARR 50,000: won" in words
    assert "Lost one, net ARR 50,000: lost" in words
    assert "Wish , 4 points" in words


def test_its_own_troubles_are_told_and_no_others(client: Client) -> None:
    account = add_account("Quayside", arr=None, renewal_on=date(2026, 10, 1))
    add_link(add_issue(), account, 1)
    words = read_words(read(client, account))
    assert "ARR missing, counts as 0 : Quayside" in words
    assert "Renewal date in the past" in words
    assert "Add a weight" not in words
    assert "One account above" not in words


def test_other_accounts_do_not_show(client: Client) -> None:
    account, issue = add_account(arr=1_000), add_issue()
    add_link(issue, account, 1)
    add_link(issue, add_account("Somebody else"), 9)
    page = read(client, account)
    assert "Somebody else" not in page
    assert "1 of 1" in read_words(page)


def test_an_account_that_asks_for_nothing(client: Client) -> None:
    words = read_words(read(client, add_account(renewal_on=None)))
    assert "its ARR lies on nothing" in words
    assert "Renewal not known" in words


@pytest.mark.parametrize(
    ("renewal", "told"),
    [
        (date(2026, 11, 30), "this month"),
        (date(2026, 12, 1), "in 1 month"),
        (date(2027, 11, 1), "in 12 months"),
        (date(2026, 10, 31), "in the past"),
    ],
)
def test_the_renewal_in_months(client: Client, renewal: date, told: str) -> None:
    assert told in read_words(read(client, add_account(renewal_on=renewal)))


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    account = add_account()

    def grow(count: int) -> None:
        for _ in range(count):
            add_link(add_issue(), account, 2)
            add_link(add_issue(), account, 2, opportunity=add_opportunity(account))
            add_link(add_issue(is_closed=True, closed_at=NOW), account, 2)

    def count() -> int:
        read(client, account)
        with CaptureQueriesContext(connection) as queries:
            read(client, account)
        return len(queries)

    grow(2)
    few = count()
    grow(20)
    assert count() == few
    assert few <= 18


def test_an_unknown_account_is_not_found(client: Client) -> None:
    assert client.get(reverse("scoring:account", args=[99_999])).status_code == 404
