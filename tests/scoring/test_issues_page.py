"""The ranked list as people read it."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.models import User
from scoring.models import IssueScore, ScoreRun, WeightsVersion
from scoring.selectors.issue_order import FIELDS
from tests.intake.pages import sign_in
from tests.scoring.score_rows import add_run, add_score
from tests.scoring.store import NOW, add_account, add_issue, add_link

pytestmark = pytest.mark.django_db

LIST = reverse("scoring:issues")


class Tables(HTMLParser):
    """The words of each row's cells."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.is_inside = True

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data}".strip()


def read_rows(page: str) -> list[list[str]]:
    tables = Tables()
    tables.feed(page)
    return tables.rows


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


def read(client: Client, **query: object) -> str:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_issue_stands_with_all_its_figures(client: Client) -> None:
    issue = add_issue("Freeze merges", weight=8, milestone="18.3", milestone_due_on="2027-01-21")
    add_score(
        issue, 1, retention="105999.50", growth=400, priority=256_000, weighted=32_000,
        linked_arr=150_000, accounts=2, seats=1234, group="code review", type="feature",
    )  # fmt: skip
    heads, row = read_rows(read(client))
    assert heads == [
        "Rank", "Issue", "Retention", "Growth", "Combined", "Priority", "Weight", "Weighted",
        "Linked ARR", "Accounts", "Seats", "Milestone",
    ]  # fmt: skip
    assert row[0] == "1"
    assert (
        row[1].split()
        == f"Freeze merges {issue.project.path}#{issue.iid} feature code review".split()
    )
    assert row[2:] == [
        "106,000", "400", "106,400", "256,000", "8", "32,000", "150,000", "2", "1,234",
        "18.3, due 21 Jan 2027",
    ]  # fmt: skip


def test_what_lacks_a_weight_has_no_rank_and_says_where_to_add_it(client: Client) -> None:
    score = add_score("Lacks a weight", None, priority=5000)
    add_score("Ranked", 1)
    page = read(client)
    row = read_rows(page)[-1]
    assert row[0] == "– no rank"
    assert row[6] == "add  a weight in GitLab"
    assert row[7] == "–"
    assert f'<a href="{score.issue.web_url}">add<' in page
    assert "?only=unranked" in page
    assert "1 without a rank" in page


def test_warnings_stand_beside_their_issue(client: Client) -> None:
    warning = {"kind": "renewal date missing", "account": 1, "opportunity": None}
    single = {"kind": "one account above 50 %", "account": 1, "opportunity": None}
    add_score("Doubtful", 1, warnings=[warning, warning | {"account": 2}, single], is_manual=True)
    words = read_rows(read(client))[1][1]
    assert "renewal date missing (2)" in words
    assert "one account above 50 %" in words
    assert "manual value" in words


def test_every_page_says_that_figures_are_derived(client: Client) -> None:
    add_score("Any", 1)
    assert "Derived; shipping an issue does not mean ARR rises by this much." in read(client)


def test_retain_and_expand_are_summed_over_all_that_fits(client: Client) -> None:
    for rank in range(1, 31):
        add_score(f"Issue {rank}", rank, retention=900, growth=300, group="a" if rank < 11 else "b")
    page = read(client)
    assert "27,000 <span>75 %</span>" in page
    assert "9,000 <span>25 %</span>" in page
    page = read(client, group="a")
    assert "9,000 <span>75 %</span>" in page
    assert "<b>10</b> issues" in page


def test_a_filter_about_customers_says_whose_figures_are_shown(client: Client) -> None:
    issue = add_issue("Asked for")
    add_link(issue, add_account(health="red"))
    add_score(issue, 1)
    assert "Figures are of the whole issue" in read(client, health="red")
    assert "Figures are of the whole issue" not in read(client)


def test_pages_of_25_or_50(client: Client) -> None:
    for rank in range(1, 61):
        add_score(f"Issue {rank}", rank)
    assert len(read_rows(read(client))) == 1 + 25
    assert "1 to 25 of 60" in read(client)
    last = read(client, page=3)
    assert [row[0] for row in read_rows(last)[1:]] == [str(rank) for rank in range(51, 61)]
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last
    assert len(read_rows(read(client, rows=50))) == 1 + 50
    assert len(read_rows(read(client, rows=1000))) == 1 + 25
    assert "51 to 60 of 60" in read(client, page=99)
    assert "1 to 25 of 60" in read(client, page="-1")


