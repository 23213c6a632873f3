"""The words of a mail: the news, the reason, what is next; nothing of anybody else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.models import Delivery, Follower, Issue, StateWording, Submission
from intake.pipeline.mail_text import MailText, write_mail
from intake.pipeline.notify import notify
from intake.selectors.mail_link import find_follower
from portal.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return datetime.now().astimezone() + timedelta(seconds=5)


@pytest.fixture
def sent(maya: User, make_draft: Callable[..., SubmissionDraft]) -> Submission:
    return submit(make_draft(), by=maya)


def write(kind: str, now: datetime) -> MailText:
    delivery = Delivery.objects.filter(event__kind=kind).latest("pk")
    return write_mail(delivery.follower, [delivery.event], now=now)


def paragraphs(text: MailText) -> list[str]:
    return [" ".join(part.split()) for part in text.body.split("\n\n")]


def test_received(sent: Submission, now: datetime) -> None:
    text = write("received", now)
    assert text.subject == f"[{sent.reference}] Received: {sent.summary}"
    lines = text.body.splitlines()
    assert lines[0].startswith("Your request has arrived. A person reads it and answers by ")
    assert f"/requests/{sent.token}/" in text.body
    assert "You get this because you sent this request" in text.body


def test_the_news_then_the_reason_in_its_authors_words_then_what_is_next(
    sent: Submission, tam: User, now: datetime
) -> None:
    reason = 'It would break <audits> & "rules".\n\nUse folders instead.'
    triage.decline(sent, reason, by=tam)
    text = write("not_planned", now)
    assert text.subject.startswith(f"[{sent.reference}] Not planned: ")
    parts = paragraphs(text)
    assert parts[0] == "Not planned. We will not do this. The reason is below."
    assert parts[1] == "We decided not to do this."
    assert parts[2:4] == ['It would break <audits> & "rules".', "Use folders instead."]
    assert parts[4].startswith("What happens next: ")
    assert "\n\n\n" not in text.body


@pytest.mark.parametrize("state", ["asked", "possible", "joined"])
def test_every_mail_says_what_is_next(
    sent: Submission, tam: User, make_issue: Callable[..., Issue], now: datetime, state: str
) -> None:
    if state == "asked":
        triage.ask(sent, "How many of you?", by=tam)
        text, words = write("asked", now), ["Waiting for you", "How many of you?", "your answer"]
    elif state == "possible":
        triage.answer_possible(sent, "See the docs.", by=tam)
        text, words = (
            write("already_possible", now),
            ["Already possible", "See the docs.", "try it"],
        )
    else:
        triage.join(sent, issue=make_issue("SECRET title", is_confidential=True), by=tam)
        text, words = write("joined", now), ["Joined with another request", "look at it again by"]
    assert all(word in text.body for word in words)
    assert text.body.count("What happens next:") == 1


def test_nothing_internal_and_nothing_of_others_is_in_a_mail(
    sent: Submission, tam: User, make_issue: Callable[..., Issue], now: datetime
) -> None:
    issue = make_issue("SECRET title", iid=4711, is_confidential=True)
    Submission.objects.update(internal_note="SENTINEL note", trouble_detail="SENTINEL trouble")
    triage.join(sent, issue=issue, by=tam)
    text = write("joined", now)
    whole = f"{text.subject}\n{text.body}"
    for secret in ("SECRET", "4711", "SENTINEL", "Priya", "48000", "Great news", "ARR"):
        assert secret not in whole


def test_a_promise_that_has_passed_is_not_repeated(
    sent: Submission, make_issue: Callable[..., Issue], now: datetime, tam: User
) -> None:
    triage.ask(sent, "Really?", by=tam)
    Submission.objects.update(
        answer_by=now - timedelta(days=2), answered_at=None, public_state="under_review"
    )
    text = write("asked", now)
    assert "later than we said" in text.body


def test_the_wording_of_staff_is_used(sent: Submission, tam: User, now: datetime) -> None:
    StateWording.objects.create(state="not_planned", label="Not\nnow {release}", meaning="Sorry.")
    triage.decline(sent, "Because.", by=tam)
    text = write("not_planned", now)
    assert "Not now a later release" in text.subject
    assert "\n" not in text.subject


@pytest.mark.parametrize(
    "summary", ["Stop it\r\nBcc: all@x.example", "Stop\nX-Evil: 1\n\nbody", "Tab\tand\x0bfeed"]
)
def test_no_header_is_injected_by_a_summary(sent: Submission, now: datetime, summary: str) -> None:
    Submission.objects.update(summary=summary)
    assert notify(Follower.objects.get(), mail=EmailBackend(), now=now) == 1
    message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=default)
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["Subject"].startswith(f"[{sent.reference}] Received: ")


def test_headers_let_a_mail_program_end_the_mail(sent: Submission, now: datetime) -> None:
    notify(Follower.objects.get(), mail=EmailBackend(), now=now)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    address = headers["List-Unsubscribe"].strip("<>")
    signed = address.rstrip("/").rpartition("/")[2]
    assert address.endswith(reverse("intake:mail_level", args=[signed]))
    assert find_follower(signed) == Follower.objects.get()
    for wrong in (signed[:-1], signed + "x", "", "1"):
        with pytest.raises(Follower.DoesNotExist):
            find_follower(wrong)


def test_a_title_outside_ascii_arrives_whole(
    maya: User, make_draft: Callable[..., SubmissionDraft], now: datetime
) -> None:
    summary = "Übersicht aller Prüfungen für 東京 und 🚀 bitte"
    submit(make_draft(summary=summary), by=maya)
    notify(Follower.objects.get(), mail=EmailBackend(), now=now)
    message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=default)
    assert message["Subject"].endswith(summary)
