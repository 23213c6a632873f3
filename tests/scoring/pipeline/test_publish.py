"""Publishing to the sandbox's GitLab over HTTP: what is written, to what, and never to what."""

import pytest

from portal.gateways.gitlab import GitLabGateway
from portal.sandbox.client import Sandbox
from scoring.models import IssueScore, WeightsVersion
from tests.portal_fixtures import NOW
from tests.scoring.label_desk import ALL_OF_OURS, LabelDesk, row_of

pytestmark = pytest.mark.django_db
SCORE_1, SCORE_2, SCORE_3 = (f"customer-priority-score::{bucket}" for bucket in (1, 2, 3))


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway) -> LabelDesk:
    return LabelDesk(sandbox, gitlab)


def test_three_labels_come_beside_those_of_people(desk: LabelDesk) -> None:
    issue = desk.plant("type::feature", "group::code review", "backlog")
    assert desk.publish() == 1
    assert desk.labels(issue) == {"type::feature", "group::code review", "backlog"} | ALL_OF_OURS
    assert set(row_of(issue).labels) == ALL_OF_OURS


def test_only_the_difference_is_sent(desk: LabelDesk) -> None:
    issue = desk.plant("backlog")
    desk.publish()
    desk.score(issue, bucket=2)
    desk.publish()
    (call,) = desk.calls("PUT")
    assert call["body"] == {"add_labels": SCORE_2, "remove_labels": SCORE_1}
    assert desk.labels(issue) == ALL_OF_OURS - {SCORE_1} | {SCORE_2, "backlog"}


def test_a_second_run_makes_no_call(desk: LabelDesk) -> None:
    for _ in range(3):
        desk.plant("backlog")
    assert desk.publish() == 3
    assert desk.publish() == 0
    assert desk.calls() == []
    desk.mirror()
    assert desk.publish() == 0
    assert desk.calls() == []


def test_the_mirror_knows_at_once(desk: LabelDesk) -> None:
    issue = desk.plant()
    desk.publish()
    issue.refresh_from_db()
    assert set(issue.labels) == ALL_OF_OURS


def test_a_label_set_while_the_run_is_on_its_way_survives(desk: LabelDesk) -> None:
    """The mirror has not seen it yet; GitLab is read right before."""
    issue = desk.plant()
    desk.act(issue, "labels", add=["urgent for dana", "customer-urgency::nice-to-have"])
    desk.publish()
    theirs = {"urgent for dana", "customer-urgency::nice-to-have"}
    assert desk.labels(issue) == theirs | {SCORE_1, "customer-intent::retain"}
    assert set(row_of(issue).labels) == {SCORE_1, "customer-intent::retain"}


def test_a_label_in_our_scope_that_a_person_set_stays_whatever_the_score(desk: LabelDesk) -> None:
    issue = desk.plant(SCORE_3)
    desk.publish()
    assert SCORE_3 in desk.labels(issue)
    desk.score(issue, bucket=2)
    assert desk.publish() == 0
    assert desk.calls() == []
    IssueScore.objects.filter(issue=issue).delete()
    desk.publish()
    assert desk.labels(issue) == {SCORE_3}


def test_the_same_label_set_by_a_person_is_theirs(desk: LabelDesk) -> None:
    issue = desk.plant(*ALL_OF_OURS)
    assert desk.publish() == 0
    assert row_of(issue).labels == []
    desk.publish(take_back=True)
    assert desk.labels(issue) == ALL_OF_OURS


def test_a_person_who_replaces_ours_is_not_overruled(desk: LabelDesk) -> None:
    issue = desk.plant()
    desk.publish()
    desk.act(issue, "labels", add=[SCORE_2])
    desk.mirror()
    desk.publish()
    assert desk.calls("PUT") == []
    assert SCORE_2 in desk.labels(issue)
    desk.publish()
    assert desk.calls() == []


def test_a_person_who_takes_ours_off_is_not_overruled_until_the_score_moves(
    desk: LabelDesk,
) -> None:
    issue = desk.plant()
    desk.publish()
    desk.act(issue, "labels", remove=[SCORE_1])
    desk.mirror()
    assert desk.publish() == 0
    assert desk.labels(issue) == ALL_OF_OURS - {SCORE_1}
    desk.score(issue, bucket=2)
    assert desk.publish() == 1
    assert SCORE_2 in desk.labels(issue)


def test_one_that_a_person_took_off_is_forgotten_when_it_is_not_due_any_more(
    desk: LabelDesk,
) -> None:
    issue = desk.plant()
    desk.publish()
    desk.act(issue, "labels", remove=sorted(ALL_OF_OURS))
    desk.mirror()
    IssueScore.objects.filter(issue=issue).delete()
    desk.publish()
    assert desk.calls("PUT") == []
    assert row_of(issue).labels == []
    desk.publish()
    assert desk.calls() == []


