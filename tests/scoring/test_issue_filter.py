"""Which issues a list shows, filter by filter."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from intake.models import CustomerLink, Demand
from portal.models import Account, User
from scoring.selectors.issue_filter import IssueFilter, narrow_scores
from scoring.selectors.issue_order import Order, read_order, sort_scores
from tests.scoring.score_rows import add_score
from tests.scoring.store import add_account, add_issue, add_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(tam: User) -> Callable[..., list[str]]:
    """Titles of what fits, in rank order."""

    def show(reader: User = tam, **chosen: object) -> list[str]:
        scores = narrow_scores(IssueFilter(**chosen), reader=reader)  # type: ignore[arg-type]
        return list(scores.order_by("standing").values_list("issue__title", flat=True))

    return show


Shown = Callable[..., list[str]]


def ask(title: str, account: Account, rank: int, on: str = "2026-11-01") -> None:
    issue = add_issue(title)
    link = add_link(issue, account, 4)
    at = datetime.fromisoformat(f"{on}T12:00").replace(tzinfo=UTC)
    CustomerLink.objects.filter(pk=link.pk).update(created_at=at)
    add_score(issue, rank)


def test_by_area_group_and_type_and_by_having_none(shown: Shown) -> None:
    add_score("Both", 1, area="planning", group="boards", type="bug")
    add_score("Neither", 2)
    for name, value in (("area", "planning"), ("group", "boards"), ("type", "bug")):
        assert shown(**{name: value}) == ["Both"]
        assert shown(**{name: "-"}) == ["Neither"]
        assert shown(**{name: "no such"}) == []
    assert shown(area="planning", group="boards", type="bug") == ["Both"]
    assert shown() == ["Both", "Neither"]


def test_by_words_number_and_address(shown: Shown) -> None:
    issue = add_issue("Freeze 100% of merges", iid=4711)
    add_score(issue, 1)
    add_score("Another one", 2)
    wanted = ["Freeze 100% of merges"]
    assert shown(text="freeze") == wanted
    assert shown(text="100%") == wanted
    assert shown(text="%") == wanted  # no wildcard
    assert shown(text="_") == []
    assert shown(text="#4711") == shown(text="4711") == wanted
    assert shown(text=issue.web_url) == wanted
    assert shown(text="#99999999999999999999") == []


@pytest.mark.parametrize("theme", ["speed", "Übersicht", 'with "quotes"', "a/b"])
def test_by_theme_whole_words_alone(shown: Shown, theme: str) -> None:
    add_score("Has it", 1, themes=["first", theme])
    add_score("Has another", 2, themes=[f"{theme}er"])
    assert shown(theme=theme) == ["Has it"]


def test_by_having_a_rank(shown: Shown) -> None:
    add_score("Ranked", 1)
    add_score("Lacks a weight", None)
    assert shown(only="ranked") == ["Ranked"]
    assert shown(only="unranked") == ["Lacks a weight"]


def test_by_who_asks(shown: Shown) -> None:
    red = add_account("Red Ltd", health="red", segment="SMB")
    ask("From red", red, 1)
    ask("From green", add_account("Green Ltd", health="green", segment="Enterprise"), 2)
    ask("From nobody's", add_account("Grey Ltd"), 3)
    assert shown(health="red") == ["From red"]
    assert shown(segment="Enterprise") == ["From green"]
    assert shown(segment="-") == ["From nobody's"]
    assert shown(account="red l") == ["From red"]
    assert shown(account=red.salesforce_id) == ["From red"]
    assert shown(account=red.salesforce_id[:15]) == ["From red"]
    assert shown(account="ltd", health="green") == ["From green"]


def test_one_account_must_fit_all_of_it(shown: Shown) -> None:
    issue = add_issue("Asked for by two")
    add_link(issue, add_account(health="red", segment="SMB"))
    add_link(issue, add_account(health="green", segment="Enterprise"))
    add_score(issue, 1)
    assert shown(health="red", segment="SMB") == ["Asked for by two"]
    assert shown(health="red", segment="Enterprise") == []


def test_by_tam(shown: Shown, tam: User, make_user: Callable[..., User]) -> None:
    other = make_user("other@larkfield.example", role="tam")
    ask("Mine", add_account(tam=tam), 1)
    ask("The other's", add_account(tam=other, tam_name="Other Person"), 2)
    ask("Named in Salesforce alone", add_account(tam_name="Far Away"), 3)
    ask("Without", add_account(), 4)
    assert shown(tam="me") == shown(tam=str(tam.pk)) == ["Mine"]
    assert shown(tam="me", reader=other) == ["The other's"]
    assert shown(tam="Far Away") == ["Named in Salesforce alone"]
    assert shown(tam="-") == ["Without"]


def test_by_the_day_of_the_first_request_both_ends_included(shown: Shown) -> None:
    account = add_account()
    for rank, day in enumerate(("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"), 1):
        ask(day, account, rank, on=day)
    since, until = date(2026, 10, 1), date(2026, 10, 31)
    assert shown(since=since, until=until) == ["2026-10-01", "2026-10-31"]
    assert shown(since=until) == ["2026-10-31", "2026-11-01"]
    assert shown(until=since) == ["2026-09-30", "2026-10-01"]


def test_links_that_ask_for_nothing_any_more_do_not_count(shown: Shown) -> None:
    ask("Taken back", add_account(health="red"), 1)
    Demand.objects.all().delete()
    assert shown(health="red") == []
    assert shown(account="Account") == []


def test_several_rows_of_demand_are_one_issue(shown: Shown) -> None:
    account = add_account(health="red")
    issue = add_issue("Once")
    add_link(issue, account, 4)
    add_link(issue, account, 4, kind="growth")
    add_score(issue, 1)
    assert shown(health="red") == shown(account=account.name) == ["Once"]


def test_orders_put_no_number_last_whichever_way() -> None:
    add_score("Second", 2, priority=50)
    add_score("First", 1, priority=70)
    add_score("None", None, priority=60)
    scores = narrow_scores(IssueFilter(), reader=User())

    def sort(text: str) -> list[str]:
        return list(sort_scores(scores, read_order(text)).values_list("issue__title", flat=True))

    assert sort("") == sort("rank") == sort("no such column") == ["First", "Second", "None"]
    assert sort("-rank") == ["Second", "First", "None"]
    assert sort("-priority") == ["First", "None", "Second"]
    assert sort("weighted") == ["Second", "First", "None"]
    assert sort("-weighted") == ["First", "Second", "None"]
    assert sort("weight") == ["First", "Second", "None"]


def test_an_order_reads_back_from_its_address() -> None:
    for text in ("rank", "-rank", "-linked_arr", "milestone"):
        assert str(read_order(text)) == text
    assert read_order("-priority") == Order("priority", is_rising=False)
    assert read_order("issue__title") == read_order("-") == Order()
