"""The queue: who is in it, in which order, why; and how many queries it takes."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.models import Event, Issue, Submission
from portal.models import Account, Opportunity, Role, User
from tests.intake.triage_desk import QUEUE, add_candidate, add_request, page_of, references

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, tam: User) -> Client:
    client.force_login(tam)
    return client


def test_the_queue_shows_words_candidates_account_and_reasons(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    request = add_request(maya)
    add_candidate(request, make_issue("Approval rules for one folder", iid=77, milestone="17.3"))
    page = desk.get(QUEUE).content.decode()
    for expected in (
        request.reference,
        "Stop unreviewed changes to our payment code",
        "Anybody in the team can merge",
        "Likely match",
        "#77",
        "Approval rules for one folder",
        "17.3",
        "both speak of “payment”",
        "Northwind Freight",
        "48,000",
        "Yellow",
    ):
        assert expected in page


def test_what_a_customer_wrote_is_never_markup(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    nasty = '<script>alert(1)</script> {{ 7|add:7 }} "><img src=x onerror=alert(2)>'
    request = add_request(maya, summary=nasty[:120], problem=nasty, links=["javascript:alert(3)"])
    add_candidate(request, make_issue(nasty, description=nasty), reasons=[nasty])
    Event.objects.create(submission=request, kind="replied", at=timezone.now(), text=nasty)
    for address in (QUEUE, page_of(request)):
        page = desk.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_order_is_breach_then_urgency_then_money_then_renewal(
    desk: Client, maya: User, account: Account
) -> None:
    now = timezone.now()
    other = Account.objects.create(
        salesforce_id="001D000000IqhSMIAZ", name="Small", arr=Decimal(10), refreshed_at=now
    )
    sooner = Account.objects.create(
        salesforce_id="001D000000IqhSNIAZ",
        name="Renews",
        arr=account.arr,
        renewal_on=now.date(),
        refreshed_at=now,
    )
    expected = [
        add_request(maya, urgency="nice_to_have", answer_by=now - timedelta(hours=1)),
        add_request(maya, urgency="churn_risk", account=other),
        add_request(maya, account=sooner),
        add_request(maya),
        add_request(maya, account=other),
        add_request(maya, account=None),
        add_request(maya, urgency="important"),
    ]
    assert references(desk.get(QUEUE)) == [request.reference for request in expected]


def test_the_queue_holds_what_needs_a_person_and_nothing_else(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    now = timezone.now()
    settled = {"decided_at": now, "decided_by_kind": "person", "checked_at": now}
    joined = {"decision": "joined", "issue": make_issue(), **settled}
    waiting = {
        "pending": add_request(maya),
        "check": add_request(maya, **joined | {"decided_by_kind": "customer", "checked_at": None}),
        "contested": add_request(maya, **joined, contested_at=now),
        "closed": add_request(maya, **joined, needs_reason=True),
        "stuck": add_request(maya, **joined, trouble="gitlab_refused"),
        "look again": add_request(maya, **joined, review_on=now.date()),
    }
    add_request(maya, **joined)
    add_request(maya, **settled, decision="not_planned")
    add_request(maya, withdrawn_at=now)
    shown = set(references(desk.get(QUEUE)))
    assert shown == {request.reference for request in waiting.values()}


def test_growth_with_several_opportunities_waits_for_a_choice(
    desk: Client, maya: User, account: Account, make_issue: Callable[..., Issue]
) -> None:
    now = timezone.now()
    request = add_request(
        maya,
        intent="expand",
        decision="joined",
        issue=make_issue(),
        decided_at=now,
        decided_by_kind="person",
        checked_at=now,
    )
    Opportunity.objects.create(salesforce_id="006A", account=account, name="One", refreshed_at=now)
    assert references(desk.get(QUEUE)) == []
    Opportunity.objects.create(salesforce_id="006B", account=account, name="Two", refreshed_at=now)
    answer = desk.get(QUEUE)
    assert references(answer) == [request.reference]
    assert "Choose the opportunity" in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "fields"),
    [
        ("breaching", {"answer_by": timezone.now() - timedelta(days=1)}),
        ("churn", {"urgency": "churn_risk"}),
        ("no-account", {"account": None}),
        ("waiting", {"asked_at": timezone.now()}),
    ],
)
def test_saved_views_narrow_the_queue(
    desk: Client, maya: User, view: str, fields: dict[str, object]
) -> None:
    add_request(maya)
    wanted = add_request(maya, **fields)
    answer = desk.get(QUEUE, {"view": view})
    assert references(answer) == [wanted.reference]
    counts = {each.key: each.count for each in answer.context["views"]}
    assert counts[view] == 1
    assert counts[""] == 2


def test_my_accounts_are_those_i_am_the_tam_of(
    desk: Client, tam: User, maya: User, account: Account
) -> None:
    add_request(maya, account=None)
    mine = add_request(maya)
    assert references(desk.get(QUEUE, {"view": "mine"})) == []
    Account.objects.filter(pk=account.pk).update(tam=tam)
    assert references(desk.get(QUEUE, {"view": "mine"})) == [mine.reference]


def test_decided_and_all_are_views_too(desk: Client, maya: User) -> None:
    now = timezone.now()
    pending = add_request(maya)
    decided = add_request(
        maya, decision="not_planned", decided_at=now, decided_by_kind="person", checked_at=now
    )
    assert references(desk.get(QUEUE, {"view": "decided"})) == [decided.reference]
    everything = set(references(desk.get(QUEUE, {"view": "all"})))
    assert everything == {pending.reference, decided.reference}


def test_a_request_is_found_by_its_reference(desk: Client, maya: User) -> None:
    wanted = add_request(maya)
    add_request(maya)
    assert references(desk.get(QUEUE, {"q": wanted.reference})) == [wanted.reference]


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Nothing waits for a person" in desk.get(QUEUE).content.decode()


def fill(maya: User, tam: User, make_issue: Callable[..., Issue], count: int) -> None:
    """Requests that all differ in what a row might look up."""
    for number in range(count):
        account = Account.objects.create(
            salesforce_id=f"001Q{Account.objects.count():011d}",
            name=f"Account {number}",
            tam=tam,
            refreshed_at=timezone.now(),
        )
        request = add_request(maya, account=account)
        for rank in range(1, 6):
            add_candidate(request, make_issue(f"Wish {number}.{rank}"), rank=rank)


def count_queries(desk: Client, address: str) -> int:
    desk.get(address)  # content types and the like are asked for once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    desk: Client, maya: User, tam: User, make_issue: Callable[..., Issue]
) -> None:
    fill(maya, tam, make_issue, 3)
    few = count_queries(desk, QUEUE)
    fill(maya, tam, make_issue, 20)
    assert count_queries(desk, QUEUE) == few
    assert few <= 12


def test_the_number_of_queries_of_one_request_does_not_grow(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    request = add_request(maya)
    add_candidate(request, make_issue())
    few = count_queries(desk, page_of(request))
    for rank in range(2, 12):
        add_candidate(request, make_issue(), rank=rank)
        Event.objects.create(
            submission=request, kind="replied", at=timezone.now(), actor=maya, actor_name="Maya"
        )
    assert count_queries(desk, page_of(request)) == few


def test_a_product_manager_works_the_same_queue(
    client: Client, maya: User, make_user: Callable[..., User]
) -> None:
    client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
    request = add_request(maya)
    assert references(client.get(QUEUE)) == [request.reference]


def test_a_request_that_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get(page_of(Submission(pk=987654))).status_code == 404
