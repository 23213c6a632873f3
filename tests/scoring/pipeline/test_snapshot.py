"""A day that was kept comes out again to the cent, whatever happened since."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from intake.models import Demand, Issue
from portal.models import Account
from scoring.domain.day_parts import read_day_parts
from scoring.models import DayScore, IssueScore, ScoreRun, Snapshot, WeightsVersion
from scoring.pipeline import snapshot as snapshots
from scoring.pipeline.score import score_changes, score_everything
from scoring.pipeline.snapshot import InputsMoved, drop_old_days, replay, take_snapshot
from tests.scoring.store import NOW, TODAY, add_account, add_issue, add_link, add_worked_example

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=30)


def test_a_day_keeps_what_its_issues_were_worth() -> None:
    issues = add_worked_example()

    snapshot = take_snapshot(score_everything(now=NOW), NOW)

    third = DayScore.objects.get(issue=issues["#103"])
    assert (snapshot.day, third.day, third.rank) == (TODAY, TODAY, 1)
    assert (third.priority, third.weighted, third.weight) == (99_000, 33_000, 3)
    parts = read_day_parts(third.parts)
    assert sorted(part.pool_points for part in parts) == [5, 5]


def test_a_replay_gives_the_same_numbers_after_everything_changed() -> None:
    add_worked_example()
    add_link(add_issue(weight=7), add_account(arr="99999.99"), 3)
    snapshot = take_snapshot(score_everything(now=NOW), NOW)
    Account.objects.update(arr=1, changed_at=LATER)
    Issue.objects.update(weight=1, changed_at=LATER)
    Demand.objects.filter(points__gt=4).update(points=1)
    WeightsVersion.objects.create(
        number=1, content={"retention": {"yellow": {"near": "9"}}}, created_at=LATER
    )
    score_everything(now=LATER)

    found = replay(Snapshot.objects.get(pk=snapshot.pk))

    assert found.is_same
    assert found.issues == 4


@pytest.mark.parametrize(
    "model", ["cipf", "cd3", "cd3_pilot_average", "rice", "wsjf", "gap_ranking"]
)
def test_every_model_replays(model: str) -> None:
    add_worked_example()
    WeightsVersion.objects.create(number=1, content={"model": model}, created_at=NOW)

    assert replay(take_snapshot(score_everything(now=NOW), NOW)).is_same


def test_a_figure_that_was_tampered_with_is_told() -> None:
    issues = add_worked_example()
    snapshot = take_snapshot(score_everything(now=NOW), NOW)
    DayScore.objects.filter(issue=issues["#101"]).update(priority=Decimal("256000.01"))

    found = replay(snapshot)

    assert not found.is_same
    assert [(one.issue, one.figure, one.kept, one.found) for one in found.differences] == [
        (issues["#101"].pk, "priority", Decimal("256000.01"), Decimal("256000.00"))
    ]


def test_rows_that_moved_since_the_run_are_scored_again_first() -> None:
    issues = add_worked_example()
    run = score_everything(now=NOW)
    Issue.objects.filter(pk=issues["#102"].pk).update(weight=1, changed_at=LATER)

    snapshot = take_snapshot(run, LATER)

    assert snapshot.run != run
    assert DayScore.objects.get(issue=issues["#102"]).rank == 1
    assert replay(snapshot).is_same


def test_a_run_over_changes_is_made_whole_first() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    Issue.objects.filter(pk=issues["#102"].pk).update(weight=1, changed_at=LATER)
    run = score_changes(now=LATER)

    snapshot = take_snapshot(run, LATER)

    assert snapshot.run.kind == "full"


def test_demand_that_never_rests_is_left_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    add_worked_example()
    run = score_everything(now=NOW)
    demand = Demand.objects.filter(kind="retention").first()
    read = snapshots.read_inputs

    def read_while_somebody_asks(today):
        demand.points = demand.points % 10 + 1
        demand.save()
        return read(today)

    monkeypatch.setattr(snapshots, "read_inputs", read_while_somebody_asks)

    with pytest.raises(InputsMoved):
        take_snapshot(run, NOW)
    assert not Snapshot.objects.exists()


def test_a_day_is_kept_once() -> None:
    add_worked_example()
    take_snapshot(score_everything(now=NOW), NOW)
    take_snapshot(score_everything(now=LATER), LATER)

    assert Snapshot.objects.get().created_at == LATER
    assert DayScore.objects.count() == 3


def test_old_days_lose_their_reasons_first_and_then_their_numbers() -> None:
    add_worked_example()
    take_snapshot(score_everything(now=NOW), NOW)

    drop_old_days(today=TODAY + timedelta(days=61))
    assert set(DayScore.objects.values_list("rank", flat=True)) == {1, 2, 3}
    assert all(row.parts == [] for row in DayScore.objects.all())

    drop_old_days(today=TODAY + timedelta(days=401))
    assert not Snapshot.objects.exists()
    assert not DayScore.objects.exists()


def test_runs_that_no_score_comes_from_are_dropped() -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    Issue.objects.filter(pk=issues["#102"].pk).update(weight=1, changed_at=LATER)
    score_changes(now=LATER)
    newest = score_everything(now=LATER + timedelta(minutes=1))

    drop_old_days(today=TODAY + timedelta(days=31))

    assert list(ScoreRun.objects.all()) == [newest]
    assert IssueScore.objects.count() == 3


def test_the_command_replays_a_day() -> None:
    add_worked_example()
    take_snapshot(score_everything(now=NOW), NOW)
    out = io.StringIO()

    call_command("replay_snapshot", TODAY.isoformat(), stdout=out)
    call_command("replay_snapshot", stdout=out)

    sentence = f"Snapshot of {TODAY}: 3 issues, every figure is the same to the cent.\n"
    assert out.getvalue() == sentence * 2


def test_the_command_fails_when_a_day_differs() -> None:
    add_worked_example()
    take_snapshot(score_everything(now=NOW), NOW)
    DayScore.objects.update(accounts=9)
    out = io.StringIO()

    with pytest.raises(CommandError, match="the figures differ") as caught:
        call_command("replay_snapshot", stdout=out)

    assert caught.value.returncode == 1
    assert "accounts: 9 was kept, 2 comes out." in out.getvalue()


def test_the_command_without_a_snapshot() -> None:
    with pytest.raises(CommandError, match="There is no snapshot of 2026-01-01"):
        call_command("replay_snapshot", "2026-01-01")


def test_a_damaged_snapshot_is_told() -> None:
    add_worked_example()
    take_snapshot(score_everything(now=NOW), NOW)
    Snapshot.objects.update(inputs=b"rubbish")

    with pytest.raises(CommandError, match="not what a snapshot keeps"):
        call_command("replay_snapshot")
