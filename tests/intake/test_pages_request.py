"""The status page: what it tells, to whom, and what its buttons do."""

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
from intake.domain.draft import SubmissionDraft
from intake.domain.vocabulary import Decision, MailLevel, PublicState
from intake.models import (
    Attachment,
    CustomerLink,
    Demand,
    Event,
    EventKind,
    Follower,
    Issue,
    Submission,
)
from intake.selectors.mail_link import sign_follower
from portal.models import Account, Membership, User
from tests.intake.pages import sign_in, whole_form

Make = Callable[..., Any]


@pytest.fixture
def sent(maya: User, make_draft: Callable[..., SubmissionDraft]) -> Submission:
    return submit(make_draft(links=("https://gitlab.example/a/b/-/issues/7",)), by=maya)


@pytest.fixture
def ben(make_user: Callable[..., User], account: Account) -> User:
    user = make_user("ben@northwind-freight.example", name="Ben Okafor")
    Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
    return user


@pytest.fixture
def eve(make_user: Callable[..., User]) -> User:
    return make_user("eve@elsewhere.example", name="Eve")


def at(name: str, sent: Submission, *more: object) -> str:
    return reverse(f"intake:{name}", args=[sent.token, *more])


def read(client: Client, sent: Submission) -> str:
    return client.get(at("request", sent)).content.decode()


def refresh(sent: Submission) -> Submission:
    return Submission.objects.get(pk=sent.pk)


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


GETS = ["request", "received", "edit"]
POSTS = ["choose", "reply", "withdraw", "not_the_same", "follow", "confirm", "edit"]


@pytest.mark.parametrize("name", GETS)
def test_a_foreign_request_does_not_exist(name: str, eve: User, sent: Submission) -> None:
    answer = sign_in(eve).get(at(name, sent))
    assert answer.status_code == 404
    assert sent.summary not in answer.content.decode()


@pytest.mark.parametrize("name", POSTS)
def test_nobody_acts_on_a_foreign_request(name: str, eve: User, sent: Submission) -> None:
    before = Event.objects.count()
    assert sign_in(eve).post(at(name, sent), {"reply-text": "Hello"}).status_code == 404
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", sorted(set(POSTS) - {"edit"}))
def test_nothing_changes_by_get(name: str, maya: User, sent: Submission) -> None:
    assert sign_in(maya).get(at(name, sent)).status_code == 405


def test_a_reply_is_kept_and_shown(maya: User, tam: User, sent: Submission) -> None:
    triage.ask(sent, "Which folders?", by=tam)
    client = sign_in(maya)
    answer = client.post(at("reply", sent), {"reply-text": "All <b>payment</b> ones."})
    assert answer["Location"] == at("request", sent)
    page = read(client, sent)
    assert "All &lt;b&gt;payment&lt;/b&gt; ones." in page
    assert "Your reply is in." in page
    assert refresh(sent).public_state != PublicState.WAITING_FOR_YOU


def test_a_reply_that_is_refused_stays_in_its_box(maya: User, sent: Submission) -> None:
    client = sign_in(maya)
    page = client.post(at("reply", sent), {"reply-text": "x" * 5_001}).content.decode()
    assert "1 too many" in page
    assert "x" * 5_001 in page
    client.post(at("withdraw", sent))
    page = client.post(at("reply", sent), {"reply-text": "One more thing"}).content.decode()
    assert "One more thing" in page
    assert "error-summary" in page


def test_the_author_edits_and_others_do_not(maya: User, ben: User, sent: Submission) -> None:
    fields = whole_form(summary="Limit approvals by folder name", urgency="nice_to_have")
    client = sign_in(maya)
    assert f'value="{sent.summary}"' in client.get(at("edit", sent)).content.decode()
    assert client.post(at("edit", sent), fields).status_code == 302
    assert refresh(sent).summary == "Limit approvals by folder name"
    sign_in(ben).post(at("edit", sent), fields | {"summary": "Something else entirely"})
    assert refresh(sent).summary == "Limit approvals by folder name"


def test_an_edit_that_is_refused_keeps_the_text(maya: User, sent: Submission) -> None:
    page = sign_in(maya).post(at("edit", sent), whole_form(summary="short")).content.decode()
    assert 'value="short"' in page
    assert "at least 10 characters" in page


def test_withdrawing_ends_it_and_leaves_it_to_read(maya: User, sent: Submission) -> None:
    client = sign_in(maya)
    client.post(at("withdraw", sent))
    page = read(client, sent)
    assert refresh(sent).is_withdrawn
    assert "Withdrawn" in page
    assert "Your reply" not in page


def test_a_join_can_be_contested(
    maya: User, tam: User, sent: Submission, make_issue: Callable[..., Issue]
) -> None:
    triage.join(sent, issue=make_issue(), by=tam)
    client = sign_in(maya)
    assert "This is not the same thing" in read(client, sent)
    refused = client.post(at("not_the_same", sent), {"contest-text": " "}).content.decode()
    assert "what is different" in refused
    client.post(at("not_the_same", sent), {"contest-text": "Ours is about folders."})
    assert refresh(sent).contested_at
    assert "This is not the same thing</summary>" not in read(client, sent)


def test_after_shipping_the_customer_says_whether_it_helps(
    maya: User, tam: User, sent: Submission, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(milestone="17.2", is_milestone_closed=True, is_closed=True)
    triage.join(sent, issue=issue, by=tam)
    client = sign_in(maya)
    page = read(client, sent)
    assert "Shipped in 17.2" in page
    assert 'href="#shipped"' in page
    assert "one of the three" in client.post(at("confirm", sent)).content.decode()
    client.post(at("confirm", sent), {"outcome-outcome": "yes", "outcome-text": "Thank you"})
    assert refresh(sent).public_state == PublicState.CONFIRMED
    assert "Your answer so far: <strong>Yes</strong>" in read(client, sent)


def test_following_adding_and_choosing_how_much_mail(
    maya: User, ben: User, eve: User, sent: Submission
) -> None:
    client = sign_in(maya)
    client.post(at("follow", sent), {"action": "add", "person": ben.pk})
    assert Follower.objects.filter(submission=sent, user=ben).exists()
    client.post(at("follow", sent), {"action": "add", "person": eve.pk})
    assert not Follower.objects.filter(user=eve).exists()
    client.post(at("follow", sent), {"action": "level", "level": MailLevel.WEEKLY})
    assert Follower.objects.get(submission=sent, user=maya).level == MailLevel.WEEKLY
    client.post(at("follow", sent), {"action": "level", "level": "hourly"})
    assert Follower.objects.get(submission=sent, user=maya).level == MailLevel.WEEKLY
    client.post(at("follow", sent), {"action": "stop"})
    assert not Follower.objects.filter(submission=sent, user=maya).exists()
    client.post(at("follow", sent), {"action": "follow"})
    assert Follower.objects.filter(submission=sent, user=maya).exists()


def test_the_link_in_a_mail_changes_its_level_without_a_sign_in(
    client: Client, sent: Submission
) -> None:
    follower = Follower.objects.get(submission=sent)
    url = reverse("intake:mail_level", args=[sign_follower(follower)])
    assert sent.reference in client.get(url).content.decode()
    follower.refresh_from_db()
    assert follower.level == MailLevel.EVERY_CHANGE
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, {"level": "weekly"}).status_code == 302
    follower.refresh_from_db()
    assert follower.level == MailLevel.WEEKLY
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    follower.refresh_from_db()
    assert follower.level == MailLevel.NEVER
    assert client.get(f"{url[:-2]}/").status_code == 404


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
