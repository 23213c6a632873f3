"""What staff see of the links that people left: on the triage page and in the admin."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from intake.models import CustomerLink, FoundLink, Issue, Submission
from portal.models import Account, Opportunity, User
from tests.intake.gitlab_desk import CLASSIC
from tests.intake.triage_desk import add_request, page_of
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

DEAL = "006Lf00000G4u1yIAB"
HINT = "This is an opportunity link"


@pytest.fixture
def issue(make_issue: Callable[..., Issue]) -> Issue:
    return make_issue()


@pytest.fixture
def request_on(maya: User, issue: Issue, client: Client, tam: User) -> Submission:
    client.force_login(tam)
    return add_request(
        maya, decision="joined", decided_by_kind="person", decided_at=timezone.now(), issue=issue
    )


@pytest.fixture
def deal(account: Account) -> Opportunity:
    return Opportunity.objects.create(
        account=account, salesforce_id=DEAL, name="Depot teams", refreshed_at=NOW
    )


def add_found(issue: Issue, salesforce_id: str = ACCOUNT_ID, **fields: object) -> FoundLink:
    values: dict[str, object] = {
        "counts_on": issue, "source": "note", "note_id": 77, "author_name": "Miles Abara",
        "points": 8, "updated_at": NOW,
    }  # fmt: skip
    return FoundLink.objects.create(issue=issue, salesforce_id=salesforce_id, **values | fields)


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_links_on_the_requests_issue_are_shown_with_who_wrote_them(
    client: Client, request_on: Submission, issue: Issue, account: Account
) -> None:
    assert "Links that people left" not in text_of(client, page_of(request_on))
    add_found(issue, account=account)
    page = text_of(client, page_of(request_on))
    assert "Links that people left on this issue" in page
    assert "<b>Northwind Freight</b>" in page
    assert "by Miles Abara" in page
    assert f"{issue.web_url}#note_77" in page
    assert HINT not in page


def test_a_link_to_an_opportunity_gets_a_hint(
    client: Client, request_on: Submission, issue: Issue, account: Account, deal: Opportunity
) -> None:
    add_found(issue, DEAL, account=account, opportunity=deal)
    page = text_of(client, page_of(request_on))
    assert f"{HINT} (Depot teams): ask Miles Abara to paste the account link" in page


def test_an_account_we_do_not_know_is_said_so(
    client: Client, request_on: Submission, issue: Issue
) -> None:
    add_found(issue)
    assert "An account we do not know yet" in text_of(client, page_of(request_on))


@pytest.mark.parametrize(("pasted", "is_hinted"), [(ACCOUNT_ID, False), (DEAL, True)])
def test_a_pasted_link_finds_the_account_and_an_opportunity_says_so(
    client: Client, request_on: Submission, deal: Opportunity, pasted: str, is_hinted: bool
) -> None:
    answer = client.get(page_of(request_on), {"account": f"{CLASSIC}/{pasted}"})
    assert [found.name for found in answer.context["found_accounts"]] == ["Northwind Freight"]
    assert (HINT in answer.content.decode()) == is_hinted


@pytest.mark.parametrize(
    ("hand_set", "override", "said"),
    [
        (None, None, "now 7, as answered; 1 to 10"),
        (9, None, "now 9, the priority set by hand in GitLab; answered: 7; 1 to 10"),
        (9, 2, "now 2, set by a TAM; answered: 7; in GitLab: 9; 1 to 10"),
    ],
)
def test_the_answer_the_label_and_the_override_are_all_shown(
    client: Client, request_on: Submission, issue: Issue, account: Account,
    hand_set: int | None, override: int | None, said: str,
) -> None:  # fmt: skip
    link = CustomerLink.objects.create(issue=issue, account=account, hand_set_points=hand_set)
    Submission.objects.update(link=link, points_override=override)
    assert said in text_of(client, page_of(request_on))


def test_the_admin_names_source_author_and_points(
    client: Client, tam: User, issue: Issue, account: Account
) -> None:
    client.force_login(tam)
    link = CustomerLink.objects.create(
        issue=issue, account=account, note_state="found", hand_set_points=8
    )
    add_found(issue, account=account)
    listed = text_of(client, reverse("admin:intake_customerlink_changelist"))
    assert '<td class="field-source">Comment</td>' in listed
    assert '<td class="field-author">Miles Abara</td>' in listed
    assert '<td class="field-hand_set_points">8</td>' in listed
    page = text_of(client, reverse("admin:intake_customerlink_change", args=[link.pk]))
    assert "by Miles Abara, 2026-11-23, priority 8" in page


def test_the_list_of_links_asks_a_fixed_number_of_questions(
    client: Client, tam: User, make_issue: Callable[..., Issue], account: Account,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client.force_login(tam)
    for _ in range(20):
        issue = make_issue()
        CustomerLink.objects.create(issue=issue, account=account, note_state="found")
        add_found(issue, account=account)
    with django_assert_max_num_queries(9):
        client.get(reverse("admin:intake_customerlink_changelist"))
