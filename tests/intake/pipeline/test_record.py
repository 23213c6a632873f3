"""A change of state is told once: by the act that led to it, or by an event of its own."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from intake.actions import triage
from intake.actions.refusals import Refusal
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.models import Delivery, Event, EventKind, Follower, Issue, Project, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.timeline import tell_timeline
from portal.models import User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(maya: User, make_draft: Callable[..., SubmissionDraft]) -> Submission:
    return submit(make_draft(), by=maya)


def test_an_act_tells_its_own_consequence(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(milestone="17.3"), by=tam)
    joined = sent.events.get(kind="joined")
    assert (joined.facts["state"], joined.facts["release"]) == ("scheduled", "17.3")
    assert not sent.events.filter(kind="progressed").exists()


def test_the_machines_own_steps_are_shown_and_not_mailed(sent: Submission) -> None:
    sent.stage = "matched"
    assert update_progress(sent, now=NOW)
    assert sent.public_state == "under_review"
    assert sent.last_word_at is None
    assert [event.kind for event in sent.events.all()] == ["received"]


def test_nothing_new_is_not_told(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(milestone="17.3")
    triage.join(sent, issue=issue, by=tam)
    count = Event.objects.count()
    for minutes in range(3):
        assert not update_progress(sent, now=NOW + timedelta(minutes=minutes))
    assert Event.objects.count() == count


def test_a_date_for_the_next_look_comes_and_goes_with_the_state(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue()
    triage.join(sent, issue=issue, by=tam)
    assert sent.review_on is not None
    Issue.objects.update(milestone="17.3")
    update_progress(Submission.objects.get(), now=NOW)
    assert Submission.objects.get().review_on is None


def test_a_very_long_milestone_is_told_once(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(milestone="x" * 200), by=tam)
    assert len(sent.release) == 60
    assert not update_progress(Submission.objects.get(), now=NOW)


def test_customers_read_public_events_in_our_name_and_staff_read_all(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    record_event(sent, EventKind.POINTS_SET, now=NOW, by=tam, facts={"points": 9})
    triage.ask(sent, "How many?", by=tam)
    for_customer = tell_timeline(sent, for_customer=True)
    assert [entry.who for entry in for_customer] == ["Maya Lindqvist", "Product team"]
    assert "Priority points: 9." in {
        entry.sentence for entry in tell_timeline(sent, for_customer=False)
    }


def test_an_erased_colleague_does_not_become_the_product_team(
    sent: Submission, maya: User, tam: User
) -> None:
    for kind, by in ((EventKind.REPLIED, maya), (EventKind.ASKED, tam)):
        event = record_event(sent, kind, now=NOW, by=by, text="Words", is_public=True)
        Event.objects.filter(pk=event.pk).update(actor=None)
    entries = {entry.who: entry.is_own_side for entry in tell_timeline(sent, for_customer=True)}
    assert entries == {"Maya Lindqvist": True, "Product team": False}


ACTS = st.sampled_from(
    ["join", "decline", "possible", "ask", "undo", "ship", "plan", "reopen", "close", "look"]
)


class AnyStory(TestCase):
    """Whatever happens in whatever order: each state that was told differs from the one before,
    and each follower is owed each change at most once."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(ACTS, max_size=12))
    def test_no_state_is_told_twice_in_a_row(self, acts: list[str]) -> None:
        submission, tam, issue = plant_story()
        for act in acts:
            perform(act, submission, tam, issue)
        told = [
            (event.facts["state"], event.facts["release"])
            for event in submission.events.filter(facts__has_key="state")
        ]
        assert all(one != following for one, following in pairwise(told))
        owed = list(Delivery.objects.values_list("event", "follower"))
        assert len(owed) == len(set(owed))
        submission.refresh_from_db()
        assert not update_progress(submission, now=timezone.now())


def plant_story() -> tuple[Submission, User, Issue]:
    author = User.objects.create_user("a@x.example")
    tam = User.objects.create_user("t@x.example", role="tam")
    project = Project.objects.create(instance="x", project_id=1, path="x", is_public=True)
    times = dict.fromkeys(("created_at", "updated_at", "mirrored_at", "changed_at"), NOW)
    issue = Issue.objects.create(project=project, iid=1, gitlab_id=1, title="T", **times)
    submission = Submission.objects.create(
        form_token="11111111-1111-4111-8111-111111111111", submitter=author, summary="S" * 20,
        problem="p", urgency="blocker", intent="retain", answer_by=NOW, created_at=NOW,
        updated_at=NOW,
    )  # fmt: skip
    Follower.objects.create(submission=submission, user=author)
    return submission, tam, issue


def perform(act: str, submission: Submission, tam: User, issue: Issue) -> None:
    changes = {
        "ship": {"is_closed": True, "milestone": "17.3", "is_milestone_closed": True},
        "plan": {"is_closed": False, "milestone": "17.4", "is_milestone_closed": False},
        "reopen": {"is_closed": False, "milestone": "", "is_milestone_closed": False},
        "close": {"is_closed": True, "milestone": "", "is_milestone_closed": False},
    }
    staff = {
        "join": lambda: triage.join(submission, issue=issue, by=tam),
        "decline": lambda: triage.decline(submission, "No.", by=tam),
        "possible": lambda: triage.answer_possible(submission, "So.", by=tam),
        "ask": lambda: triage.ask(submission, "What?", by=tam),
        "undo": lambda: triage.undo(submission, by=tam),
    }
    if act in staff:
        try:
            staff[act]()
        except Refusal:
            return
    Issue.objects.update(**changes.get(act, {"weight": 1}))
    update_progress(Submission.objects.select_related("issue").get(), now=timezone.now())
