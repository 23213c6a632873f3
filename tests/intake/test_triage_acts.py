"""Every act of triage through its button: what it does, what is said, and what is refused."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.models import Candidate, Event, Issue, Submission
from portal.models import Account, Opportunity, Role, User
from tests.intake.triage_desk import QUEUE, act, add_candidate, add_request, messages_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, tam: User) -> Client:
    client.force_login(tam)
    return client


@pytest.fixture
def request_(maya: User) -> Submission:
    return add_request(maya)


def kinds(request: Submission) -> list[str]:
    return list(request.events.values_list("kind", flat=True))


def test_join(
    desk: Client, tam: User, request_: Submission, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(iid=41)
    answer = act(desk, request_, "join", issue=issue.pk)
    request_.refresh_from_db()
    assert (request_.decision, request_.issue, request_.decided_by) == ("joined", issue, tam)
    assert "joined" in kinds(request_)
    assert messages_of(answer) == [f"{request_.reference}: Joined with #41. You can take it back."]
    assert answer.redirect_chain == [(page_of(request_), 302)]


def test_not_the_same(
    desk: Client, tam: User, request_: Submission, make_issue: Callable[..., Issue]
) -> None:
    candidate = add_candidate(request_, make_issue(iid=42))
    answer = act(desk, request_, "reject", issue=candidate.issue_id)
    candidate.refresh_from_db()
    assert (candidate.answer, candidate.answered_by) == (Candidate.Answer.OTHER, tam)
    assert "#42 will not be offered" in messages_of(answer)[0]
    request_.refresh_from_db()
    assert request_.decision == "pending"


def test_create_an_issue(desk: Client, request_: Submission) -> None:
    answer = act(desk, request_, "create")
    request_.refresh_from_db()
    assert request_.decision == "new_issue"
    assert request_.is_issue_wanted
    assert "will be opened in GitLab" in messages_of(answer)[0]


def test_ask(desk: Client, request_: Submission) -> None:
    act(desk, request_, "ask", text="Which folder do you mean?")
    request_.refresh_from_db()
    assert request_.asked_at is not None
    assert request_.public_state == "waiting_for_you"
    question = request_.events.get(kind="asked")
    assert (question.text, question.is_public) == ("Which folder do you mean?", True)


@pytest.mark.parametrize(
    ("name", "decision"), [("decline", "not_planned"), ("possible", "already_possible")]
)
def test_a_no_and_a_yes_already_carry_their_reason(
    desk: Client, request_: Submission, name: str, decision: str
) -> None:
    act(desk, request_, name, text="See the guide, chapter 4.")
    request_.refresh_from_db()
    assert (request_.decision, request_.reason) == (decision, "See the guide, chapter 4.")


@pytest.mark.parametrize("name", ["ask", "decline", "possible", "explain"])
def test_words_to_the_customer_are_never_empty(
    desk: Client, request_: Submission, name: str
) -> None:
    before = kinds(request_)
    answer = act(desk, request_, name, text="  \u200b ")
    assert answer.status_code == 200
    assert len(messages_of(answer)) == 1
    request_.refresh_from_db()
    assert (request_.decision, kinds(request_)) == ("pending", before)


def test_undo(desk: Client, request_: Submission, make_issue: Callable[..., Issue]) -> None:
    act(desk, request_, "join", issue=make_issue().pk)
    answer = act(desk, request_, "undo")
    request_.refresh_from_db()
    assert (request_.decision, request_.issue) == ("pending", None)
    assert "undone" in kinds(request_)
    assert "open again" in messages_of(answer)[0]


def test_undo_of_nothing_says_so(desk: Client, request_: Submission) -> None:
    assert messages_of(act(desk, request_, "undo")) == ["There is no decision to take back."]


def test_confirm_the_customers_choice(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    request = add_request(
        maya,
        decision="joined",
        decided_by_kind="customer",
        decided_at=timezone.now(),
        issue=make_issue(),
    )
    assert "It is the same: confirm" in desk.get(page_of(request)).content.decode()
    act(desk, request, "confirm")
    request.refresh_from_db()
    assert request.checked_at is not None
    assert "It is the same: confirm" not in desk.get(page_of(request)).content.decode()


def test_assign_the_account(desk: Client, make_user: Callable[..., User], account: Account) -> None:
    request = add_request(make_user("who@unknown.example"), trouble="no_account")
    page = desk.get(page_of(request), {"account": "northwind"}).content.decode()
    assert "Assign to Northwind Freight" in page
    answer = act(desk, request, "account", account=account.pk)
    request.refresh_from_db()
    assert (request.account, request.trouble) == (account, "")
    assert "belongs to Northwind Freight now" in messages_of(answer)[0]


def test_choose_the_opportunity(desk: Client, maya: User, account: Account) -> None:
    request = add_request(maya, intent="expand")
    now = timezone.now()
    mine = Opportunity.objects.create(
        salesforce_id="006A", account=account, name="Second plant", refreshed_at=now
    )
    elsewhere = Opportunity.objects.create(
        salesforce_id="006B",
        account=Account.objects.create(salesforce_id="001X", name="Other", refreshed_at=now),
        name="Not theirs",
        refreshed_at=now,
    )
    page = desk.get(page_of(request)).content.decode()
    assert "Second plant" in page
    assert "Not theirs" not in page
    act(desk, request, "opportunity", opportunity=elsewhere.pk)
    request.refresh_from_db()
    assert request.opportunity is None
    act(desk, request, "opportunity", opportunity=mine.pk)
    request.refresh_from_db()
    assert request.opportunity == mine


def test_priority_points_are_set_and_given_back(desk: Client, request_: Submission) -> None:
    for typed, kept in (("9", 9), ("11", 9), ("", None)):
        act(desk, request_, "points", points=typed)
        request_.refresh_from_db()
        assert request_.points_override == kept


def test_try_again(desk: Client, maya: User) -> None:
    request = add_request(maya, trouble="gave_up", trouble_detail="three times", attempts=3)
    assert "Try again now" in desk.get(page_of(request)).content.decode()
    act(desk, request, "again")
    request.refresh_from_db()
    assert (request.trouble, request.attempts) == ("", 0)
    assert request.due_at is not None


def test_explain_why_it_was_closed(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    request = add_request(
        maya,
        decision="joined",
        decided_by_kind="person",
        decided_at=timezone.now(),
        issue=make_issue(is_closed=True),
        needs_reason=True,
    )
    act(desk, request, "explain", text="The team stopped work on this.")
    request.refresh_from_db()
    assert (request.needs_reason, request.reason) == (False, "The team stopped work on this.")


def test_two_people_decide_at_once_and_the_second_is_told(
    desk: Client,
    request_: Submission,
    make_issue: Callable[..., Issue],
    make_user: Callable[..., User],
) -> None:
    second = Client()
    second.force_login(make_user("jon@larkfield.example", name="Jon Abel", role=Role.TAM))
    issue, other = make_issue(), make_issue()
    act(desk, request_, "join", issue=issue.pk)
    events = Event.objects.count()
    told = act(second, request_, "join", issue=other.pk)
    assert "Already decided by Priya Natarajan" in messages_of(told)[0]
    told = act(second, request_, "decline", text="Long and careful words.")
    assert "Already decided by Priya Natarajan" in messages_of(told)[0]
    assert "Long and careful words." in told.content.decode()
    request_.refresh_from_db()
    assert (request_.issue, request_.decision) == (issue, "joined")
    assert Event.objects.count() == events


def test_words_that_were_refused_stay_on_the_page(desk: Client, request_: Submission) -> None:
    act(desk, request_, "decline", text="First")
    answer = act(desk, request_, "ask", text="x" * 5_001)
    assert answer.redirect_chain == []
    assert "x" * 5_001 in answer.content.decode()


def test_a_button_in_the_queue_leads_back_to_the_queue_as_it_was(
    desk: Client, request_: Submission, make_issue: Callable[..., Issue]
) -> None:
    answer = act(desk, request_, "join", back="view%3Dchurn%26q%3Dpayment", issue=make_issue().pk)
    assert answer.redirect_chain == [(f"{QUEUE}?view=churn&q=payment", 302)]


def test_the_way_back_never_leads_outside(
    desk: Client, request_: Submission, make_issue: Callable[..., Issue]
) -> None:
    answer = act(
        desk, request_, "join", back="https%3A%2F%2Fevil.example%2F", issue=make_issue().pk
    )
    assert answer.redirect_chain[0][0].startswith(QUEUE)


def test_nothing_happens_by_looking(desk: Client, request_: Submission) -> None:
    address = reverse("admin:intake_submission_decide", args=[request_.pk, "create"])
    assert desk.get(address).status_code == 405
    assert desk.post(page_of(request_)).status_code == 405
    request_.refresh_from_db()
    assert request_.decision == "pending"


def test_an_act_nobody_knows_is_not_found(desk: Client, request_: Submission) -> None:
    assert act(desk, request_, "delete").status_code == 404


def test_every_button_carries_its_own_protection(maya: User, tam: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tam)
    request = add_request(maya)
    assert act(strict, request, "create").status_code == 403
    request.refresh_from_db()
    assert request.decision == "pending"


def test_a_withdrawn_request_takes_no_decision(desk: Client, maya: User) -> None:
    request = add_request(maya, withdrawn_at=timezone.now())
    assert "withdrawn" in messages_of(act(desk, request, "create"))[0]
    assert 'id="decide"' not in desk.get(page_of(request)).content.decode()
