"""The list as files: the same rows, exact to the cent, safe to open."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import User
from tests.intake.pages import sign_in
from tests.scoring.score_rows import add_score
from tests.scoring.store import add_account, add_issue, add_link, add_project

pytestmark = pytest.mark.django_db

CSV, JSON = reverse("scoring:issues_csv"), reverse("scoring:issues_json")


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


def read_csv(client: Client, **query: object) -> list[dict[str, str]]:
    text = client.get(CSV, query).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def read_json(client: Client, **query: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(client.get(JSON, query).getvalue())
    return answer


def test_both_tell_every_figure_exactly(client: Client) -> None:
    issue = add_issue("Freeze", weight=3, milestone="18.3", milestone_due_on="2027-01-21")
    add_score(
        issue, 1, retention="0.10", growth="123456789012.35", priority=1, linked_arr="0.3",
        score="32000.125000", themes=["a", "b"], group="code review", seats=7,
    )  # fmt: skip
    row = read_csv(client)[0]
    assert (row["Rank"], row["Title"], row["Weight"]) == ("1", "Freeze", "3")
    assert (row["Retention"], row["Growth"]) == ("0.10", "123456789012.35")
    assert (row["Linked ARR"], row["Score"]) == ("0.30", "32000.125000")
    assert (row["Milestone"], row["Due"], row["Themes"]) == ("18.3", "2027-01-21", "a; b")
    told = read_json(client)
    assert told["model"] == "cipf"
    assert told["computed_at"] == "2026-11-19T09:00:00+00:00"
    shown = told["issues"][0]
    assert (shown["rank"], shown["title"], shown["weight"]) == (1, "Freeze", 3)
    assert (shown["retention"], shown["growth"]) == ("0.10", "123456789012.35")
    assert (shown["milestone_due_on"], shown["themes"]) == ("2027-01-21", ["a", "b"])
    assert shown["url"] == issue.web_url


def test_no_number_is_empty_or_null_never_0(client: Client) -> None:
    add_score("Lacks a weight", None)
    row = read_csv(client)[0]
    assert row["Rank"] == row["Weighted"] == row["Weight"] == row["Score"] == ""
    assert row["Warnings"] == "add a weight"
    shown = read_json(client)["issues"][0]
    assert shown["rank"] is shown["weighted"] is shown["score"] is None
    assert shown["warnings"] == {"add a weight": 1}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_runs_as_a_formula(client: Client, start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    project = add_project(path=f"{evil}/p")
    issue = add_issue(evil, project=project, milestone=evil, web_url=evil)
    add_score(issue, 1, group=evil, type=evil, themes=[evil], area=evil)
    text = client.get(CSV).getvalue().decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert sum(evil in cell for cell in cells) == 8
    assert not [cell for cell in cells if cell.startswith(start)]


def test_filters_and_order_are_the_pages_own(client: Client) -> None:
    add_score("One", 1, group="a", growth=1)
    add_score("Two", 2, group="a", growth=2)
    add_score("Three", 3, group="b", growth=3)
    issue = add_issue("Red")
    add_link(issue, add_account(health="red"))
    add_score(issue, 4, growth=4)

    def titles(**query: object) -> list[str]:
        found = [row["Title"] for row in read_csv(client, **query)]
        assert found == [one["title"] for one in read_json(client, **query)["issues"]]
        return found

    assert titles() == ["One", "Two", "Three", "Red"]
    assert titles(group="a", sort="-growth", rows=25, page=2) == ["Two", "One"]
    assert titles(health="red") == ["Red"]
    assert titles(group="none of them") == []


def test_a_filter_that_is_not_understood_gives_no_file(client: Client) -> None:
    for address in (CSV, JSON):
        response = client.get(address, {"since": "2026-02-30"})
        assert response.status_code == 400
        assert "“2026-02-30” is not a day" in response.content.decode()


def test_files_say_that_figures_are_derived(client: Client) -> None:
    add_score("Any", 1)
    words = "shipping this does not mean ARR rises by this much"
    assert words in read_csv(client)[0]["Note"]
    assert words in read_json(client)["note"]


def test_they_stream_without_a_query_for_each_row(client: Client) -> None:
    for rank in range(1, 8):
        add_score(f"Issue {rank}", rank)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(CSV)
        assert response.streaming
        lines = response.getvalue().splitlines()
    assert len(lines) == 8
    assert len(captured) <= 4
    assert client.get(CSV)["Content-Disposition"] == 'attachment; filename="priorities.csv"'
    assert client.get(JSON)["Content-Type"] == "application/json"
