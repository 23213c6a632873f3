"""Scores in the database: what a full run writes, and what a change moves."""

from datetime import timedelta
from decimal import Decimal

import pytest

from intake.models import CustomerLink, Demand
from portal.models import Account, Opportunity
from scoring.models import IssueScore, RunKind, ScoreParts, ScoreRun, WeightsVersion
from scoring.pipeline.score import score_changes, score_everything
from tests.scoring.store import NOW, add_account, add_issue, add_link, add_worked_example

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=30)


def test_the_worked_example_as_rows() -> None:
    issues = add_worked_example()

    run = score_everything(now=NOW)

    rows = {row.issue_id: row for row in IssueScore.objects.all()}
    told = {
        name: (row.rank, row.retention, row.growth, row.priority, row.weighted, row.linked_arr)
        for name, issue in issues.items()
        for row in [rows[issue.pk]]
    }
    assert told == {
        "#101": (2, *amounts(106_000, 0, 256_000, 32_000, 150_000)),
        "#102": (3, *amounts(20_000, 0, 50_000, 25_000, 120_000)),
        "#103": (1, *amounts(24_000, 50_000, 99_000, 33_000, 150_000)),
    }
    third = rows[issues["#103"].pk]
    assert (third.urgency, third.intent, third.group) == ("important", "both", "code review")
    assert (third.area, third.type, third.accounts) == ("code_review", "feature", 2)
    assert (run.kind, run.issues, run.finished_at, len(run.inputs_hash)) == ("full", 3, NOW, 64)


def amounts(*money: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in money)


def test_each_score_keeps_the_inputs_that_explain_it() -> None:
    issues = add_worked_example()

    score_everything(now=NOW)

    parts = ScoreParts.objects.get(issue=issues["#102"]).parts
    assert parts == [
        {
            "account": Account.objects.get(name="A").pk,
            "kind": "retention",
            "opportunity": None,
            "points": 2,
            "pool_points": 12,
            "pool_money": "120000.00",
            "share": "20000.00",
            "multiplier": "2.5",
            "reason": "health yellow, renewal in 7 months",
            "priority": "50000.00",
        }
    ]


def test_an_issue_nobody_asks_for_has_no_row() -> None:
    add_issue("Nobody's")
    closed = add_issue("Shipped", is_closed=True)
    add_link(closed, add_account())

    score_everything(now=NOW)

    assert not IssueScore.objects.exists()


def test_nothing_happens_while_nothing_changes() -> None:
    add_worked_example()
    score_everything(now=NOW)

    assert score_changes(now=NOW + timedelta(minutes=1)) is None
    assert score_changes(now=NOW + timedelta(hours=3)) is None
    assert ScoreRun.objects.count() == 1


def test_a_change_is_counted_once_however_often_its_time_is_looked_at() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    change_weight(issues["#102"], 1)

    assert score_changes(now=LATER) is not None
    assert score_changes(now=LATER + timedelta(minutes=1)) is None
    assert score_changes(now=LATER + timedelta(minutes=9)) is None


def change_weight(issue, weight: int) -> None:
    issue.weight, issue.changed_at = weight, LATER
    issue.save()


def test_a_weight_moves_its_issue_and_makes_room() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    change_weight(issues["#102"], 1)

    run = score_changes(now=LATER)

    assert run is not None
    assert (run.kind, run.issues) == (RunKind.CHANGES, 1)
    assert read_ranks() == {
        issues["#102"].pk: 1,
        issues["#103"].pk: 2,
        issues["#101"].pk: 3,
    }
    assert IssueScore.objects.get(issue=issues["#102"]).run == run


def read_ranks() -> dict[int, int | None]:
    return dict(IssueScore.objects.values_list("issue_id", "rank"))


def test_a_change_that_commits_late_is_found_all_the_same() -> None:
    """Written with a time before the last run began, seen only after it."""
    issues = add_worked_example()
    score_everything(now=NOW)
    issues["#102"].weight, issues["#102"].changed_at = 1, NOW - timedelta(seconds=30)
    issues["#102"].save()

    assert score_changes(now=NOW + timedelta(minutes=1)) is not None
    assert read_ranks()[issues["#102"].pk] == 1