@pytest.mark.parametrize(
    ("project_id", "accounts", "is_told"),
    [(101, 2, False), (101, 3, True), (102, 1, True)],
)
def test_enough_accounts_must_stand_behind_it(
    desk: LabelDesk, project_id: int, accounts: int, is_told: bool
) -> None:
    """Three on a public project, one on any other."""
    issue = desk.plant(project_id=project_id, accounts=accounts)
    desk.publish()
    assert desk.labels(issue) == (ALL_OF_OURS if is_told else set())


def test_the_least_count_can_be_tuned(desk: LabelDesk) -> None:
    issue = desk.plant(accounts=2)
    content = {"minimum_accounts_public": 2}
    WeightsVersion.objects.create(number=1, content=content, created_at=NOW)
    desk.publish()
    assert desk.labels(issue) == ALL_OF_OURS


def test_too_few_accounts_left_take_the_labels_off(desk: LabelDesk) -> None:
    issue = desk.plant("backlog")
    desk.publish()
    desk.score(issue, accounts=2)
    desk.publish()
    assert desk.labels(issue) == {"backlog"}
    assert row_of(issue).labels == []


def test_a_closed_issue_loses_them_and_one_opened_again_has_them_back(desk: LabelDesk) -> None:
    issue = desk.plant("backlog")
    desk.publish()
    desk.act(issue, "close")
    desk.mirror()
    desk.publish()
    assert desk.labels(issue) == {"backlog"}
    desk.act(issue, "reopen")
    desk.mirror()
    desk.publish()
    assert desk.labels(issue) == {"backlog"} | ALL_OF_OURS


def test_an_issue_that_was_closed_a_moment_ago_gets_none(desk: LabelDesk) -> None:
    issue = desk.plant()
    desk.act(issue, "close")
    assert desk.publish() == 0
    assert desk.labels(issue) == set()


def test_no_score_label_without_a_bucket(desk: LabelDesk) -> None:
    issue = desk.plant(bucket=None, urgency="churn-risk", intent="both")
    desk.publish()
    assert desk.labels(issue) == {"customer-urgency::churn-risk", "customer-intent::both"}


def test_an_issue_that_moved_keeps_one_set_and_it_is_still_ours(desk: LabelDesk) -> None:
    issue = desk.plant("backlog", project_id=102)
    desk.publish()
    desk.act(issue, "move", to_project_id=101)
    desk.mirror()
    desk.mirror("larkfield/internal")
    copy = type(issue).objects.get(project__project_id=101)
    IssueScore.objects.filter(issue=issue).delete()
    desk.score(copy, bucket=2)
    desk.publish()
    assert desk.labels(copy) == {"backlog", SCORE_2} | ALL_OF_OURS - {SCORE_1}
    assert desk.labels(issue) == {"backlog"}


def test_one_run_is_a_small_batch(desk: LabelDesk) -> None:
    issues = [desk.plant() for _ in range(5)]
    assert [desk.publish(most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert all(desk.labels(issue) == ALL_OF_OURS for issue in issues)


def test_what_is_gone_or_hidden_is_not_asked_for(desk: LabelDesk) -> None:
    gone, hidden, elsewhere = desk.plant(), desk.plant(project_id=102), desk.plant(project_id=201)
    type(gone).objects.filter(pk=gone.pk).update(is_gone=True)
    projects = type(hidden.project).objects
    projects.filter(pk=hidden.project.pk).update(is_lost=True)
    projects.filter(pk=elsewhere.project.pk).update(instance="gitlab.before")
    assert desk.publish() == 0
    assert desk.calls() == []


class TestTakingBack:
    def test_no_label_of_ours_is_left_and_every_other_is(self, desk: LabelDesk) -> None:
        issues = [desk.plant("backlog", "type::feature") for _ in range(3)]
        theirs = desk.plant("customer-urgency::blocker", "customer-intent::both", bucket=0)
        desk.publish()
        assert desk.publish(take_back=True) == 3
        assert all(desk.labels(issue) == {"backlog", "type::feature"} for issue in issues)
        assert desk.labels(theirs) == {"customer-urgency::blocker", "customer-intent::both"}
        assert desk.publish(take_back=True) == 0
        assert desk.calls() == []

    def test_those_that_a_lost_database_knew_of_go_too(self, desk: LabelDesk) -> None:
        """GitLab's own record says who put them there."""
        issue = desk.plant("backlog")
        desk.publish()
        row_of(issue).delete()
        assert desk.publish(take_back=True) == 1
        assert desk.labels(issue) == {"backlog"}

    def test_afterwards_they_may_be_published_again(self, desk: LabelDesk) -> None:
        issue = desk.plant()
        desk.publish()
        desk.publish(take_back=True)
        assert desk.publish() == 1
        assert desk.labels(issue) == ALL_OF_OURS
