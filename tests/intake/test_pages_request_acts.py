"""The status page: what its buttons do, and for whom."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from intake.actions import triage
from intake.domain.vocabulary import MailLevel, PublicState
from intake.models import Event, Follower, Issue, Submission
from intake.selectors.mail_link import sign_follower
from portal.models import User
from tests.intake.pages import at, read, refresh, sign_in, whole_form

POSTS = ["choose", "reply", "withdraw", "not_the_same", "follow", "confirm", "edit"]


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
