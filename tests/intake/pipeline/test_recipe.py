"""One request through the recipe, on the real database, the real index and the sandbox."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.matching.finder import Finder
from intake.matching.index import IndexReader
from intake.models import CustomerLink, Issue, NoteState, Submission
from intake.pipeline.announce import announce
from intake.pipeline.index import update_index
from intake.pipeline.mirror import mirror_project
from intake.pipeline.process import Tools, process
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account, User
from portal.sandbox.client import Sandbox
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

PATHS = "Require specific approvers when changes touch chosen paths"


@pytest.fixture
def mirrored(
    sandbox: Sandbox, gitlab: GitLabGateway, tmp_path: Path, settings: Settings
) -> dict[str, Issue]:
    """Three issues in GitLab, mirrored and indexed."""
    settings.INDEX_DIR = tmp_path / "index"
    sandbox.seed(
        {
            "issues": [
                {
                    "project_id": 101,
                    "title": PATHS,
                    "description": "Owners of a folder should have to approve a merge.",
                },
                {"project_id": 101, "title": "Dark theme for the wiki", "description": "Eyes."},
                {
                    "project_id": 101,
                    "title": "Rotate deploy tokens by schedule",
                    "description": "Tokens live for ever today.",
                },
            ]
        }
    )
    mirror_project("larkfield/platform", gitlab=gitlab, clock=lambda: NOW)
    update_index(settings.INDEX_DIR, holder="test")
    return {issue.title: issue for issue in Issue.objects.all()}


@pytest.fixture
def tools(
    mirrored: dict[str, Issue],
    gitlab: GitLabGateway,
    salesforce: SalesforceGateway,
    settings: Settings,
) -> Tools:
    finder = Finder(IndexReader(settings.INDEX_DIR))
    return Tools(lambda: finder, lambda: gitlab, lambda: salesforce, lambda: NOW)


def run(submission: Submission, tools: Tools) -> Submission:
    process(Submission.objects.get(pk=submission.pk), tools)
    return Submission.objects.get(pk=submission.pk)


def test_a_likely_match_waits_for_a_person_and_is_announced_once_joined(
    mirrored: dict[str, Issue],
    tools: Tools,
    maya: User,
    tam: User,
    sandbox: Sandbox,
    make_draft: Callable[..., SubmissionDraft],
) -> None:
    submission = submit(make_draft(summary="Require approvers for chosen paths"), by=maya)

    waiting = run(submission, tools)
    assert (waiting.stage, waiting.decision) == ("account_resolved", "pending")
    assert waiting.candidates.first().issue == mirrored[PATHS]
    assert sandbox.notes() == []

    triage.join(waiting, issue=mirrored[PATHS], by=tam)
    done = run(waiting, tools)
    assert (done.stage, done.public_state) == ("announced", "joined")
    note = sandbox.notes()[0]
    assert f"/lightning/r/Account/{ACCOUNT_ID}/view" in note["body"]
    assert '~"customer priority::7"' in note["body"]
    assert note["internal"] is True

    run(done, tools)
    assert len(sandbox.notes()) == 1


def test_identical_words_are_adopted_without_a_person(
    mirrored: dict[str, Issue],
    tools: Tools,
    maya: User,
    sandbox: Sandbox,
    make_draft: Callable[..., SubmissionDraft],
) -> None:
    draft = make_draft(
        summary=PATHS, problem="Owners of a folder should have to approve a merge.", workaround=""
    )
    done = run(submit(draft, by=maya), tools)
    assert (done.decision, done.decided_by_kind) == ("joined", "rule")
    assert len(sandbox.notes()) == 1


def test_a_new_issue_is_opened_once_and_closed_when_taken_back(
    tools: Tools,
    maya: User,
    tam: User,
    sandbox: Sandbox,
    make_draft: Callable[..., SubmissionDraft],
) -> None:
    submission = run(
        submit(make_draft(summary="Export the audit trail to our archive"), by=maya), tools
    )
    triage.create_issue(submission, by=tam)
    opened = run(submission, tools)
    issue = opened.issue
    assert issue is not None
    assert issue.is_confidential
    assert opened.public_state == "considered"
    assert len(sandbox.issues()) == 4
    assert [note["iid"] for note in sandbox.notes()] == [issue.iid]

    triage.undo(opened, by=tam)
    undone = run(opened, tools)
    assert undone.public_state == "under_review"
    assert sandbox.issue(101, issue.iid)["state"] == "closed"
    announce(CustomerLink.objects.get(), gitlab=tools.gitlab(), clock=tools.clock)
    words = [note["body"] for note in sandbox.notes(deleted=False)]
    assert words == ["Opened by mistake; closed by the intake portal."]


def test_nobody_is_asked_for_an_account_that_is_known(
    tools: Tools,
    maya: User,
    account: Account,
    sandbox: Sandbox,
    make_draft: Callable[..., SubmissionDraft],
) -> None:
    done = run(submit(make_draft(), by=maya), tools)
    assert done.account == account
    assert not sandbox.events(service="salesforce")


def test_the_state_of_the_link_is_kept(
    mirrored: dict[str, Issue],
    tools: Tools,
    maya: User,
    tam: User,
    make_draft: Callable[..., SubmissionDraft],
) -> None:
    submission = run(submit(make_draft(), by=maya), tools)
    triage.join(submission, issue=mirrored[PATHS], by=tam)
    run(submission, tools)
    link = CustomerLink.objects.get()
    assert link.note_state == NoteState.POSTED
    assert link.leased_until is None
    assert [(row.kind, row.points) for row in link.demands.all()] == [("retention", 7)]
