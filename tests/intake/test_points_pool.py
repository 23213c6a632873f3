"""The points pool on "my requests": whose requests count, and what stays out of it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from intake.models import CrosswalkVersion, CustomerLink, Issue, Submission
from portal.models import Account, Membership, User
from tests.intake.pages import sign_in
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db
HOME = reverse("intake:my_requests")
Ask = Callable[..., Submission]


@pytest.fixture
def ask(make_issue: Callable[..., Issue], account: Account) -> Ask:
    """A request that is joined with an issue of its own, unless one is given."""

    def make(by: User, urgency: str = "blocker", **fields: Any) -> Submission:
        asker = fields.pop("account", account)
        issue = fields.pop("issue", None) or make_issue()
        link, _ = CustomerLink.objects.get_or_create(issue=issue, account=asker)
        values = {
            "form_token": uuid4(), "submitter": by, "account": asker, "urgency": urgency,
            "summary": "Stop unreviewed changes", "problem": "Anybody can merge.",
            "intent": "retain", "decision": "joined", "decided_at": NOW, "issue": issue,
            "link": link, "answer_by": NOW, "created_at": NOW, "updated_at": NOW,
        }  # fmt: skip
        return Submission.objects.create(**values | fields)

    return make


def told(user: User, **query: str) -> str:
    page = sign_in(user).get(HOME, query).content.decode()
    _, mark, after = page.partition('<div class="notice plain stack tight">')
    return " ".join(after.partition("</div>")[0].split()) if mark else ""


def test_nine_of_eleven(maya: User, ask: Ask) -> None:
    for urgency in ["blocker"] * 9 + ["nice_to_have"] * 2:
        ask(maya, urgency)
    assert "You marked 9 of 11 requests as blockers: each counts about a ninth." in told(maya)


def test_colleagues_requests_share_the_weight(maya: User, ben: User, ask: Ask) -> None:
    ask(maya)
    ask(ben)
    for query in ({}, {"whose": "organisation"}):
        assert "Your organisation marked all 2 requests as blockers: each counts half." in told(
            maya, **query
        )


def test_what_does_not_count(
    maya: User, eve: User, ask: Ask, make_account: Callable[[str], Account],
    make_issue: Callable[..., Issue],
) -> None:  # fmt: skip
    for _ in range(3):
        ask(maya)
    ask(maya, "churn_risk", withdrawn_at=NOW)
    ask(maya, "churn_risk", decision="not_planned", link=None)
    ask(maya, "churn_risk", issue=make_issue(is_closed=True))
    ask(maya, "churn_risk", issue=make_issue(is_gone=True))
    ask(maya, "churn_risk", intent="expand")
    ask(maya, "churn_risk", link=None, decision="pending", decided_at=None)
    ask(eve, "churn_risk", account=make_account("Elsewhere"))
    assert "You marked all 3 requests as blockers: each counts a third." in told(maya)


def test_what_staff_set_or_found_is_not_told(
    maya: User, ask: Ask, make_issue: Callable[..., Issue], account: Account
) -> None:
    """An override, a label set by hand, a link that a TAM wrote into GitLab."""
    ask(maya, "nice_to_have", points_override=10)
    request = ask(maya, "nice_to_have")
    CustomerLink.objects.filter(pk=request.link_id).update(hand_set_points=9)
    CustomerLink.objects.create(issue=make_issue(), account=account, note_state="found")
    sentence = told(maya)
    assert "You marked all 2 requests as nice to have: each counts half." in sentence
    assert "48" not in sentence


def test_the_crosswalk_in_force_decides(maya: User, ask: Ask) -> None:
    first = CrosswalkVersion.objects.get()
    table = first.table | {"blocker": first.table["blocker"] | {"points": 2}}
    CrosswalkVersion.objects.create(number=2, table=table, created_at=NOW)
    ask(maya, "blocker")
    ask(maya, "nice_to_have")
    assert "1 of 2 requests as a blocker: it counts two thirds." in told(maya)


def test_two_accounts_are_two_pools(
    maya: User, ask: Ask, make_account: Callable[[str], Account]
) -> None:
    other = make_account("Southwind & Sons")
    Membership.objects.create(user=maya, account=other, basis=Membership.Basis.STAFF)
    for _ in range(2):
        ask(maya)
        ask(maya, "important", account=other)
    sentence = told(maya)
    assert "Northwind Freight marked all 2 requests as blockers: each counts half." in sentence
    assert "Southwind &amp; Sons marked all 2 requests as important" in sentence


def test_only_confirmed_members_and_no_staff(
    maya: User, tam: User, submitter: User, ask: Ask
) -> None:
    for _ in range(2):
        ask(maya)
        ask(submitter)
    Membership.objects.filter(user=maya).update(is_confirmed=False)
    assert told(maya) == told(tam) == told(submitter) == ""


def test_it_stands_on_the_first_page_alone(maya: User, ask: Ask) -> None:
    for _ in range(25):
        ask(maya)
    assert "one part in 25" in told(maya)
    assert told(maya, page="2") == ""


def test_it_costs_one_query_whatever_the_rows(
    maya: User, ask: Ask, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        ask(maya)
    client = sign_in(maya)
    with django_assert_max_num_queries(8):
        client.get(HOME)
