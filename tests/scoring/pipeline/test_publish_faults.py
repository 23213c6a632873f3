"""Publishing when GitLab, the network or a worker fails: it resumes, and overwrites nobody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from intake.models import Issue
from portal.gateways.errors import Misconfigured, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey, IssueRecord
from portal.sandbox.client import Sandbox
from scoring.models import PublishedLabels
from scoring.pipeline.publish import publish_labels
from tests.scoring.label_desk import ALL_OF_OURS, LabelDesk, row_of

pytestmark = pytest.mark.django_db
SCORE_1, SCORE_2 = "customer-priority-score::1", "customer-priority-score::2"
A_WHILE = {"minutes": 6}  # longer than any claim
LOST = ["reset_before", "500", "502_html", "503", "hang", "reset_after_commit"]
LOST += ["truncate_after_commit", "bad_json_after_commit"]


class Killed(BaseException):
    """No part of the product catches this, as nothing catches a SIGKILL."""


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway) -> LabelDesk:
    return LabelDesk(sandbox, gitlab)


@pytest.mark.parametrize("fault", [*LOST, "ghost_write"])
def test_a_write_whose_answer_is_lost_is_looked_at_and_finished(
    desk: LabelDesk, fault: str
) -> None:
    issue = desk.plant("backlog")
    desk.strike(fault)
    with pytest.raises(Unavailable):
        desk.publish()
    assert set(row_of(issue).attempted) == ALL_OF_OURS
    assert desk.publish() == 0
    assert desk.calls() == [], "a late write may still be on its way"
    desk.advance(**A_WHILE)
    desk.publish()
    assert desk.labels(issue) == {"backlog"} | ALL_OF_OURS
    row = row_of(issue)
    assert (set(row.labels), row.attempted, row.failures) == (ALL_OF_OURS, [], 0)
    desk.publish(take_back=True)
    assert desk.labels(issue) == {"backlog"}


def test_a_late_write_is_ours_even_when_the_score_has_moved(desk: LabelDesk) -> None:
    issue = desk.plant()
    desk.strike("ghost_write", parameters={"delay": 0.1})
    with pytest.raises(Unavailable):
        desk.publish()
    desk.sandbox.wait_for(desk.mark, phase="committed", late="True")
    desk.score(issue, bucket=2)
    desk.advance(**A_WHILE)
    desk.publish()
    assert desk.labels(issue) == ALL_OF_OURS - {SCORE_1} | {SCORE_2}


def test_a_write_that_comes_later_than_any_is_told_from_a_persons(desk: LabelDesk) -> None:
    """GitLab says who put it there."""
    issue = desk.plant()
    desk.publish()
    desk.score(issue, bucket=2)
    desk.publish()
    as_us = {"author": "portal-bot"}
    desk.act(issue, "labels", add=[SCORE_1], **as_us)
    desk.mirror()
    desk.publish()
    assert SCORE_2 in desk.labels(issue)
    assert SCORE_1 not in desk.labels(issue)


def test_gitlab_asks_for_time_and_gets_it(desk: LabelDesk) -> None:
    issues = [desk.plant() for _ in range(3)]
    desk.strike("429_text", nth=2, parameters={"retry_after": 70})
    with pytest.raises(Unavailable):
        desk.publish()
    desk.advance(seconds=69)
    assert desk.publish() == 0
    assert desk.calls() == []
    desk.advance(seconds=2)
    assert desk.publish() == 2
    assert all(desk.labels(issue) == ALL_OF_OURS for issue in issues)


def test_a_refused_token_leaves_every_row_as_it_was(desk: LabelDesk) -> None:
    issues = [desk.plant() for _ in range(2)]
    desk.strike("401")
    with pytest.raises(Misconfigured):
        desk.publish()
    assert len(desk.calls("PUT")) == 1
    assert desk.publish() == 2
    assert all(desk.labels(issue) == ALL_OF_OURS for issue in issues)


def test_one_refused_issue_waits_a_day_and_holds_up_nobody(desk: LabelDesk) -> None:
    first, second = desk.plant(), desk.plant()
    desk.strike("403")
    assert desk.publish() == 1
    assert row_of(first).refusal == "GitLab does not let the token label this issue."
    assert desk.labels(second) == ALL_OF_OURS
    assert desk.publish() == 0
    assert desk.calls() == []
    desk.advance(hours=25)
    assert desk.publish() == 1
    assert row_of(first).refusal == ""


def test_a_person_may_try_a_refused_one_at_once(desk: LabelDesk) -> None:
    issue = desk.plant()
    desk.strike("404", method="GET")
    assert desk.publish() == 0
    assert "hides it" in row_of(issue).refusal
    assert desk.publish(retry_refused=True) == 1
    assert desk.labels(issue) == ALL_OF_OURS


def test_labels_that_gitlab_leaves_out_without_a_word_are_a_refusal(
    desk: LabelDesk, sandbox: Sandbox
) -> None:
    """A guest who wrote the issue may change it, but not its labels."""
    issue = desk.plant()
    sandbox_issue = {"project_id": 101, "title": "By the guest", "author_id": 9004}
    made = sandbox.seed({"issues": [sandbox_issue]})["issues"][0]
    Issue.objects.filter(pk=issue.pk).update(iid=made["iid"], gitlab_id=made["id"])
    desk.gitlab = GitLabGateway(sandbox.gitlab_url, "guest-token", timeout=5)
    desk.publish()
    assert row_of(issue).refusal == "GitLab left the labels as they were."


def kill_at(desk: LabelDesk, name: str, *, after: bool, nth: int) -> GitLabGateway:
    """The real gateway, in a process that dies around its `nth` call of this name."""
    calls = 0

    class Mortal(GitLabGateway):
        def _count(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == nth and not after:
                raise Killed
            answer = call(*args, **named)
            if calls == nth:
                raise Killed
            return answer

    original = getattr(GitLabGateway, name)
    setattr(Mortal, name, lambda self, *args, **named: self._count(original, self, *args, **named))
    return Mortal(desk.sandbox.gitlab_url, "sandbox-token", timeout=5, write_deadline=5)


@pytest.mark.parametrize("take_back", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", ["issue", "change_labels"])
def test_a_crash_in_the_middle_resumes(
    desk: LabelDesk, name: str, after: bool, take_back: bool
) -> None:
    issues = [desk.plant("backlog") for _ in range(4)]
    if take_back:
        desk.publish()
    mortal = kill_at(desk, name, after=after, nth=3)
    desk.mark = desk.sandbox.last_seq()
    with pytest.raises(Killed):
        publish_labels(gitlab=mortal, clock=desk.clock, take_back=take_back)
    desk.publish(take_back=take_back)
    desk.advance(**A_WHILE)
    desk.publish(take_back=take_back)
    wanted = {"backlog"} if take_back else {"backlog"} | ALL_OF_OURS
    assert [desk.labels(issue) for issue in issues] == [wanted] * 4
    assert not PublishedLabels.objects.exclude(attempted=[]).exists()
    assert all(set(row_of(issue).labels) == wanted - {"backlog"} for issue in issues)
    assert desk.publish(take_back=take_back) == 0
    assert desk.calls() == []


def test_after_a_crash_each_issue_was_written_to_once(desk: LabelDesk) -> None:
    for _ in range(3):
        desk.plant()
    start = desk.sandbox.last_seq()
    mortal = kill_at(desk, "change_labels", after=True, nth=2)
    with pytest.raises(Killed):
        publish_labels(gitlab=mortal, clock=desk.clock)
    desk.advance(**A_WHILE)
    desk.publish()
    desk.mark = start
    assert len(desk.calls("PUT")) == 3


def test_two_workers_do_not_meet_on_an_issue(desk: LabelDesk) -> None:
    issue = desk.plant()
    other = desk.gitlab
    met: list[int] = []

    class Slow(GitLabGateway):
        def issue(self, key: IssueKey) -> IssueRecord:
            met.append(
                publish_labels(gitlab=other, clock=desk.clock, by_hand=True, retry_refused=True)
            )
            return super().issue(key)

    slow = Slow(desk.sandbox.gitlab_url, "sandbox-token", timeout=5)
    desk.mark = desk.sandbox.last_seq()
    assert publish_labels(gitlab=slow, clock=desk.clock) == 1
    assert met == [0]
    assert len(desk.calls("PUT")) == 1
    assert desk.labels(issue) == ALL_OF_OURS


def test_a_worker_that_slept_past_its_claim_writes_nothing(desk: LabelDesk) -> None:
    issue = desk.plant()
    other = desk.gitlab

    class Sleepy(GitLabGateway):
        def issue(self, key: IssueKey) -> IssueRecord:
            record = super().issue(key)
            desk.advance(**A_WHILE)
            desk.score(issue, bucket=2)
            publish_labels(gitlab=other, clock=desk.clock)
            return record

    sleepy = Sleepy(desk.sandbox.gitlab_url, "sandbox-token", timeout=5)
    desk.mark = desk.sandbox.last_seq()
    assert publish_labels(gitlab=sleepy, clock=desk.clock) == 0
    assert len(desk.calls("PUT")) == 1
    assert SCORE_2 in desk.labels(issue)


def test_a_claim_outlives_every_call_in_it(settings: Any) -> None:
    assert timedelta(**A_WHILE) > timedelta(minutes=3) + settings.NOTE_LEASE
