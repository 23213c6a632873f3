"""Staff decide once, take back cleanly, and never show one customer to another."""

from collections.abc import Callable
from functools import partial

import pytest

from intake.actions import triage
from intake.actions.follow import follow, set_mail_level
from intake.actions.refusals import AlreadyDecided, NotAllowed, TooLate
from intake.actions.reply import reply
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.domain.vocabulary import MailLevel, Trouble
from intake.models import Delivery, Follower, Issue, Submission
from intake.selectors.timeline import tell_timeline
from intake.selectors.visibility import visible_submissions
from portal.models import Account, Membership, Opportunity, Role, User
from tests.intake.actions.conftest import Together
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeDraft = Callable[..., SubmissionDraft]
MakeUser = Callable[..., User]


@pytest.fixture
def sent(maya: User, make_draft: MakeDraft) -> Submission:
    return submit(make_draft(), by=maya)


@pytest.fixture
def other(db: None) -> Account:
    return Account.objects.create(
        salesforce_id="001M000001FgVKlIAN", name="Quillbrook Press", refreshed_at=NOW
    )


def owed(kind: str) -> list[str]:
    rows = Delivery.objects.filter(event__kind=kind, sent_at=None, due_at__isnull=False)
    return sorted(delivery.follower.user.email for delivery in rows)


def mark_offered(kind: str) -> None:
    Delivery.objects.filter(event__kind=kind).update(message_id="<x@y>", sent_at=NOW)


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUBMITTER])
def test_triage_is_for_people_who_triage(
    sent: Submission, make_user: MakeUser, make_issue: Callable[..., Issue], account: Account,
    role: Role,
) -> None:  # fmt: skip
    by, issue = make_user("somebody@larkfield.example", role=role), make_issue()
    acts = [
        lambda: triage.join(sent, issue=issue, by=by),
        lambda: triage.reject(sent, issue=issue, by=by),
        lambda: triage.create_issue(sent, by=by),
        lambda: triage.ask(sent, "Why?", by=by),
        lambda: triage.decline(sent, "No.", by=by),
        lambda: triage.answer_possible(sent, "Yes.", by=by),
        lambda: triage.undo(sent, by=by),
        lambda: triage.confirm_choice(sent, by=by),
        lambda: triage.assign_account(sent, account=account, by=by),
        lambda: triage.choose_opportunity(sent, opportunity=None, by=by),
        lambda: triage.set_points(sent, 3, by=by),
        lambda: triage.try_again(sent, by=by),
        lambda: triage.explain_closing(sent, "Why.", by=by),
    ]
    assert len(acts) == len(triage.__all__)
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert sent.events.count() == 1


def test_two_tams_at_once_decide_once(
    together: Together, maya: User, tam: User, make_user: MakeUser, make_draft: MakeDraft,
    make_issue: Callable[..., Issue],
) -> None:  # fmt: skip
    sent, issue = submit(make_draft(), by=maya), make_issue()
    second = make_user("omar@larkfield.example", role=Role.TAM)
    mine, theirs = Submission.objects.get(), Submission.objects.get()
    results = together(
        [
            partial(triage.join, mine, issue=issue, by=tam),
            partial(triage.decline, theirs, "We will not.", by=second),
        ]
    )
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 1
    sent.refresh_from_db()
    decided = sent.events.filter(kind__in=["joined", "not_planned"])
    assert decided.count() == 1
    assert owed(decided.get().kind) == [maya.email]


@pytest.mark.parametrize("hidden", ["issue", "project"])
def test_nothing_joins_an_issue_that_is_gone(
    sent: Submission, tam: User, make_issue: Callable[..., Issue], hidden: str
) -> None:
    issue = make_issue(is_gone=hidden == "issue")
    issue.project.is_lost = hidden == "project"
    with pytest.raises(TooLate, match="gone"):
        triage.join(sent, issue=issue, by=tam)
    assert sent.decision == "pending"


