"""What the author, a colleague, a stranger and staff may do with a request."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from intake.actions import triage
from intake.actions.choose import choose
from intake.actions.confirm import confirm
from intake.actions.contest import contest
from intake.actions.edit import edit
from intake.actions.follow import follow, set_mail_level, unfollow
from intake.actions.refusals import NotAllowed, Refusal, TooLate
from intake.actions.reply import reply
from intake.actions.submit import submit
from intake.actions.withdraw import withdraw
from intake.domain.draft import OnBehalf, SubmissionDraft
from intake.domain.vocabulary import MailLevel, Stage, Trouble
from intake.models import Candidate, CustomerLink, Delivery, Follower, Issue, Submission
from intake.selectors.request_page import read_text
from portal.models import Account, Membership, User
from tests.intake.actions.conftest import Together

pytestmark = pytest.mark.django_db

MakeDraft = Callable[..., SubmissionDraft]
Act = Callable[[Submission, User], None]


@pytest.fixture
def colleague(make_user: Callable[..., User], account: Account) -> User:
    user = make_user("li@northwind-freight.example", name="Li Wong")
    Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
    return user


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    return make_user("stranger@elsewhere.example")


@pytest.fixture
def sent(maya: User, make_draft: MakeDraft) -> Submission:
    return submit(make_draft(), by=maya)


@pytest.fixture
def shipped(sent: Submission, tam: User, make_issue: Callable[..., Issue]) -> Submission:
    issue = make_issue(milestone="17.3", is_milestone_closed=True, is_closed=True)
    triage.join(sent, issue=issue, by=tam)
    assert sent.public_state == "shipped"
    return sent


def edit_it(submission: Submission, by: User) -> None:
    edit(submission, replace(read_text(submission), summary="Another summary of it"), by=by)


AUTHORS_ONLY: dict[str, Act] = {
    "edit": edit_it,
    "withdraw": lambda submission, by: withdraw(submission, by=by),
    "contest": lambda submission, by: contest(submission, "No.", by=by),
    "confirm": lambda submission, by: confirm(submission, "yes", "", by=by),
    "choose": lambda submission, by: choose(submission, issue_id=1, by=by),
}


@pytest.mark.parametrize("name", AUTHORS_ONLY)
@pytest.mark.parametrize("who", ["colleague", "stranger", "tam", "submitter"])
def test_only_the_author_changes_a_request(
    shipped: Submission, name: str, who: str, request: pytest.FixtureRequest
) -> None:
    before = Submission.objects.filter(pk=shipped.pk).values().get()
    events = shipped.events.count()
    with pytest.raises(NotAllowed):
        AUTHORS_ONLY[name](shipped, request.getfixturevalue(who))
    assert Submission.objects.filter(pk=shipped.pk).values().get() == before
    assert shipped.events.count() == events


@pytest.mark.parametrize("name", AUTHORS_ONLY)
def test_the_contact_a_request_was_sent_for_is_its_author_too(
    submitter: User, maya: User, account: Account, make_draft: MakeDraft, tam: User,
    make_issue: Callable[..., Issue], name: str,
) -> None:  # fmt: skip
    behalf = OnBehalf(account.pk, "Maya", maya.email.upper(), None, "", "", False)
    request = submit(make_draft(on_behalf=behalf), by=submitter)
    issue = make_issue(milestone="17.3", is_milestone_closed=True, is_closed=True)
    if name == "choose":
        choose(request, issue_id=issue.pk, by=maya)
    else:
        triage.join(request, issue=issue, by=tam)
        AUTHORS_ONLY[name](request, maya)
    assert request.events.filter(actor=maya).exists()


@pytest.mark.parametrize("name", [*AUTHORS_ONLY, "reply"])
def test_nothing_can_be_done_with_a_withdrawn_request(
    shipped: Submission, maya: User, name: str
) -> None:
    withdraw(shipped, by=maya)
    act = {**AUTHORS_ONLY, "reply": lambda row, by: reply(row, "Hello", by=by)}[name]
    with pytest.raises(TooLate, match="withdrawn"):
        act(shipped, maya)


def test_edited_words_are_searched_for_again_until_somebody_decided(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    Submission.objects.update(stage=Stage.ACCOUNT_RESOLVED, due_at=None, trouble=Trouble.GAVE_UP)
    edit_it(sent, maya)
    assert (sent.stage, sent.summary) == (Stage.RECEIVED, "Another summary of it")
    assert (sent.due_at is not None, sent.trouble) == (True, "")
    triage.join(sent, issue=make_issue(), by=tam)
    Submission.objects.update(stage=Stage.ANNOUNCED)
    edit_it(sent, maya)
    assert (sent.stage, sent.decision) == (Stage.ANNOUNCED, "joined")


def test_withdrawing_ends_its_demand_and_an_opening_that_has_not_happened(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue], account: Account
) -> None:
    link = CustomerLink.objects.create(issue=make_issue(), account=account)
    triage.create_issue(sent, by=tam)
    Submission.objects.update(link=link)
    withdraw(sent, by=maya)
    link.refresh_from_db()
    assert link.due_at is not None
    assert not sent.is_issue_wanted
    assert sent.public_state == "withdrawn"
    assert not Submission.objects.open().exists()
    assert not Submission.objects.awaiting_triage().exists()


def test_an_answer_ends_the_waiting_and_a_colleagues_word_does_not(
    sent: Submission, maya: User, colleague: User, tam: User
) -> None:
    triage.ask(sent, "How many?", by=tam)
    assert sent.public_state == "waiting_for_you"
    reply(sent, "I do not know.", by=colleague)
    assert sent.public_state == "waiting_for_you"
    reply(sent, "Forty.", by=maya)
    assert (sent.asked_at, sent.public_state) == (None, "received")


def test_strangers_reply_nowhere_and_nobody_replies_nothing(
    sent: Submission, stranger: User, submitter: User, maya: User
) -> None:
    for outsider in (stranger, submitter):
        with pytest.raises(NotAllowed):
            reply(sent, "Hello", by=outsider)
    with pytest.raises(Refusal, match="Write something"):
        reply(sent, " \n ", by=maya)


def test_a_word_from_staff_is_an_answer_and_is_mailed(
    sent: Submission, maya: User, colleague: User, tam: User
) -> None:
    follow(sent, user=colleague, by=maya)
    reply(sent, "We are on it.", by=tam)
    assert sent.answered_at is not None
    assert sent.last_word_at is not None
    word = sent.events.get(kind="replied")
    assert {delivery.follower.user for delivery in word.deliveries.all()} == {maya, colleague}
    reply(sent, "Thank you.", by=colleague)
    assert not Delivery.objects.filter(event__text="Thank you.").exists()


def test_contesting_puts_a_join_before_a_person_and_keeps_it(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    with pytest.raises(TooLate, match="not joined"):
        contest(sent, "It is not.", by=maya)
    triage.join(sent, issue=make_issue(), by=tam)
    contest(sent, "We mean something else.", by=maya)
    assert (sent.decision, sent.contested_at is not None) == ("joined", True)
    assert Submission.objects.awaiting_triage().get() == sent


def test_the_answer_to_a_contest_reaches_the_customer(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(), by=tam)
    contest(sent, "We mean something else.", by=maya)
    triage.confirm_choice(sent, by=tam)
    checked = sent.events.get(kind="checked")
    assert checked.is_public
    assert [delivery.follower.user for delivery in checked.deliveries.all()] == [maya]
    assert not Submission.objects.awaiting_triage().exists()


def test_a_check_that_nobody_contested_is_not_told(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    choose(sent, issue_id=make_issue().pk, by=maya)
    triage.confirm_choice(sent, by=tam)
    checked = sent.events.get(kind="checked")
    assert (checked.is_public, checked.deliveries.count()) == (False, 0)


@pytest.mark.parametrize(("outcome", "state"), [("yes", "confirmed"), ("partly", "confirmed"),
                                                ("no", "shipped")])  # fmt: skip
def test_does_this_solve_it(shipped: Submission, maya: User, outcome: str, state: str) -> None:
    confirm(shipped, outcome, " words ", by=maya)
    assert (shipped.outcome, shipped.public_state) == (outcome, state)
    assert Submission.objects.awaiting_triage().exists() is (outcome == "no")
    assert shipped.events.get(kind="confirmed").text == "words"


def test_only_what_has_shipped_is_confirmed_and_only_with_an_answer(
    sent: Submission, shipped: Submission, maya: User, make_draft: MakeDraft
) -> None:
    with pytest.raises(TooLate, match="not shipped"):
        confirm(submit(make_draft(), by=maya), "yes", "", by=maya)
    with pytest.raises(Refusal, match="yes, partly or no"):
        confirm(shipped, "maybe", "", by=maya)


@pytest.mark.parametrize("hidden", [{"is_confidential": True}, {"is_gone": True}])
def test_only_what_customers_see_can_be_chosen(
    sent: Submission, maya: User, make_issue: Callable[..., Issue], hidden: dict[str, bool]
) -> None:
    for issue_id in (make_issue(**hidden).pk, 999_999):
        with pytest.raises(TooLate):
            choose(sent, issue_id=issue_id, by=maya)
    assert sent.decision == "pending"


def test_what_staff_rejected_is_not_chosen_and_no_name_is_told(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    other, issue = make_issue(), make_issue("Another wish")
    triage.reject(sent, issue=other, by=tam)
    with pytest.raises(TooLate, match="another one than yours"):
        choose(sent, issue_id=other.pk, by=maya)
    assert sent.candidates.get().answer == Candidate.Answer.OTHER
    triage.join(sent, issue=issue, by=tam)
    with pytest.raises(TooLate) as told:
        choose(sent, issue_id=other.pk, by=maya)
    assert "Priya" not in str(told.value)


def test_following(sent: Submission, maya: User, colleague: User, stranger: User) -> None:
    follow(sent, user=colleague, by=maya)
    follow(sent, user=colleague, by=colleague)
    assert Follower.objects.filter(submission=sent).count() == 2
    for user, by in ((stranger, maya), (stranger, stranger), (maya, colleague)):
        with pytest.raises(NotAllowed):
            follow(sent, user=user, by=by)
    with pytest.raises(NotAllowed):
        unfollow(sent, user=maya, by=colleague)
    unfollow(sent, user=colleague, by=maya)
    unfollow(sent, user=maya, by=maya)
    assert not Follower.objects.exists()


def test_a_level_holds_for_mail_that_waits(
    sent: Submission, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(milestone="17.3"), by=tam)
    follower = Follower.objects.get()
    joined = Delivery.objects.get(event__kind="joined")
    set_mail_level(follower, MailLevel.WEEKLY)
    joined.refresh_from_db()
    assert joined.due_at is not None
    assert joined.due_at.weekday() == 0
    set_mail_level(follower, MailLevel.ONLY_SHIPPED)
    joined.refresh_from_db()
    assert joined.due_at is None
    assert Delivery.objects.filter(due_at__isnull=False).get().event.kind == "received"
    set_mail_level(follower, MailLevel.NEVER)
    assert not Delivery.objects.filter(due_at__isnull=False).exists()


def test_two_acts_of_the_customer_at_once(
    together: Together, maya: User, make_draft: MakeDraft
) -> None:
    sent = submit(make_draft(), by=maya)
    results = together([partial(withdraw, Submission.objects.get(), by=maya)] * 3)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "TooLate", "TooLate"]
    assert sent.events.filter(kind="withdrawn").count() == 1
