"""The what-if page: an address that asks, a ranking that answers, nothing saved."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from intake.models import Issue
from portal.models import User
from scoring.actions.estimate import enter_estimate
from scoring.domain.estimate_rules import EstimateDraft
from scoring.domain.moves import find_moves
from scoring.domain.weights import Model, UrgencyRow, Weights
from scoring.domain.weights_text import write_weights
from scoring.domain.what_if import Question, Supposed, rank_supposed
from scoring.models import IssueScore, WeightsVersion
from scoring.pipeline.score import score_everything
from scoring.selectors.inputs import read_inputs
from scoring.selectors.preview import read_places
from scoring.selectors.what_if import Choice, WhatIf, keep_real_changes, read_what_if
from scoring.selectors.what_if_ranking import rank_asked
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


@pytest.fixture
def example() -> dict[str, Issue]:
    issues = add_worked_example()
    score_everything(now=NOW)
    return issues


def ask(question: Question, choice: Choice = Choice.TOP, text: str = "") -> WhatIf:
    in_force = Weights(model=IssueScore.objects.values_list("model", flat=True)[0])
    named = [int(key) for key in question.issues]
    return read_what_if(question, in_force, choice=choice, text=text, named=named, today=TODAY)


def tell(answer: WhatIf) -> list[tuple[str, int | None, int | None, str]]:
    return [
        (row.title, row.move.before.rank, row.move.after.rank, f"{row.move.after.score:.2f}")
        for row in answer.rows
    ]


def get(client: Client, **query: object) -> Any:
    named = {name.replace("__", "."): value for name, value in query.items()}
    return client.get(reverse("scoring:what_if") + (f"?{urlencode(named)}" if named else ""))


def test_asking_nothing_shows_the_ranking_as_it_is(example: dict[str, Issue]) -> None:
    answer = ask(Question(Weights()))
    assert tell(answer) == [
        ("Three", 1, 1, "33000.00"),
        ("One", 2, 2, "32000.00"),
        ("Two", 3, 3, "25000.00"),
    ]
    assert (answer.counts.issues, answer.counts.ranks) == (3, 0)


def test_another_weight_moves_an_issue(example: dict[str, Issue]) -> None:
    supposed = {example["#102"].pk: Supposed(weight=Decimal(1))}
    answer = ask(Question(Weights(), supposed))
    assert tell(answer) == [
        ("Two", 3, 1, "50000.00"),
        ("Three", 1, 2, "33000.00"),
        ("One", 2, 3, "32000.00"),
    ]
    assert answer.counts.ranks == 3
    assert answer.rows[0].supposed == Supposed(weight=Decimal(1))


def test_an_issue_without_a_weight_gets_a_place_by_one(example: dict[str, Issue]) -> None:
    issue = add_issue("Four", weight=None)
    add_link(issue, add_account(arr=90_000), 1)
    score_everything(now=NOW)
    (row,) = ask(Question(Weights()), text="four").rows
    assert (row.move.before.rank, row.move.after.rank, row.weight) == (None, None, None)
    answer = ask(Question(Weights(), {issue.pk: Supposed(weight=Decimal(2))}))
    assert tell(answer)[0] == ("Four", None, 1, "45000.00")


def test_another_multiplier_is_computed_anew(example: dict[str, Issue]) -> None:
    calm = replace(Weights().retention, yellow=Weights().retention.green)
    answer = ask(Question(replace(Weights(), retention=calm)))
    assert tell(answer) == [
        ("Three", 1, 1, "33000.00"),
        ("One", 2, 2, "13250.00"),
        ("Two", 3, 3, "10000.00"),
    ]


def test_multipliers_from_what_is_stored_are_what_is_computed_anew(tam: User) -> None:
    """A small world of everything: dates far and near, shared pools, deals, a manual value."""
    draw = Random(7)
    days = [None, *(TODAY + timedelta(days=days) for days in (-40, 30, 200, 400, 900))]
    accounts = [
        add_account(
            arr=draw.choice([None, "120000.55", "30000.01", "99.99"]),
            health=draw.choice(["green", "yellow", "red", "unknown"]),
            renewal_on=draw.choice(days),
        )
        for _ in range(8)
    ]
    issues = [add_issue(weight=draw.choice([None, 1, 3, 7])) for _ in range(20)]
    for issue in issues[:-1]:
        for account in draw.sample(accounts, 3):
            add_link(issue, account, draw.randint(1, 10))
    for account in accounts:
        chance, closes_on = draw.choice([None, Decimal("12.5"), Decimal(50)]), draw.choice(days)
        deal = add_opportunity(account, "777.77", probability=chance, closes_on=closes_on)
        add_link(draw.choice(issues), account, draw.randint(1, 10), opportunity=deal)
        add_link(draw.choice(issues), account, 1, kind="growth")
    for issue in (issues[0], issues[-1]):
        enter_estimate(issue, EstimateDraft("manual_value", "5000", "security"), by=tam)
    score_everything(now=NOW)
    calm = UrgencyRow(Decimal(1), Decimal("1.01"), Decimal("0.3"))
    other = Weights(
        retention=replace(Weights().retention, red=calm, yellow=calm, near_months=10),
        growth=replace(Weights().growth, unlikely=calm, even_percent=Decimal(45)),
    )
    sizes = {issues[number].pk: Supposed(weight=Decimal(2)) for number in (0, 3, 19)}
    before = read_places()
    quick = rank_asked(before, Question(other, sizes), Weights(), day=TODAY)
    anew = rank_supposed(read_inputs(TODAY), Question(other, sizes))
    assert [(one.issue, one.rank, one.score) for one in quick.places] == [
        (one.issue, one.rank, one.score) for one in anew
    ]
    moved = [one for one in find_moves(before, anew) if one.before.score != one.after.score]
    assert len(moved) > 5


def test_a_gap_ranking_keeps_its_order_whatever_is_supposed(example: dict[str, Issue]) -> None:
    gaps = replace(Weights(), model=Model.GAP_RANKING)
    WeightsVersion.objects.create(number=1, content=write_weights(gaps), created_at=NOW)
    score_everything(now=NOW)
    supposed = {example["#101"].pk: Supposed(weight=Decimal(1))}
    answer = ask(Question(gaps, supposed))
    assert [row.move.after.rank for row in answer.rows] == [1, 2, 3]
    assert answer.counts.ranks == 0
    assert answer.orders is not None


def test_another_model_with_another_duration(example: dict[str, Issue], tam: User) -> None:
    cd3 = replace(Weights(), model=Model.CD3)
    plain = {row.title: row.move.after.score for row in ask(Question(cd3)).rows}
    supposed = {example["#101"].pk: Supposed(duration_weeks=Decimal(1))}
    faster = {row.title: row.move.after.score for row in ask(Question(cd3, supposed)).rows}
    assert plain["One"] is not None
    assert faster["One"] == plain["One"] * 8
    assert faster["Two"] == plain["Two"]


def test_a_duration_under_cd3_from_what_is_stored_is_the_same(
    example: dict[str, Issue], tam: User
) -> None:
    cd3 = replace(Weights(), model=Model.CD3)
    supposed = {example["#101"].pk: Supposed(duration_weeks=Decimal(1))}
    anew = tell(ask(Question(cd3, supposed)))
    WeightsVersion.objects.create(number=1, content=write_weights(cd3), created_at=NOW)
    score_everything(now=NOW)
    stored = tell(ask(Question(cd3, supposed)))
    assert [row[2:] for row in stored] == [row[2:] for row in anew]


def test_the_first_are_worked_through_at_their_cost(example: dict[str, Issue], tam: User) -> None:
    draft = EstimateDraft("duration_weeks", "100")
    enter_estimate(example["#103"], draft, by=tam)
    orders = ask(Question(Weights())).orders
    assert orders is not None
    assert [one.job.name for one in orders.given] == [
        str(example[name]) for name in ("#103", "#101", "#102")
    ]
    assert [one.job.name for one in orders.best] == [
        str(example[name]) for name in ("#101", "#102", "#103")
    ]
    assert orders.given_cost == 99_000 * 100 + 256_000 * 108 + 50_000 * 110
    assert orders.best_cost == 256_000 * 8 + 50_000 * 10 + 99_000 * 110


def test_only_words_that_are_searched_for_and_what_is_supposed(example: dict[str, Issue]) -> None:
    supposed = {example["#102"].pk: Supposed(weight=Decimal(1))}
    assert [row.title for row in ask(Question(Weights()), text="thr").rows] == ["Three"]
    number = f"#{example['#101'].iid}"
    assert [row.title for row in ask(Question(Weights()), text=number).rows] == ["One"]
    found = ask(Question(Weights(), supposed), text="thr").rows
    assert [row.title for row in found] == ["Two", "Three"]
    assert ask(Question(Weights()), text="nothing like it").rows == ()


def test_the_largest_movers_come_first(example: dict[str, Issue]) -> None:
    supposed = {example["#102"].pk: Supposed(weight=Decimal(1))}
    movers = ask(Question(Weights(), supposed), Choice.MOVERS).rows
    assert [row.title for row in movers] == ["Two", "Three", "One"]
    assert ask(Question(Weights()), Choice.MOVERS).rows == ()


def test_what_is_as_it_is_was_not_supposed(example: dict[str, Issue]) -> None:
    same = Supposed(weight=Decimal(8), duration_weeks=Decimal(3))
    kept = keep_real_changes(Question(Weights(), {example["#101"].pk: same, 10**9: same}))
    assert kept.issues == {example["#101"].pk: Supposed(duration_weeks=Decimal(3))}


def test_a_sizes_question_costs_the_same_queries_for_many_issues(client: Client, tam: User) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert get(client, **{f"weight__{first.pk}": 2}).status_code == 200
        return len(captured)

    client.force_login(tam)
    first = add_issue(weight=5)
    add_link(first, add_account(), 1)
    score_everything(now=NOW)
    few = count_queries()
    for _ in range(30):
        add_link(add_issue(weight=3), add_account(), 1)
    score_everything(now=NOW)
    assert count_queries() == few


def test_the_address_is_made_short(client: Client, tam: User, example: dict[str, Issue]) -> None:
    client.force_login(tam)
    full = {
        "model": "cipf", "retention__red__near": "4", "growth__even__far": "1.50",
        "show": "top", "text": " one ", "jobs": "", "importance": "",
        f"weight__{example['#101'].pk}": "8", f"weight__{example['#102'].pk}": "1",
        f"weeks__{example['#102'].pk}": "",
    }  # fmt: skip
    answer = get(client, **full)
    assert answer.status_code == 302
    short = {"growth.even.far": "1.5", f"weight.{example['#102'].pk}": "1", "text": "one"}
    assert answer["Location"] == f"{reverse('scoring:what_if')}?{urlencode(short)}"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "Even, far: 1.25 → <b>1.5</b>" in page.content.decode()


def test_an_address_that_asks_nothing_is_made_empty(client: Client, tam: User) -> None:
    client.force_login(tam)
    assert get(client, model="cipf", nonsense="1")["Location"] == reverse("scoring:what_if")


def test_the_page_tells_moves_in_words_and_saves_nothing(
    client: Client, tam: User, example: dict[str, Issue]
) -> None:
    client.force_login(tam)
    before = list(IssueScore.objects.order_by("pk").values())
    page = get(client, **{f"weight__{example['#102'].pk}": 1}).content.decode()
    assert "<b>3</b> of 3 issues would change their place" in page
    assert "up </span>2</span>" in page
    assert "down </span>1</span>" in page
    assert list(IssueScore.objects.order_by("pk").values()) == before
    assert not WeightsVersion.objects.exists()


def test_the_calculators(client: Client, tam: User) -> None:
    client.force_login(tam)
    page = get(client, jobs="A 30 6\r\nB 20 2\r\nC 10 1", importance=9, satisfaction=3)
    text = page.content.decode()
    assert "This order costs <b>430</b>, the best one <b>340</b>: 1.26 times as much" in text
    assert "Opportunity score: <b>15</b>" in text
    assert (
        "Opportunity score: <b>9</b>" in get(client, importance=9, satisfaction=9).content.decode()
    )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"retention__red__near": "900"}, "A number from 0 to 100"),
        ({"retention__near_months": "18"}, "Near ends before the middle does"),
        ({"model": "magic"}, "magic"),
        ({"jobs": "A 30"}, "such as “A 30 6”"),
        ({"show": "all"}, "all"),
        ({"importance": "11", "satisfaction": "1"}, "less than or equal to 10"),
    ],
)
def test_what_is_wrong_is_told_and_the_ranking_stays(
    client: Client, tam: User, example: dict[str, Issue], query: dict[str, str], told: str
) -> None:
    client.force_login(tam)
    page = get(client, **query)
    assert page.status_code == 200
    text = page.content.decode()
    assert told in text
    assert "33,000.00" in text


@pytest.mark.parametrize("size", ["0", "-1", "many", "1e3", "1001", "9" * 400])
def test_a_size_that_is_none_is_told_in_its_line(
    client: Client, tam: User, example: dict[str, Issue], size: str
) -> None:
    client.force_login(tam)
    name = f"weight.{example['#101'].pk}"
    text = client.get(reverse("scoring:what_if"), {name: size}).content.decode()
    assert f'id="id_{name}_error">A whole number from 1 to 1,000.' in text
    assert f'value="{size}"' in text


def test_a_wrong_size_of_an_issue_far_down_is_shown(client: Client, tam: User) -> None:
    client.force_login(tam)
    for number in range(30):
        last = add_issue(f"Number {number}", weight=1 + number)
        add_link(last, add_account(), 1)
    score_everything(now=NOW)
    text = client.get(reverse("scoring:what_if"), {f"weight.{last.pk}": "x"}).content.decode()
    assert f'href="#id_weight.{last.pk}"' in text
    assert f'id="id_weight.{last.pk}"' in text
    assert text.count('class="rank"') == 26


def test_hostile_addresses_do_no_harm(client: Client, tam: User, example: dict[str, Issue]) -> None:
    client.force_login(tam)
    many = {f"weight.{number}": "2" for number in range(300)}
    for query in (many, {"weight.999999999999999999999999": "2"}, {"text": "\x00'\"<script>"}):
        answer = client.get(reverse("scoring:what_if"), query, follow=True)
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().split("<main")[1]


def test_who_may_look(client: Client, maya: User, submitter: User, tam: User) -> None:
    assert get(client).status_code == 302
    for person in (maya, submitter):
        client.force_login(person)
        assert get(client).status_code == 404
    client.force_login(tam)
    answer = get(client)
    assert answer.status_code == 200
    assert "Nothing has been scored yet." in answer.content.decode()
    assert client.post(reverse("scoring:what_if")).status_code == 405