def test_points_of_a_closed_issue_go_back_to_the_others() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    issues["#101"].is_closed, issues["#101"].changed_at = True, LATER
    issues["#101"].save()

    score_changes(now=LATER)

    scores = {row.issue_id: row for row in IssueScore.objects.all()}
    assert issues["#101"].pk not in scores
    assert scores[issues["#102"].pk].retention == Decimal(120_000)
    assert scores[issues["#103"].pk].retention == Decimal(30_000)
    assert sorted(read_ranks().values()) == [1, 2]
    assert not ScoreParts.objects.filter(issue=issues["#101"]).exists()


def test_an_arr_touches_only_the_issues_of_its_account() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    Account.objects.filter(name="B").update(arr=60_000, changed_at=LATER)

    run = score_changes(now=LATER)

    assert run is not None
    assert run.issues == 2
    touched = set(IssueScore.objects.filter(run=run).values_list("issue_id", flat=True))
    assert touched == {issues["#101"].pk, issues["#103"].pk}


def test_a_won_opportunity_takes_its_money_from_the_issue() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    Opportunity.objects.update(is_closed=True, is_won=True, changed_at=LATER)

    score_changes(now=LATER)

    assert IssueScore.objects.get(issue=issues["#103"]).growth == Decimal(0)


def test_a_link_that_lost_its_last_demand_gives_its_points_back() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    link = CustomerLink.objects.get(issue=issues["#102"])
    Demand.objects.filter(link=link).delete()
    CustomerLink.objects.filter(pk=link.pk).update(demand_changed_at=LATER)

    score_changes(now=LATER)

    assert issues["#102"].pk not in read_ranks()
    assert IssueScore.objects.get(issue=issues["#101"]).retention == Decimal(126_000)


def test_a_new_set_of_weights_scores_everything() -> None:
    add_worked_example()
    score_everything(now=NOW)
    WeightsVersion.objects.create(number=1, content={"model": "gap_ranking"}, created_at=NOW)

    run = score_changes(now=LATER)

    assert run is not None
    assert run.kind == RunKind.FULL
    assert set(IssueScore.objects.values_list("model", flat=True)) == {"gap_ranking"}


def test_a_new_day_scores_everything() -> None:
    add_worked_example()
    score_everything(now=NOW)

    run = score_changes(now=NOW + timedelta(days=1))

    assert run is not None
    assert (run.kind, run.today) == (RunKind.FULL, (NOW + timedelta(days=1)).date())


def test_after_a_run_that_broke_off_everything_is_scored_again() -> None:
    add_worked_example()
    score_everything(now=NOW)
    ScoreRun.objects.update(finished_at=None)

    run = score_changes(now=LATER)

    assert run is not None
    assert run.kind == RunKind.FULL


def test_the_same_rows_have_the_same_hash_whatever_their_order() -> None:
    add_worked_example()
    first = score_everything(now=NOW)
    for demand in list(Demand.objects.order_by("-pk")):
        Demand.objects.filter(pk=demand.pk).delete()
        demand.save(force_insert=True)

    assert score_everything(now=LATER).inputs_hash == first.inputs_hash


def test_the_head_of_the_gap_ranking_is_kept_whatever_the_model() -> None:
    issues = add_worked_example()

    score_everything(now=NOW)

    head = IssueScore.objects.exclude(gap_place=None).order_by("gap_place")
    assert [row.issue_id for row in head] == [
        issues["#101"].pk, issues["#103"].pk, issues["#102"].pk
    ]  # fmt: skip
    assert head[2].gap == {
        "mean": "2.5",
        "worst": "3",
        "ranks": {
            "impacted_arr": "3",
            "accounts": "3",
            "strategic_accounts": "2",
            "p0_share": "2",
        },
    }
