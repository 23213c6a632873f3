"""My requests: in groups, for me or my organisation, as a list and as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.domain.vocabulary import PublicState
from intake.models import Submission
from portal.models import Account, Membership, User
from tests.intake.pages import sign_in

HOME = reverse("intake:my_requests")
Send = Callable[..., Submission]


@pytest.fixture
def send(make_draft: Callable[..., SubmissionDraft]) -> Send:
    def make(
        by: User, summary: str, state: str = PublicState.RECEIVED, **fields: object
    ) -> Submission:
        sent = submit(make_draft(summary=summary), by=by)
        Submission.objects.filter(pk=sent.pk).update(public_state=state, **fields)
        return sent

    return make


@pytest.fixture
def eve(make_user: Callable[..., User]) -> User:
    user = make_user("eve@elsewhere.example")
    account = Account.objects.create(
        salesforce_id="001000000000009AAA", name="Elsewhere", refreshed_at=timezone.now()
    )
    Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
    return user


def test_groups_stand_in_the_order_that_matters(maya: User, send: Send) -> None:
    long_ago = timezone.now() - timedelta(days=200)
    send(maya, "Closed long before", PublicState.NOT_PLANNED)
    send(maya, "Shipped long before", PublicState.SHIPPED, updated_at=long_ago)
    send(maya, "Shipped just now", PublicState.SHIPPED, release="17.2")
    send(maya, "Open and received", PublicState.RECEIVED)
    send(maya, "Waiting for an answer", PublicState.WAITING_FOR_YOU)
    page = sign_in(maya).get(HOME).content.decode()
    order = [
        ">Waiting for you</h2>", "Waiting for an answer", ">Open</h2>", "Open and received",
        ">Shipped recently</h2>", "Shipped just now", ">Closed</h2>", "Closed long before",
    ]  # fmt: skip
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert page.index(">Closed</h2>") < page.index("Shipped long before")
    assert "Shipped in 17.2" in page


def test_mine_and_my_organisation_never_another_one(
    maya: User, ben: User, eve: User, send: Send
) -> None:
    send(maya, "A wish of Maya's own")
    send(ben, "A wish of Ben's own")
    send(eve, "A wish from elsewhere")
    client = sign_in(maya)
    mine = client.get(HOME).content.decode()
    ours = client.get(HOME, {"whose": "organisation"}).content.decode()
    assert "Maya&#x27;s own" in mine
    assert "Ben&#x27;s own" not in mine
    assert "Ben&#x27;s own" in ours
    assert "Ben Okafor" in ours
    assert "elsewhere" not in mine + ours


def test_the_filter_narrows_by_word_reference_and_state(maya: User, send: Send) -> None:
    send(maya, "Rotate the runner tokens")
    other = send(maya, "Export the audit trail", PublicState.WAITING_FOR_YOU)
    client = sign_in(maya)
    for narrow in ({"text": "AUDIT"}, {"text": other.reference}, {"state": "waiting_for_you"}):
        page = client.get(HOME, narrow).content.decode()
        assert "Export the audit trail" in page
        assert "Rotate the runner" not in page
    assert "Nothing fits this filter" in client.get(HOME, {"text": "zebra"}).content.decode()
    assert client.get(HOME, {"text": "a\0b", "state": "x", "page": "²"}).status_code == 200


def test_the_empty_page_teaches(maya: User) -> None:
    page = sign_in(maya).get(HOME).content.decode()
    assert "Limit who can approve a merge request by file path" in page
    assert reverse("intake:new_request") in page


def test_the_export_cannot_run_a_formula(maya: User, send: Send) -> None:
    for start in "=+-@":
        send(maya, f"{start}HYPERLINK of a summary")
    answer = sign_in(maya).get(reverse("intake:export"))
    assert answer["Content-Disposition"] == 'attachment; filename="requests.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Reference", "Request", "State"]
    assert len(rows) == 5
    assert all(row[1].startswith("'") for row in rows[1:])


def test_the_export_holds_what_the_list_shows(maya: User, ben: User, eve: User, send: Send) -> None:
    send(ben, "A wish of Ben's own")
    send(eve, "A wish from elsewhere")
    client = sign_in(maya)
    assert b"Ben" not in client.get(reverse("intake:export")).content
    ours = client.get(reverse("intake:export"), {"whose": "organisation"}).content
    assert b"Ben's own" in ours
    assert b"elsewhere" not in ours


def test_long_lists_come_in_pages_at_the_same_cost(
    maya: User, send: Send, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        send(maya, f"Wish number {number:02} of many")
    client = sign_in(maya)
    with django_assert_max_num_queries(8):
        first = client.get(HOME).content.decode()
    second = client.get(HOME, {"page": "2"}).content.decode()
    assert first.count('class="row"') == 20
    assert second.count('class="row"') == 10
    assert 'rel="prev"' in second
    assert "There is no page 3" in client.get(HOME, {"page": "3"}).content.decode()