def test_heads_sort_and_turn_round(client: Client) -> None:
    add_score("First", 1, growth=10)
    add_score("Second", 2, growth=20)
    page = read(client, text="s")
    assert 'aria-sort="ascending"><a href="?text=s&amp;sort=-rank"' in page
    page = read(client, sort="-growth", text="s")
    assert [row[0] for row in read_rows(page)[1:]] == ["2", "1"]
    assert 'aria-sort="descending"><a href="?text=s&amp;sort=growth"' in page
    page = read(client, sort="growth")
    assert [row[0] for row in read_rows(page)[1:]] == ["1", "2"]
    assert "Growth, the other way round" in page


@pytest.mark.parametrize("column", FIELDS)
def test_every_column_sorts_both_ways(client: Client, column: str) -> None:
    add_score("First", 1)
    add_score("Lacks a weight", None)
    for order in (column, f"-{column}"):
        assert len(read_rows(read(client, sort=order))) == 3


def test_filters_are_kept_in_the_address_and_can_be_taken_away(client: Client) -> None:
    add_score("Boards for two", 1, group="planning & co", type="bug")
    page = read(client, group="planning & co", type="bug", sort="-growth", page=1)
    assert '<option value="planning &amp; co" selected>' in page
    assert 'href="?type=bug&amp;sort=-growth">Group: planning &amp; co ' in page
    assert 'href="?group=planning+%26+co&amp;sort=-growth">Type: bug ' in page
    feed = reverse("scoring:issues_csv")
    assert f'href="{feed}?group=planning+%26+co&amp;type=bug&amp;sort=-growth"' in page


def test_an_unfilled_form_leads_to_a_short_address(client: Client) -> None:
    response = client.get(LIST, {"text": "", "group": "a", "area": "", "since": ""})
    assert response.status_code == 302
    assert response.url == f"{LIST}?group=a"
    assert client.get(LIST, {"text": ""}).url == LIST


def test_what_was_not_understood_is_said(client: Client) -> None:
    add_score("There", 1)
    page = read(client, since="yesterday", health="purple")
    assert "Asked since: “yesterday” is not a day like 2026-11-30" in page
    assert "“purple” is not a health there is" in page
    assert "There" in page
    assert "<script>" not in read(client, since="<script>", text="\0")


def test_an_old_address_names_what_is_no_more(client: Client) -> None:
    add_score("There", 1)
    page = read(client, group="dissolved")
    assert '<option value="dissolved" selected>dissolved</option>' in page
    assert "No issue fits these filters" in page


def test_without_scores_it_says_how_they_come(client: Client) -> None:
    assert "Nothing is scored yet" in read(client)


def test_another_models_score_stands_before_the_frameworks(client: Client) -> None:
    rice = WeightsVersion.objects.create(number=3, content={"model": "rice"}, created_at=NOW)
    add_run(weights=rice)
    add_score("Wide reach", 1, score="2.500000", model="rice")
    page = read(client)
    heads, row = read_rows(page)
    assert heads[2:4] == ["Score", "Retention"]
    assert row[2] == "2.5"
    assert "Ranked by RICE score · weights 3" in page


def test_scores_that_should_have_been_replaced_say_so(client: Client) -> None:
    add_score("Any", 1, run=add_run(finished_at=timezone.now() - timedelta(hours=25)))
    assert "should come every day" not in read(client)
    ScoreRun.objects.update(finished_at=timezone.now() - timedelta(hours=27))
    for name in ("issues", "top", "themes"):
        page = client.get(reverse(f"scoring:{name}")).content.decode()
        assert "These scores are 1\xa0day, 3\xa0hours old" in page


def test_titles_are_words_not_markup(client: Client) -> None:
    add_score("<b>Bold</b> & brave", 1)
    page = read(client)
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; brave" in page


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, health="red")
        return len(captured)

    def add(first: int, last: int) -> None:
        for rank in range(first, last):
            issue = add_issue(f"Issue {rank}")
            add_link(issue, add_account(health="red", tam_name=f"TAM {rank}", segment=f"S{rank}"))
            add_score(issue, rank, group=f"g{rank}", warnings=[{"kind": "seats missing"}])

    add(1, 3)
    few = count()
    add(3, 24)
    assert count() == few <= 11
    assert IssueScore.objects.count() == 23
