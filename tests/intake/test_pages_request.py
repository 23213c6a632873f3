"""The status page: what it tells, and to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.vocabulary import Decision
from intake.models import (
    Attachment,
    CustomerLink,
    Demand,
    Event,
    EventKind,
    Issue,
    Submission,
)
from portal.models import Account, User
from tests.intake.pages import at, read, refresh, sign_in, whole_form

Make = Callable[..., Any]
GETS = ["request", "received", "edit"]


def test_the_page_runs_from_the_reference_to_the_reply(maya: User, sent: Submission) -> None:
    page = read(sign_in(maya), sent)
    parts = [
        sent.reference, sent.summary, 'class="steps"', "a person answers by", "Latest word from us",
        "What you asked for", "Blocker", "Issue 7 in a/b", "What has happened", "Your reply",
        "Who follows this", "Your mail", "Edit it", "Withdraw it", "Print this page",
    ]  # fmt: skip
    places = [page.index(part, page.index("<main")) for part in parts]
    assert places == sorted(places)


def test_the_latest_word_is_told_in_full(maya: User, tam: User, sent: Submission) -> None:
    triage.ask(sent, "Which folders?\nAll of them?", by=tam)
    page = read(sign_in(maya), sent)
    word = page[page.index("Latest word") : page.index("What you asked for")]
    assert "Which folders?\nAll of them?" in word
    assert "Waiting for you" in page
    assert "Priya" not in page
    assert 'href="#reply"' in page


def test_a_reason_is_told_and_ends_the_line(maya: User, tam: User, sent: Submission) -> None:
    triage.decline(sent, "Protected folders do this already.", by=tam)
    page = read(sign_in(maya), sent)
    assert "Protected folders do this already." in page
    assert "Confirmed by you" not in page
    assert "Edit it" not in page


def test_a_hidden_issue_is_only_tracked_internally(
    maya: User, tam: User, sent: Submission, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue("SENTINEL title", is_confidential=True, labels=["SENTINEL label"])
    triage.join(sent, issue=issue, by=tam)
    page = read(sign_in(maya), sent)
    assert "Tracked internally" in page
    assert "SENTINEL" not in page
    assert issue.web_url not in page


def test_a_public_issue_is_linked_with_how_many_ask(
    maya: User, tam: User, sent: Submission, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue("Limit approvals by path")
    for number in range(12):
        account = Account.objects.create(
            salesforce_id=f"0010000000000{number:02}AAA",
            name=f"SENTINEL {number}",
            arr=7777777,
            refreshed_at=timezone.now(),
        )
        link = CustomerLink.objects.create(issue=issue, account=account)
        Demand.objects.create(link=link, kind="retention", points=1)
    triage.join(sent, issue=issue, by=tam)
    page = read(sign_in(maya), sent)
    assert issue.web_url in page
    assert "10+ organisations" in page
    assert "SENTINEL" not in page
    assert "7777777" not in page


def test_staff_words_stay_with_staff(submitter: User, account: Account, maya: User) -> None:
    fields = whole_form(
        account_search="north",
        account=str(account.pk),
        customer_words="We need it.",
        internal_note="SENTINEL renewal at risk",
    )
    sign_in(submitter).post(reverse("intake:new_request_on_behalf"), fields)
    page = read(sign_in(maya), Submission.objects.get())
    assert "We need it." in page
    assert "SENTINEL" not in page


@pytest.mark.parametrize("name", GETS)
def test_a_foreign_request_does_not_exist(name: str, eve: User, sent: Submission) -> None:
    answer = sign_in(eve).get(at(name, sent))
    assert answer.status_code == 404
    assert sent.summary not in answer.content.decode()


def test_an_attachment_is_a_download_of_no_type(maya: User, eve: User) -> None:
    upload = SimpleUploadedFile("plan <1>.txt", b"<script>alert(1)</script>")
    sign_in(maya).post(reverse("intake:new_request"), whole_form() | {"attachments": upload})
    file = Attachment.objects.get()
    url = at("attachment", file.submission, file.pk)
    answer = sign_in(maya).get(url)
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert sign_in(eve).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_long_history_is_folded_at_the_same_cost(
    maya: User,
    tam: User,
    sent: Submission,
    make_issue: Callable[..., Issue],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    triage.ask(sent, "The very first word.", by=tam)
    triage.join(sent, issue=make_issue(milestone="17.3"), by=tam)
    Event.objects.bulk_create(
        Event(submission=sent, kind=EventKind.EDITED, at=timezone.now(), is_public=True)
        for _ in range(60)
    )
    client = sign_in(maya)
    with django_assert_max_num_queries(8):
        page = read(client, sent)
    history = page[page.index('id="history"') :]
    assert history.count("The request was edited.") == 10
    assert "The very first word." not in history
    assert "Scheduled for 17.3" in page
    whole = client.get(at("request", sent), {"history": "all"}).content.decode()
    assert whole.count("The request was edited.") == 60


def test_a_request_without_an_account_says_so(make_user: Make, make_draft: Make) -> None:
    stranger = make_user("new@unknown.example")
    sent = submit(make_draft(), by=stranger)
    assert "we will link it" in read(sign_in(stranger), sent)
    assert refresh(sent).decision == Decision.PENDING
