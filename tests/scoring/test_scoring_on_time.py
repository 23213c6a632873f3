"""The timetable's side of scoring, and the same by hand."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from intake.models import Issue
from portal.models import Job
from scoring import tasks
from scoring.models import IssueScore, RunKind, ScoreRun, Snapshot
from tests.scoring.store import NOW, add_worked_example

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_the_first_look_scores_everything_and_keeps_the_day() -> None:
    add_worked_example()

    tasks.score()

    assert IssueScore.objects.count() == 3
    assert ScoreRun.objects.get().kind == RunKind.FULL
    assert Snapshot.objects.get().day == NOW.date()
    assert not Job.objects.exclude(trouble="").exists()


def test_later_looks_score_what_changed(clock: time_machine.Traveller) -> None:
    issues = add_worked_example()
    tasks.score()
    clock.shift(timedelta(minutes=1))
    Issue.objects.filter(pk=issues["#102"].pk).update(weight=1, changed_at=timezone.now())

    tasks.score()

    assert ScoreRun.objects.first().kind == RunKind.CHANGES
    assert IssueScore.objects.get(issue=issues["#102"]).rank == 1
    assert Snapshot.objects.count() == 1


def test_an_issue_that_ships_makes_room_on_the_top_10(clock: time_machine.Traveller) -> None:
    issues = add_worked_example()
    tasks.score()
    clock.shift(timedelta(minutes=1))
    Issue.objects.filter(pk=issues["#101"].pk).update(is_closed=True, changed_at=timezone.now())

    tasks.score()

    head = IssueScore.objects.exclude(gap_place=None).order_by("gap_place")
    assert [(row.issue_id, row.gap_place) for row in head] == [
        (issues["#103"].pk, 1),
        (issues["#102"].pk, 2),
    ]


def test_each_day_is_kept(clock: time_machine.Traveller) -> None:
    add_worked_example()
    tasks.score()
    clock.shift(timedelta(days=1))

    tasks.score()

    assert Snapshot.objects.count() == 2


def test_two_clocks_score_once() -> None:
    add_worked_example()
    tasks.score()
    tasks.score()

    assert ScoreRun.objects.count() == 1


def test_the_command_scores_everything() -> None:
    add_worked_example()

    call_command("score")
    call_command("score")

    assert [run.kind for run in ScoreRun.objects.all()] == [RunKind.FULL] * 2


def test_the_command_scores_changes(clock: time_machine.Traveller) -> None:
    issues = add_worked_example()
    call_command("score")
    clock.shift(timedelta(minutes=1))
    Issue.objects.filter(pk=issues["#102"].pk).update(weight=1, changed_at=timezone.now())
    out = io.StringIO()

    call_command("score", "--changes", stdout=out)
    call_command("score", "--changes", stdout=out)

    assert out.getvalue() == (
        "What changed: 1 issues scored.\nNothing changed since the last run.\n"
    )


def test_only_one_process_scores_at_a_time() -> None:
    Job.objects.create(name="score", leased_until=timezone.now() + timedelta(minutes=1))

    with pytest.raises(CommandError, match="Another process is scoring"):
        call_command("score")
