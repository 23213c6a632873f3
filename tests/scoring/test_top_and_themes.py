"""The Top 10 and the themes."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from portal.models import User
from tests.intake.pages import sign_in
from tests.scoring.score_rows import add_score
from tests.scoring.test_issues_page import read_rows

pytestmark = pytest.mark.django_db

TOP, THEMES = reverse("scoring:top"), reverse("scoring:themes")
RANKS = {"impacted_arr": "1.5", "accounts": "2", "strategic_accounts": "4", "p0_share": "2.5"}


@pytest.fixture
def client(tam: User) -> Client:
    return sign_in(tam)


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_top_10_show_four_figures_with_their_ranks(client: Client) -> None:
    add_score(
        "G2", 7, gap_place=1, gap={"mean": "2.5", "worst": "4", "ranks": RANKS}, accounts=9,
        impacted_arr=300_000, strategic_accounts=3, p0_accounts=3, lost_arr=80_000,
    )  # fmt: skip
    row = read_rows(read(client, TOP))[1]
    assert row[0] == "1"
    assert [" ".join(cell.split()) for cell in row[2:]] == [
        "300,000 rank 1.5", "9 rank 2", "3 rank 4", "33 % (3 of 9) rank 2.5", "2.5", "4",
        "80,000", "–",
    ]  # fmt: skip


def test_ten_are_shown_and_the_next_stand_in_line(client: Client) -> None:
    for place in range(13, 0, -1):
        add_score(f"Number {place}", place, gap_place=place, gap={"mean": "1", "worst": "1"})
    add_score("Not near", 99)
    page = read(client, TOP)
    assert [row[0] for row in read_rows(page)[1:]] == [str(place) for place in range(1, 11)]
    line = page.partition("Next in line")[2]
    assert line.index("Number 11") < line.index("Number 12") < line.index("Number 13")
    assert "Not near" not in page


def test_before_anything_is_asked_for(client: Client) -> None:
    assert "No issue is asked for yet" in read(client, TOP)
    assert "No theme yet" in read(client, THEMES)


def test_an_issue_counts_whole_in_each_of_its_themes(client: Client) -> None:
    add_score("Both", 1, themes=["speed", "trust"], priority=100, retention=60, growth=40)
    add_score("One", 2, themes=["trust"], priority="50.4", retention=50, growth=0)
    add_score("Lacks a weight", None, themes=["trust"], priority=10, retention=10)
    add_score("None", 3, priority=1000)
    page = read(client, THEMES)
    rows = [[" ".join(cell.split()) for cell in row] for row in read_rows(page)[1:]]
    assert rows == [
        ["trust", "160", "120", "40", "160", "3", "1"],
        ["speed", "100", "60", "40", "100", "1", "0"],
    ]
    assert 'href="/priorities/?theme=trust"' in page
    assert 'href="/priorities/?theme=trust&amp;only=unranked"' in page


def test_a_theme_without_any_priority_comes_last(client: Client) -> None:
    empty = {"themes": ["asked for by nobody"], "priority": 0, "retention": 0}
    score = add_score("Manual", 1, **empty)
    type(score).objects.update(priority=None, retention=None, growth=None)
    add_score("Priced", 2, themes=["worth it"], priority=5)
    assert [row[:2] for row in read_rows(read(client, THEMES))[1:]] == [
        ["worth it", "5"],
        ["asked for by nobody", "–"],
    ]


def test_queries_do_not_grow(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(1, 16):
        add_score(f"Number {place}", place, gap_place=place, themes=[f"t{place}", "all"])
    for address in (TOP, THEMES):
        with django_assert_max_num_queries(4):
            read(client, address)
