"""A managed account's technical account manager follows its requests by mail, from the start."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from intake.actions import triage
from intake.actions.submit import submit
from intake.domain.draft import OnBehalf, SubmissionDraft
from intake.models import Follower, Submission
from intake.pipeline.notify import find_due_followers, notify
from intake.pipeline.resolve import resolve
from portal.models import Account, Role, User
from tests.intake.pages import at
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeDraft = Callable[..., SubmissionDraft]


@pytest.fixture
def managed(account: Account, tam: User) -> Account:
    account.tam = tam
    account.arr = 7_777_777
    account.save()
    return account


def deliver(after: timedelta = timedelta(seconds=5)) -> list[EmailMessage]:
    now, before = datetime.now().astimezone() + after, len(mail.outbox)
    for pk in find_due_followers(now=now):
        notify(Follower.objects.get(pk=pk), mail=EmailBackend(), now=now)
    return mail.outbox[before:]


def by_reader(mails: list[EmailMessage]) -> dict[str, str]:
    return {message.to[0]: str(message.body) for message in mails}


def test_both_hear_that_it_arrived_each_in_their_own_words(
    maya: User, tam: User, managed: Account, make_draft: MakeDraft
) -> None:
    sent = submit(make_draft(), by=maya)
    mails = by_reader(deliver())
    assert set(mails) == {maya.email, tam.email}
    theirs = mails[tam.email]
    assert "Northwind Freight has sent a request." in theirs
    assert f"/admin/intake/submission/{sent.pk}/change/" in theirs
    assert f"Request {sent.reference}: {sent.summary}" in theirs
    assert "you are the technical account manager of Northwind Freight" in theirs
    assert "7777777" not in theirs.replace(",", "")
    assert "Your request has arrived." in mails[maya.email]
    assert "account manager" not in mails[maya.email]
    assert "/admin/" not in mails[maya.email]
    assert deliver() == []


def test_they_hear_of_later_changes_as_every_follower_does(
    maya: User, tam: User, managed: Account, make_draft: MakeDraft, make_user: Callable[..., User]
) -> None:
    sent = submit(make_draft(), by=maya)
    deliver()
    other = make_user("ada@larkfield.example", role=Role.ADMINISTRATOR)
    triage.decline(sent, "We will not build this.", by=other)
    mails = by_reader(deliver())
    assert "We will not build this." in mails[tam.email]
    assert "/admin/" in mails[tam.email]


def test_the_customer_reads_who_is_told(
    client: Client, maya: User, tam: User, managed: Account, make_draft: MakeDraft
) -> None:
    sent = submit(make_draft(), by=maya)
    client.force_login(maya)
    page = client.get(at("received", sent)).content.decode()
    assert "Your technical account manager Priya Natarajan is told as well." in page


@pytest.mark.parametrize("why", ["pool", "never signed in", "left", "stopped following"])
def test_nobody_is_promised_to_be_told_who_is_not(
    why: str, client: Client, maya: User, tam: User, managed: Account, make_draft: MakeDraft
) -> None:
    if why == "pool":
        Account.objects.update(tam=None)
    if why == "never signed in":
        tam.emailaddress_set.update(verified=False)
    if why == "left":
        User.objects.filter(pk=tam.pk).update(is_active=False)
    sent = submit(make_draft(), by=maya)
    if why == "stopped following":
        Follower.objects.filter(user=tam).delete()
    client.force_login(maya)
    page = client.get(at("received", sent)).content.decode()
    assert "account manager" not in page
    assert set(by_reader(deliver())) == {maya.email}


def test_a_tam_who_sent_it_themselves_reads_their_own_confirmation(
    tam: User, managed: Account, make_draft: MakeDraft, client: Client
) -> None:
    behalf = OnBehalf(managed.pk, "", "", None, "They said so.", "", tell_contact=False)
    sent = submit(make_draft(on_behalf=behalf), by=tam)
    mails = by_reader(deliver())
    assert set(mails) == {tam.email}
    assert "Your request has arrived." in mails[tam.email]
    client.force_login(tam)
    assert "is told as well" not in client.get(at("received", sent)).content.decode()


def test_an_account_that_is_found_later_has_its_tam_told_then(
    maya: User, tam: User, managed: Account, make_wish: Callable[..., Submission]
) -> None:
    wish = make_wish(None, account=None, stage="matched")
    wish.events.create(kind="received", at=NOW, actor=maya, is_public=True)
    for _ in range(2):
        resolve(wish, salesforce=ask_nobody, now=NOW)
    (told,) = deliver(after=timedelta(days=3))
    assert told.to == [tam.email]


def test_moved_to_another_account_the_next_tam_takes_over(
    maya: User,
    tam: User,
    managed: Account,
    make_draft: MakeDraft,
    make_user: Callable[..., User],
) -> None:
    sent = submit(make_draft(), by=maya)
    deliver()
    other_tam = make_user("other@larkfield.example", role=Role.TAM)
    other = Account.objects.create(
        salesforce_id="001X", name="Quillbrook", tam=other_tam, refreshed_at=NOW
    )
    administrator = make_user("ada@larkfield.example", role=Role.ADMINISTRATOR)
    triage.assign_account(sent, account=other, by=administrator)
    mails = by_reader(deliver())
    assert "Quillbrook has sent a request." in mails[other_tam.email]
    assert tam.email not in mails
    assert set(Follower.objects.values_list("user", flat=True)) == {maya.pk, other_tam.pk}


def test_the_triage_page_of_the_mail_opens_for_that_tam(
    client: Client, maya: User, tam: User, managed: Account, make_draft: MakeDraft
) -> None:
    sent = submit(make_draft(), by=maya)
    client.force_login(tam)
    address = reverse("admin:intake_submission_change", args=[sent.pk])
    assert client.get(address).status_code == 200


def ask_nobody() -> object:
    raise AssertionError("Salesforce was asked")
