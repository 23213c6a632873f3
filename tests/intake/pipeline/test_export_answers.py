"""What people answered becomes training data, and nobody's name or address goes with it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from intake.actions import triage
from intake.actions.choose import choose
from intake.matching.evaluation import read_issues
from intake.matching.voices import read_voices
from intake.models import Issue, Submission
from intake.pipeline.export_answers import ISSUES, QUERIES, export_answers
from portal.models import Account, User
from tests.intake.triage_desk import add_request
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeIssue = Callable[..., Issue]
FORBIDDEN = ("northwind", "maya", "lindqvist", "lena", "brandt", "48,000", "@")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[dict[str, Any], dict[str, Any]]]:
    """Export; what each file has, by id."""

    def run() -> tuple[dict[str, Any], dict[str, Any]]:
        export_answers(tmp_path / "answers")
        issues, queries = (
            {row["id"]: row for row in map(json.loads, (tmp_path / "answers" / name).open())}
            for name in (ISSUES, QUERIES)
        )
        return issues, queries

    return run


def test_a_join_is_a_target_and_a_rejection_is_none(
    read: Any, make_issue: MakeIssue, maya: User, tam: User
) -> None:
    right, wrong = make_issue("Limit approvals by path"), make_issue("Approve by chat")
    wish = add_request(maya, workaround="We ask around.")
    triage.reject(wish, issue=wrong, by=tam)
    triage.join(wish, issue=right, by=tam)
    issues, queries = read()
    assert issues["larkfield/platform#2"]["title"] == "Approve by chat"
    assert queries[wish.reference] == {
        "id": wish.reference,
        "created_at": wish.created_at.isoformat(),
        "title": wish.summary,
        "problem": wish.problem,
        "current_solution": "We ask around.",
        "target": "larkfield/platform#1",
        "also_ok": [],
        "not": ["larkfield/platform#2"],
    }


def test_a_new_issue_is_a_wish_without_a_target_and_is_not_told_itself(
    read: Any, make_issue: MakeIssue, maya: User, tam: User
) -> None:
    wish = add_request(maya)
    triage.create_issue(wish, by=tam)
    Submission.objects.update(issue=make_issue(wish.summary, description=wish.problem))
    make_issue("Another one")
    issues, queries = read()
    assert queries[wish.reference]["target"] is None
    assert [row["title"] for row in issues.values()] == ["Another one"]


def test_a_new_issue_that_others_joined_is_told_and_its_opener_is_not(
    read: Any, make_issue: MakeIssue, maya: User, tam: User
) -> None:
    opener, other = add_request(maya), add_request(maya)
    triage.create_issue(opener, by=tam)
    issue = make_issue()
    Submission.objects.filter(pk=opener.pk).update(issue=issue)
    triage.join(other, issue=issue, by=tam)
    issues, queries = read()
    assert set(issues) == {"larkfield/platform#1"}
    assert set(queries) == {other.reference}


def test_only_what_a_person_of_ours_looked_at_teaches(
    read: Any, make_issue: MakeIssue, maya: User, tam: User
) -> None:
    issue = make_issue()
    own_choice, checked, rule, withdrawn, contested, declined = (
        add_request(maya) for _ in range(6)
    )
    for wish in (own_choice, checked):
        choose(wish, issue_id=issue.pk, by=maya)
    triage.confirm_choice(checked, by=tam)
    add_request(maya)
    for wish in (withdrawn, contested):
        triage.join(wish, issue=issue, by=tam)
    triage.decline(declined, "Not in our plans.", by=tam)
    joined = {"decision": "joined", "decided_at": NOW, "issue": issue}
    Submission.objects.filter(pk=rule.pk).update(decided_by_kind="rule", **joined)
    Submission.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    Submission.objects.filter(pk=contested.pk).update(contested_at=timezone.now())
    assert set(read()[1]) == {checked.reference}


def test_duplicates_name_the_earliest_and_moved_copies_are_left_out(
    read: Any, make_issue: MakeIssue, maya: User, tam: User
) -> None:
    last = make_issue("Approvals for folders", created_at=NOW)
    make_issue("Approve by folder", successor=last, created_at=NOW - timedelta(days=9))
    make_issue("Folders need owners", successor=last, created_at=NOW - timedelta(days=5))
    moved = make_issue("Approvals for folders", successor=last, created_at=NOW - timedelta(days=7))
    wish = add_request(maya)
    triage.join(wish, issue=last, by=tam)
    triage.reject(wish, issue=make_issue("Approve by chat", successor=moved), by=tam)
    issues, queries = read()
    groups = {row["title"]: row["duplicate_of"] for row in issues.values()}
    assert groups["Approvals for folders"] == groups["Folders need owners"]
    assert groups["Folders need owners"] == "larkfield/platform#2"
    assert groups["Approve by folder"] is None
    assert "larkfield/platform#4" not in issues
    assert queries[wish.reference]["target"] == "larkfield/platform#1"


def test_nobody_is_named(
    read: Any, make_issue: MakeIssue, maya: User, tam: User, tmp_path: Path
) -> None:
    issue = make_issue(
        "Northwind Freight asks for approvals",
        description="Ask maya@northwind-freight.example; worth $48,000 to NorthwindFreight.",
    )
    wish = add_request(
        maya,
        summary="Northwind Freight needs approvals, says Maya Lindqvist",
        problem="Mail maya@northwind-freight.example, it costs $48,000.",
        workaround="Lena Brandt at northwind-freight.example knows.",
        contact_name="Lena Brandt",
    )
    triage.join(wish, issue=issue, by=tam)
    read()
    for name in (ISSUES, QUERIES):
        written = (tmp_path / "answers" / name).read_text()
        assert "needs approvals" in written or "asks for approvals" in written
        assert [word for word in FORBIDDEN if word in written.lower()] == []


def test_training_and_evaluation_read_both_files(
    make_issue: MakeIssue, maya: User, tam: User, tmp_path: Path
) -> None:
    issue = make_issue(labels=["type::feature"])
    triage.join(add_request(maya), issue=issue, by=tam)
    call_command("export_answers", out=tmp_path)
    (read_issue,) = read_issues(tmp_path / ISSUES)
    (voice,) = read_voices(tmp_path / QUERIES)
    assert (read_issue.document.title, read_issue.kind) == (issue.title, "enhancement")
    assert voice.target == "larkfield/platform#1"


def test_nothing_is_written_over_unless_asked(
    make_issue: MakeIssue, tmp_path: Path, account: Account
) -> None:
    make_issue()
    (tmp_path / QUERIES).write_text("mine")
    with pytest.raises(CommandError, match="--force"):
        call_command("export_answers", out=tmp_path)
    assert (tmp_path / QUERIES).read_text() == "mine"
    call_command("export_answers", out=tmp_path, force=True)
    assert (tmp_path / QUERIES).read_text() == ""
    assert (tmp_path / QUERIES).stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [ISSUES, QUERIES]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file cannot be written"):
        call_command("export_answers", out=tmp_path / "file")