def test_joining_a_duplicate_joins_where_it_went(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    last = make_issue("The one that stays")
    triage.join(sent, issue=make_issue(is_closed=True, successor=last), by=tam)
    assert sent.issue == last


def test_every_question_is_mailed_the_second_too(sent: Submission, maya: User, tam: User) -> None:
    triage.ask(sent, "How many?", by=tam)
    triage.ask(sent, "And since when?", by=tam)
    assert owed("asked") == [maya.email, maya.email]
    assert sent.answered_at is not None


def test_mail_that_went_out_is_corrected_whatever_the_level(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(milestone="17.3", is_milestone_closed=True, is_closed=True)
    set_mail_level(Follower.objects.get(), MailLevel.ONLY_SHIPPED)
    triage.join(sent, issue=issue, by=tam)
    assert sent.public_state == "shipped"
    mark_offered("joined")
    triage.undo(sent, by=tam)
    assert sent.public_state == "received"
    assert len(owed("undone")) == 1


def test_nobody_hears_of_a_mistake_that_was_taken_back_in_time(sent: Submission, tam: User) -> None:
    triage.decline(sent, "A slip of the mouse.", by=tam)
    triage.undo(sent, by=tam)
    assert owed("not_planned") == owed("undone") == []
    assert (sent.reason, sent.public_state, sent.decided_at) == ("", "received", None)


def test_who_wants_no_mail_gets_no_correction(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(), by=tam)
    mark_offered("joined")
    set_mail_level(Follower.objects.get(), MailLevel.NEVER)
    triage.undo(sent, by=tam)
    assert owed("undone") == []


def test_undo_leaves_nothing_of_the_decision(
    sent: Submission, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(), by=tam)
    Submission.objects.update(trouble=Trouble.ISSUE_GONE, outcome="yes", needs_reason=True)
    triage.undo(sent, by=tam)
    assert (sent.issue, sent.link, sent.trouble, sent.outcome) == (None, None, "", "")
    assert (sent.needs_reason, sent.review_on, sent.is_issue_wanted) == (False, None, False)
    assert sent.candidates.get().answer == "open"


def test_an_issue_that_may_still_appear_keeps_its_marker(sent: Submission, tam: User) -> None:
    triage.create_issue(sent, by=tam)
    marker = sent.issue_marker
    Submission.objects.update(issue_lease_until=NOW)
    triage.undo(sent, by=tam)
    assert sent.issue_marker == marker
    Submission.objects.update(issue_lease_until=None)
    triage.create_issue(sent, by=tam)
    triage.undo(sent, by=tam)
    assert sent.issue_marker is None


@pytest.fixture
def misplaced(
    make_user: MakeUser, tam: User, other: Account, make_draft: MakeDraft
) -> tuple[Submission, User]:
    """A stranger's request that a TAM gave to the wrong account, and somebody of that account
    who wrote on it."""
    stranger = make_user("new@somewhere.example", name="Noor Haddad")
    resident = make_user("resident@quillbrook.example", name="Rita Resident")
    Membership.objects.create(user=resident, account=other, basis=Membership.Basis.STAFF)
    sent = submit(make_draft(), by=stranger)
    triage.assign_account(sent, account=other, by=tam)
    follow(sent, user=resident, by=resident)
    reply(sent, "We at Quillbrook want this too.", by=resident)
    return sent, resident


def test_assigning_makes_the_author_a_member(misplaced: tuple[Submission, User]) -> None:
    sent, resident = misplaced
    assert sent in visible_submissions(resident)
    assert Membership.objects.get(user=sent.submitter).is_confirmed


def test_the_wrong_account_keeps_no_part_in_a_request(
    misplaced: tuple[Submission, User], account: Account, maya: User, tam: User
) -> None:
    sent, resident = misplaced
    theirs = submit_for(resident)
    triage.assign_account(sent, account=account, by=tam)
    assert sent not in visible_submissions(resident)
    assert theirs not in visible_submissions(sent.submitter)
    assert {follower.user for follower in sent.followers.all()} == {sent.submitter}
    told = " ".join(
        f"{entry.who} {entry.sentence} {entry.text}"
        for entry in tell_timeline(sent, for_customer=True)
    )
    assert "Rita" not in told
    assert "Quillbrook" not in told
    assert sent in visible_submissions(maya)


def submit_for(user: User) -> Submission:
    return Submission.objects.create(
        form_token="11111111-1111-4111-8111-111111111111", submitter=user,
        account=user.memberships.get().account, summary="A request of theirs", problem="x",
        urgency="blocker", intent="retain", answer_by=NOW, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_a_membership_of_its_own_outlives_a_reassignment(
    sent: Submission, maya: User, account: Account, other: Account, tam: User
) -> None:
    triage.assign_account(sent, account=other, by=tam)
    assert Membership.objects.get(user=maya, account=account).is_confirmed
    triage.assign_account(sent, account=account, by=tam)
    assert not Membership.objects.get(user=maya, account=other).is_confirmed


def test_explaining_a_closing_is_told_once(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(is_closed=True), by=tam)
    assert (sent.public_state, sent.needs_reason) == ("joined", True)
    triage.explain_closing(sent, "The team stopped.", by=tam)
    assert (sent.public_state, sent.reason) == ("not_planned", "The team stopped.")
    with pytest.raises(TooLate):
        triage.explain_closing(sent, "Again.", by=tam)
    assert owed("not_planned") == [maya.email]


def test_the_choice_of_an_opportunity_is_recorded_for_staff_alone(
    sent: Submission, tam: User, account: Account
) -> None:
    plant = Opportunity.objects.create(
        salesforce_id="006A", account=account, name="Second plant", refreshed_at=NOW
    )
    triage.choose_opportunity(sent, opportunity=plant, by=tam)
    sent.refresh_from_db()
    assert sent.opportunity == plant
    told = tell_timeline(sent, for_customer=False)[-1]
    assert (told.who, told.sentence) == (str(tam), "The opportunity is Second plant.")
    assert "plant" not in str(tell_timeline(sent, for_customer=True))
