"""Mail: each follower learns of each change once, soon, and only as long as they may."""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

from intake.actions import triage
from intake.actions.follow import follow, set_mail_level
from intake.actions.submit import submit
from intake.actions.withdraw import withdraw
from intake.domain.draft import SubmissionDraft
from intake.domain.vocabulary import MailLevel
from intake.models import Delivery, Follower, Issue, Submission
from intake.pipeline.notify import find_due_followers, notify
from intake.pipeline.record import update_progress
from portal.models import Account, Membership, User

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Down(BaseEmailBackend):
    """Nobody answers."""

    def open(self) -> bool:
        raise ConnectionRefusedError


class Failing(EmailBackend):
    """Takes the connection; then `error` while sending, with or without keeping the mail."""

    def __init__(self, error: Exception, *, takes: bool = False) -> None:
        super().__init__()
        self.error, self.takes = error, takes

    def send_messages(self, messages: list[EmailMessage]) -> int:
        if self.takes:
            super().send_messages(messages)
        raise self.error


class Mailman:
    """Sends what is due at a moment; the clock is the test's."""

    def __init__(self) -> None:
        self.now = datetime.now().astimezone() + timedelta(seconds=5)
        self.backend: BaseEmailBackend = EmailBackend()

    def run(self, *, after: timedelta = timedelta(0)) -> list[EmailMessage]:
        self.now += after
        before = len(mail.outbox)
        for pk in find_due_followers(now=self.now):
            notify(Follower.objects.get(pk=pk), mail=self.backend, now=self.now)
        return mail.outbox[before:]


@pytest.fixture
def mailman() -> Mailman:
    return Mailman()


@pytest.fixture
def sent(maya: User, make_draft: Callable[..., SubmissionDraft]) -> Submission:
    return submit(make_draft(), by=maya)


@pytest.fixture
def issue(make_issue: Callable[..., Issue]) -> Issue:
    return make_issue(milestone="17.3")


@pytest.fixture
def heard(sent: Submission, mailman: Mailman) -> Submission:
    """The confirmation is out of the way."""
    mailman.run()
    return sent


def move(submission: Submission, mailman: Mailman, release: str, *, shipped: bool = False) -> None:
    """The issue moves by itself."""
    Issue.objects.update(milestone=release, is_closed=shipped, is_milestone_closed=shipped)
    update_progress(Submission.objects.get(pk=submission.pk), now=mailman.now)


