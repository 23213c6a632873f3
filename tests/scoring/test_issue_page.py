"""Why an issue has its score, as its page tells it."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.models import CustomerLink, Issue
from portal.models import User
from scoring.domain.weights import Model, Weights
from scoring.domain.weights_text import write_weights
from scoring.models import Estimate, IssueScore, WeightsVersion
from scoring.pipeline.score import score_everything
from tests.intake.pages import sign_in
from tests.scoring.days import WEEK_AGO, keep_day
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


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


def read(client: Client, issue: Issue, **query: str) -> str:
    response = client.get(reverse("scoring:issue", args=[issue.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_worked_example_adds_up_before_the_readers_eyes(client: Client) -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    page = read(client, issues["#101"])
    words = read_words(page)
    assert "Rank 2 of 3" in words
    assert "Retention 106,000 Growth 0 Combined 106,000" in words
    assert "Priority, with urgency 256,000 Weight 8 Weighted priority 32,000" in words
    assert "shipping this does not mean ARR rises by this much" in words
    rows = read_table_rows(page)
    assert rows[1] == [
        "A A Retention", "10 of 12", "100,000 of 120,000 ARR",
        "× 2.5 health yellow, renewal in 7 months", "250,000", "98 %",
    ]  # fmt: skip
    assert rows[2] == [
        "B B Retention", "1 of 5", "6,000 of 30,000 ARR",
        "× 1 health green, renewal in 7 months", "6,000", "2 %",
    ]  # fmt: skip
    assert rows[3] == ["All links", "", "106,000", "", "256,000", ""]


def test_growth_names_its_opportunity(client: Client) -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    rows = read_table_rows(read(client, issues["#103"]))
    growth = next(row for row in rows if "Growth: Opportunity" in row[0])
    assert growth[1:3] == ["5 of 5", "50,000 of 50,000 net ARR"]
    assert growth[3] == "× 1.5 win probability 50 %, close in 5 months"


def test_every_account_leads_to_its_own_page(client: Client) -> None:
    issue, account = add_issue(weight=1), add_account("Northwind")
    add_link(issue, account, 4)
    score_everything(now=NOW)
    assert f'href="{reverse("scoring:account", args=[account.pk])}"' in read(client, issue)


def test_points_set_by_hand_in_gitlab_are_marked(client: Client) -> None:
    issue = add_issue(weight=1)
    link = add_link(issue, add_account(), 9)
    CustomerLink.objects.filter(pk=link.pk).update(hand_set_points=9)
    score_everything(now=NOW)
    assert "label set by hand in GitLab: 9" in read_words(read(client, issue))


def test_warnings_are_said_once_with_what_to_do(client: Client) -> None:
    issue = add_issue()
    for name in ("Aldgate", "Brightwater"):
        add_link(issue, add_account(name, renewal_on=None), 1)
    score_everything(now=NOW)
    words = read_words(read(client, issue))
    assert words.count("Renewal date missing") == 1
    assert "Renewal date missing : Aldgate , Brightwater" in words
    assert "the mildest multiplier counts" in words
    assert "Add a weight" in words
    assert "Open the issue in GitLab" in words
    assert "No rank yet" in words


def test_many_accounts_with_one_trouble_are_counted(client: Client) -> None:
    issue = add_issue(weight=1)
    for _ in range(8):
        add_link(issue, add_account(renewal_on=None), 1)
    score_everything(now=NOW)
    assert "and 3 more" in read_words(read(client, issue))


def test_a_manual_value_is_marked_and_stands_beside_the_customers(client: Client) -> None:
    issue = add_issue(weight=2)
    add_link(issue, add_account(arr=1_000), 1)
    Estimate.objects.create(
        issue=issue, kind="manual_value", value="50000", reason="security", created_at=NOW
    )
    score_everything(now=NOW)
    words = read_words(read(client, issue))
    assert "Manual value" in words
    assert "Priority, set by a person 50,000 Weight 2 Weighted priority 25,000" in words
    assert "A person’s value of 50,000 stands in for the 1,000" in words


def test_an_issue_nobody_asks_for_says_how_it_gets_a_score(client: Client) -> None:
    words = read_words(read(client, add_issue("Quiet")))
    assert "No customer asks for this issue yet" in words
    assert "Estimates" in words


def test_a_closed_issue_says_where_its_points_went(client: Client) -> None:
    issue = add_issue(is_closed=True, closed_at=NOW)
    add_link(issue, add_account(), 1)
    score_everything(now=NOW)
    assert "the points they held went back" in read_words(read(client, issue))


def test_a_moved_issue_leads_on(client: Client) -> None:
    successor = add_issue("The new home")
    words = read_words(read(client, add_issue(is_closed=True, successor=successor)))
    assert "It goes on as" in words
    assert "The new home" in words


def test_the_other_models_draw_on_all_the_accounts_links(client: Client) -> None:
    """T1 of the worked numbers: X has 390,000 of cost of delay because A also asks for Y."""
    a, b = add_account("A", 120_000), add_account("B", 60_000)
    x, y = add_issue("X", weight=5), add_issue("Y", weight=2)
    add_link(x, a, 10, value=3, pilot_urgency=3)
    add_link(y, a, 1, value=1, pilot_urgency=1)
    add_link(x, b, 4, value=2, pilot_urgency=2)
    score_everything(now=NOW)
    page = read_words(read(client, x))
    assert "78,000 Cost of delay 390,000 ÷ 5 weeks, from the weight" in page
    assert "39,000 Cost of delay 195,000 ÷ 5 weeks, from the weight" in page
    assert "Impacted ARR 180,000, accounts 2, strategic 0, dealbreaker for 0 of 2" in page
    other = read_words(read(client, y))
    assert "15,000 Cost of delay 30,000 ÷ 2 weeks, from the weight" in other


def test_growth_pools_of_other_models_are_the_opportunitys(client: Client) -> None:
    account = add_account(arr=0)
    deal = add_opportunity(account, 40_000)
    one, other = add_issue(weight=1), add_issue(weight=1)
    add_link(one, account, 1, opportunity=deal, value=1)
    add_link(other, account, 1, opportunity=deal, value=3)
    score_everything(now=NOW)
    assert "Cost of delay 10,000" in read_words(read(client, one))


def test_the_model_in_force_is_named(client: Client) -> None:
    WeightsVersion.objects.create(
        number=1, content=write_weights(Weights(model=Model.CD3)), created_at=NOW
    )
    issue = add_issue(weight=2)
    add_link(issue, add_account(arr=1_000), 1)
    score_everything(now=NOW)
    words = read_words(read(client, issue))
    assert "Ranked by CD3: 500 (cost of delay 1,000 ÷ 2 weeks, from the weight)" in words
    assert "with Weights 1" in words


def test_two_days_make_a_line_with_its_numbers_in_a_table(client: Client) -> None:
    issue = add_issue(weight=2)
    add_link(issue, add_account(arr=1_000), 1)
    keep_day(WEEK_AGO)
    assert "Over time" not in read_words(read(client, issue))
    add_link(issue, add_account(arr=2_000), 1)
    keep_day(TODAY)
    page = read(client, issue)
    assert 'role="img"' in page
    rows = read_table_rows(page)
    assert ["19 Nov 2026", "1", "3,000", "1,500", "2"] in rows
    assert ["12 Nov 2026", "1", "1,000", "500", "1"] in rows


def test_a_day_without_a_score_breaks_the_line(client: Client) -> None:
    issue, other = add_issue(weight=2), add_issue(weight=1)
    account = add_account(arr=1_000)
    add_link(issue, account, 1)
    add_link(other, account, 1)
    for back, is_closed in ((3, False), (2, True), (1, False), (0, False)):
        Issue.objects.filter(pk=issue.pk).update(is_closed=is_closed)
        keep_day(TODAY - timedelta(days=back))
    page = read(client, issue)
    trace = page.split('class="trace" d="')[1].split('"')[0]
    assert trace.count("M") == 2


def test_the_smaller_links_of_a_popular_issue_are_one_click_away(client: Client) -> None:
    issue = add_issue(weight=1)
    for number in range(45):
        add_link(issue, add_account(arr=1_000 + number), 1)
    score_everything(now=NOW)
    page = read(client, issue)
    assert "Show the 5 smaller links as well" in read_words(page)
    whole = read(client, issue, links="all")
    assert sum("Retention" in row[0] for row in read_table_rows(whole)) == 45


def test_shares_on_the_page_sum_to_the_combined_score(client: Client) -> None:
    issue, other = add_issue(weight=1), add_issue()
    for arr in ("100.01", "33.34", "66.67"):
        account = add_account(arr=arr)
        add_link(issue, account, 1)
        add_link(other, account, 2)
    score_everything(now=NOW)
    score = IssueScore.objects.get(pk=issue.pk)
    assert score.combined == Decimal("66.67")
    response = client.get(reverse("scoring:issue", args=[issue.pk]))
    assert sum(row.share for row in response.context["why"].links) == score.combined


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    issue = add_issue(weight=1)

    def grow(count: int) -> None:
        for _ in range(count):
            account = add_account(renewal_on=None)
            add_link(issue, account, 3)
            add_link(issue, account, 3, opportunity=add_opportunity(account))
            add_link(add_issue(weight=2), account, 1)

    def count() -> int:
        read(client, issue)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(client, issue)
        return len(queries)

    grow(3)
    keep_day(WEEK_AGO)
    keep_day(TODAY)
    few = count()
    grow(25)
    keep_day(TODAY)
    assert count() == few
    assert few <= 30


def test_an_unknown_issue_is_not_found(client: Client) -> None:
    assert client.get(reverse("scoring:issue", args=[99_999])).status_code == 404