def test_the_author_hears_that_it_arrived_and_then_of_the_first_change_at_once(
    sent: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    (received,) = mailman.run()
    assert received.subject == f"[{sent.reference}] Received: {sent.summary}"
    triage.join(sent, issue=issue, by=tam)
    (joined,) = mailman.run()
    assert joined.subject == f"[{sent.reference}] Scheduled for 17.3: {sent.summary}"
    assert mailman.run(after=HOUR) == []


def test_further_changes_of_a_day_come_together(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    triage.join(heard, issue=issue, by=tam)
    assert len(mailman.run()) == 1
    for release in ("17.4", "17.5", "17.6"):
        mailman.now += HOUR
        move(heard, mailman, release)
        assert mailman.run() == []
    assert mailman.run(after=20 * HOUR) == []
    (together,) = mailman.run(after=2 * HOUR)
    body = str(together.body)
    assert all(f"Scheduled for {release}" in body for release in ("17.4", "17.5", "17.6"))
    assert body.index("17.4") < body.index("17.5")
    assert together.subject.startswith(f"[{heard.reference}] Scheduled for 17.6")
    assert mailman.run(after=48 * HOUR) == []


def test_each_follower_but_the_one_who_did_it(
    heard: Submission, issue: Issue, tam: User, maya: User, account: Account,
    make_user: Callable[..., User], mailman: Mailman,
) -> None:  # fmt: skip
    colleague = make_user("li@northwind-freight.example")
    Membership.objects.create(user=colleague, account=account, basis=Membership.Basis.STAFF)
    follow(heard, user=colleague, by=maya)
    follow(heard, user=tam, by=tam)
    triage.join(heard, issue=issue, by=tam)
    assert sorted(message.to[0] for message in mailman.run()) == [colleague.email, maya.email]
    withdraw(heard, by=maya)
    assert sorted(message.to[0] for message in mailman.run(after=25 * HOUR)) == [
        colleague.email, tam.email
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "scheduled", "shipped"),
    [("every_change", 1, 1), ("only_shipped", 0, 1), ("never", 0, 0)],
)
def test_levels(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman, level: str, scheduled: int,
    shipped: int,
) -> None:  # fmt: skip
    set_mail_level(Follower.objects.get(), level)
    triage.join(heard, issue=issue, by=tam)
    assert len(mailman.run()) == scheduled
    mailman.now += 30 * HOUR
    move(heard, mailman, "17.3", shipped=True)
    assert len(mailman.run()) == shipped


def test_once_a_week_is_one_mail_on_monday(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    set_mail_level(Follower.objects.get(), MailLevel.WEEKLY)
    triage.join(heard, issue=issue, by=tam)
    move(heard, mailman, "17.4")
    assert mailman.run() == []
    mails = mailman.run(after=timedelta(days=8))
    assert len(mails) == 1
    assert Delivery.objects.filter(sent_at=None, due_at__isnull=False).count() == 0


def test_no_mail_is_no_mail_even_for_what_waited(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    triage.join(heard, issue=issue, by=tam)
    Follower.objects.update(level=MailLevel.NEVER)
    assert mailman.run(after=30 * HOUR) == []


def test_who_left_the_account_or_proved_no_address_hears_nothing(
    heard: Submission, issue: Issue, tam: User, maya: User, account: Account,
    make_user: Callable[..., User], mailman: Mailman,
) -> None:  # fmt: skip
    for name in ("left", "unproven", "barred", "stays"):
        user = make_user(f"{name}@northwind-freight.example")
        Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
        follow(heard, user=user, by=maya)
    Membership.objects.filter(user__email__startswith="left").update(is_confirmed=False)
    User.objects.filter(email__startswith="barred").update(is_active=False)
    User.objects.get(email__startswith="unproven").emailaddress_set.update(verified=False)
    triage.join(heard, issue=issue, by=tam)
    assert sorted(message.to[0] for message in mailman.run()) == [
        maya.email,
        "stays@northwind-freight.example",
    ]
    assert mailman.run(after=100 * HOUR) == []


def test_a_correction_follows_mail_that_went_out(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    triage.decline(heard, "We will not build this.", by=tam)
    mailman.run()
    triage.undo(heard, by=tam)
    (correction,) = mailman.run(after=25 * HOUR)
    assert "We took our decision back" in str(correction.body)
    assert "We will not build this." not in str(correction.body)


@pytest.mark.parametrize("days", [0, 1, 9])
def test_mail_that_cannot_go_now_goes_later(sent: Submission, mailman: Mailman, days: int) -> None:
    mailman.backend = Down()
    for _ in range(days * 24 * 2 + 3):
        assert mailman.run(after=timedelta(minutes=30)) == []
    mailman.backend = EmailBackend()
    assert len(mailman.run(after=HOUR)) == 1
    assert mailman.run(after=HOUR) == []


def test_changes_that_waited_for_the_mail_server_come_together(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    mailman.backend = Down()
    triage.join(heard, issue=issue, by=tam)
    mailman.run()
    move(heard, mailman, "17.4")
    mailman.run(after=HOUR)
    mailman.backend = EmailBackend()
    (one,) = mailman.run(after=HOUR)
    assert "Joined with" in str(one.body)
    assert "Scheduled for 17.4" in str(one.body)


def test_an_answer_that_never_came_is_the_same_mail_again(
    heard: Submission, issue: Issue, tam: User, mailman: Mailman
) -> None:
    """Taken by the server, or not: the second attempt has the same name and the same changes."""
    mailman.backend = Failing(smtplib.SMTPServerDisconnected("gone"), takes=True)
    triage.join(heard, issue=issue, by=tam)
    (first,) = mailman.run()
    move(heard, mailman, "17.4")
    mailman.backend = EmailBackend()
    (second,) = mailman.run(after=HOUR)
    assert second.extra_headers["Message-ID"] == first.extra_headers["Message-ID"]
    assert "now “Scheduled for 17.4”" not in str(second.body)
    assert mailman.run(after=HOUR) == []
    (third,) = mailman.run(after=24 * HOUR)
    assert third.extra_headers["Message-ID"] != first.extra_headers["Message-ID"]
    assert "Scheduled for 17.4" in str(third.body)


def test_a_crash_between_sending_and_marking_repeats_the_same_mail(
    sent: Submission, mailman: Mailman
) -> None:
    mailman.backend = Failing(KeyboardInterrupt(), takes=True)  # the worker dies
    with pytest.raises(KeyboardInterrupt):
        mailman.run()
    mailman.backend = EmailBackend()
    assert mailman.run(after=timedelta(minutes=1)) == []  # may still be under way
    mailman.run(after=timedelta(minutes=2))
    names = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(names) == 2
    assert len(set(names)) == 1


def test_two_workers_send_once(sent: Submission, mailman: Mailman) -> None:
    follower = Follower.objects.get()

    class Second(EmailBackend):
        def send_messages(self, messages: list[EmailMessage]) -> int:
            assert notify(follower, mail=EmailBackend(), now=mailman.now) == 0
            return super().send_messages(messages)

    mailman.backend = Second()
    assert len(mailman.run()) == 1


@pytest.mark.parametrize(("code", "mails"), [(550, 0), (452, 1)])
def test_a_full_mailbox_is_tried_again_and_one_that_is_not_there_is_not(
    sent: Submission, mailman: Mailman, code: int, mails: int
) -> None:
    mailman.backend = Failing(smtplib.SMTPRecipientsRefused({"x": (code, b"no")}))
    mailman.run()
    mailman.backend = EmailBackend()
    assert len(mailman.run(after=HOUR)) == mails


def test_somebody_who_stops_following_in_between(sent: Submission, mailman: Mailman) -> None:
    follower = Follower.objects.get()
    Follower.objects.all().delete()
    assert notify(follower, mail=EmailBackend(), now=mailman.now) == 0
