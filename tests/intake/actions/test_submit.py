"""Submitting: accepted once, by whoever may, whatever else is away."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from intake.actions.drafts import adopt_draft, save_draft
from intake.actions.refusals import NotAllowed, TooMany
from intake.actions.submit import submit
from intake.domain.draft import AttachmentDraft, OnBehalf, SubmissionDraft
from intake.models import Attachment, Delivery, EventKind, Issue, SavedDraft, Submission
from intake.models.submission import make_reference
from intake.selectors.visibility import visible_submissions
from portal.celery import app
from portal.models import Account, Membership, Opportunity, User
from tests.intake.actions.conftest import Together
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeDraft = Callable[..., SubmissionDraft]
MakeUser = Callable[..., User]


def behalf_of(account: Account, **fields: Any) -> OnBehalf:
    values = {
        "account_id": account.pk,
        "contact_name": "Maya",
        "contact_email": "maya@northwind-freight.example",
        "opportunity_id": None,
        "customer_words": "We need it.",
        "internal_note": "Renewal talk next week.",
        "tell_contact": False,
    }
    return OnBehalf(**values | fields)


def test_a_request_is_a_row_an_event_a_mail_and_work_for_the_worker(
    maya: User, account: Account, make_draft: MakeDraft
) -> None:
    before = timezone.now()
    submission = submit(make_draft(), by=maya)
    assert submission.account == account
    assert submission.reference.startswith("R-")
    assert submission.due_at is not None
    assert before < submission.answer_by <= before + timedelta(days=5)
    assert [event.kind for event in submission.events.all()] == [EventKind.RECEIVED]
    assert [delivery.follower.user for delivery in Delivery.objects.all()] == [maya]


def test_the_same_form_again_is_the_same_request(maya: User, make_draft: MakeDraft) -> None:
    draft = make_draft()
    assert submit(draft, by=maya) == submit(replace(draft, text=draft.text), by=maya)
    assert (Submission.objects.count(), Delivery.objects.count()) == (1, 1)


def test_somebody_elses_form_token_is_a_request_of_ones_own(
    maya: User, make_user: MakeUser, make_draft: MakeDraft
) -> None:
    draft = make_draft(summary="The first one's words")
    first = submit(draft, by=maya)
    thief = make_user("thief@elsewhere.example")
    second = submit(draft, by=thief)
    assert second != first
    assert second.submitter == thief
    assert list(visible_submissions(thief)) == [second]
    assert submit(draft, by=thief) == second


def test_the_same_form_four_times_at_once_is_one_request(
    together: Together, maya: User, make_draft: MakeDraft
) -> None:
    draft = make_draft()
    found = together([lambda: submit(draft, by=maya)] * 4)
    assert len(found) == 4
    assert len({submission.pk for submission in found}) == 1
    assert (Submission.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_stranger_with_two_forms_at_once_still_has_one_request(
    together: Together, make_user: MakeUser, make_draft: MakeDraft
) -> None:
    stranger = make_user("new@somewhere.example")
    drafts = [make_draft(), make_draft(), make_draft()]
    results = together([partial(submit, draft, by=stranger) for draft in drafts])
    assert sum(isinstance(result, TooMany) for result in results) == 2
    assert Submission.objects.count() == 1


def test_a_reference_that_is_taken_is_drawn_again(
    maya: User, make_draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = submit(make_draft(), by=maya).reference
    drawn = iter([taken, taken, "R-ABCDEF"])
    field = Submission._meta.get_field("reference")
    monkeypatch.setattr(field, "_get_default", lambda: next(drawn))
    assert submit(make_draft(), by=maya).reference == "R-ABCDEF"


def test_references_say_nothing() -> None:
    drawn = {make_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert all(len(reference) == 8 and reference.isascii() for reference in drawn)


def test_whoever_belongs_nowhere_has_one_request(
    make_user: MakeUser, make_draft: MakeDraft
) -> None:
    stranger = make_user("new@somewhere.example")
    first = submit(make_draft(), by=stranger)
    assert first.account is None
    with pytest.raises(TooMany, match="already"):
        submit(make_draft(), by=stranger)
    assert Submission.objects.count() == 1


def test_waiting_for_a_tam_counts_as_belonging_nowhere(
    make_user: MakeUser, account: Account, make_draft: MakeDraft
) -> None:
    first = make_user("first@northwind-freight.example")
    Membership.objects.create(
        user=first, account=account, basis=Membership.Basis.DOMAIN, is_confirmed=False
    )
    assert submit(make_draft(), by=first).account is None
    with pytest.raises(TooMany):
        submit(make_draft(), by=first)


@pytest.fixture
def other(db: None) -> Account:
    return Account.objects.create(
        salesforce_id="001M000001FgVKlIAN", name="Quillbrook Press", refreshed_at=NOW
    )


def test_an_account_is_ones_own_or_refused(
    maya: User, other: Account, make_draft: MakeDraft
) -> None:
    with pytest.raises(NotAllowed):
        submit(make_draft(account_id=other.pk), by=maya)
    Membership.objects.create(user=maya, account=other, basis=Membership.Basis.STAFF)
    assert submit(make_draft(account_id=other.pk), by=maya).account == other
    assert submit(make_draft(), by=maya).account is None  # two: the worker asks


def test_only_colleagues_can_be_named(
    maya: User, make_user: MakeUser, account: Account, make_draft: MakeDraft
) -> None:
    colleague = make_user("li@northwind-freight.example")
    Membership.objects.create(user=colleague, account=account, basis=Membership.Basis.STAFF)
    outsider = make_user("out@elsewhere.example")
    sent = submit(make_draft(colleague_ids=(colleague.pk, 999_999)), by=maya)
    assert {follower.user for follower in sent.followers.all()} == {maya, colleague}
    with pytest.raises(NotAllowed):
        submit(make_draft(colleague_ids=(outsider.pk,)), by=maya)


def test_customers_submit_for_nobody_else(
    maya: User, account: Account, make_draft: MakeDraft
) -> None:
    with pytest.raises(NotAllowed):
        submit(make_draft(on_behalf=behalf_of(account)), by=maya)


def test_staff_submit_for_an_account_and_the_contact_hears_when_asked_to(
    submitter: User, maya: User, account: Account, make_draft: MakeDraft
) -> None:
    quiet = submit(make_draft(on_behalf=behalf_of(account)), by=submitter)
    assert (quiet.account, quiet.customer_words) == (account, "We need it.")
    assert {follower.user for follower in quiet.followers.all()} == {submitter}
    told = submit(make_draft(on_behalf=behalf_of(account, tell_contact=True)), by=submitter)
    assert {follower.user for follower in told.followers.all()} == {submitter, maya}


def test_a_contact_who_never_proved_the_address_hears_nothing(
    submitter: User, maya: User, account: Account, make_draft: MakeDraft
) -> None:
    maya.emailaddress_set.update(verified=False)
    told = submit(make_draft(on_behalf=behalf_of(account, tell_contact=True)), by=submitter)
    assert {follower.user for follower in told.followers.all()} == {submitter}


@pytest.mark.parametrize("wrong", ["account", "opportunity", "foreign opportunity"])
def test_what_staff_name_must_fit(
    submitter: User, account: Account, other: Account, make_draft: MakeDraft, wrong: str
) -> None:
    foreign = Opportunity.objects.create(
        salesforce_id="006D000000IqhSLIAZ", account=other, name="Roll-out", refreshed_at=NOW
    )
    behalf = {
        "account": behalf_of(account, account_id=999_999),
        "opportunity": behalf_of(account, opportunity_id=999_999),
        "foreign opportunity": behalf_of(account, opportunity_id=foreign.pk),
    }[wrong]
    with pytest.raises(NotAllowed):
        submit(make_draft(on_behalf=behalf), by=submitter)
    assert not Submission.objects.exists()


def test_this_is_my_request_joins_at_once_and_is_checked_by_a_person(
    maya: User, make_issue: Callable[..., Issue], make_draft: MakeDraft
) -> None:
    issue = make_issue(milestone="17.3")
    sent = submit(make_draft(chosen_issue_id=issue.pk), by=maya)
    assert (sent.decision, sent.decided_by_kind, sent.issue) == ("joined", "customer", issue)
    assert sent.checked_at is None
    assert (sent.public_state, sent.release) == ("scheduled", "17.3")
    assert Submission.objects.awaiting_triage().get() == sent


@pytest.mark.parametrize("hidden", [{"is_confidential": True}, {"is_gone": True}])
def test_a_hidden_issue_cannot_be_guessed(
    maya: User, make_issue: Callable[..., Issue], make_draft: MakeDraft, hidden: dict[str, bool]
) -> None:
    sent = submit(make_draft(chosen_issue_id=make_issue(**hidden).pk), by=maya)
    assert (sent.decision, sent.issue) == ("pending", None)


def test_files_are_kept_under_random_names_outside_what_is_served(
    maya: User, make_draft: MakeDraft, settings: Any
) -> None:
    content = io.BytesIO(b"%PDF-1.7 hello")
    content.read()  # somebody looked at it before
    files = (AttachmentDraft("../../etc/passwd.pdf", "application/pdf", 14, content),)
    sent = submit(make_draft(attachments=files), by=maya)
    kept = Attachment.objects.get(submission=sent)
    assert kept.name == "../../etc/passwd.pdf"
    assert kept.file.name.endswith(".bin")
    assert "passwd" not in kept.file.name
    assert kept.file.read() == b"%PDF-1.7 hello"
    assert str(settings.STATIC_ROOT) not in kept.file.path


def test_sending_clears_the_draft_of_that_form_only(maya: User, make_draft: MakeDraft) -> None:
    save_draft({"summary": ["x"]}, file_names=[], by=maya, is_on_behalf=False)
    kept = save_draft({"summary": ["y"]}, file_names=[], by=maya, is_on_behalf=True)
    submit(make_draft(), by=maya)
    assert list(SavedDraft.objects.all()) == [kept]


def test_a_person_has_one_draft_a_form_and_takes_over_a_rescued_one(maya: User) -> None:
    save_draft({"summary": ["old"]}, file_names=[], by=maya, is_on_behalf=False)
    save_draft({"summary": ["new"]}, file_names=["a.png"], by=maya, is_on_behalf=False)
    rescued = save_draft({"summary": ["typed"]}, file_names=[], by=None, is_on_behalf=False)
    assert rescued.expires_at - rescued.saved_at == timedelta(hours=24)
    assert adopt_draft("no such token", by=maya) is None
    assert adopt_draft(rescued.token, by=maya) == rescued
    assert adopt_draft(rescued.token, by=maya) is None
    mine = SavedDraft.objects.get(user=maya)
    assert mine.fields == {"summary": ["typed"]}


def test_a_rescued_draft_is_gone_after_a_day(maya: User) -> None:
    rescued = save_draft({}, file_names=[], by=None, is_on_behalf=False)
    SavedDraft.objects.update(expires_at=timezone.now())
    assert adopt_draft(rescued.token, by=maya) is None


def test_the_broker_may_be_away(
    maya: User,
    make_draft: MakeDraft,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:9/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)  # another test may have opened one
    with django_capture_on_commit_callbacks(execute=True):
        sent = submit(make_draft(), by=maya)
    assert Submission.objects.due(timezone.now()).get() == sent
    assert "The broker is away" in caplog.text


def test_the_same_words_again_within_the_hour_are_the_same_request(
    maya: User, make_draft: MakeDraft
) -> None:
    draft = make_draft()
    first = submit(draft, by=maya)
    assert submit(replace(draft, form_token=uuid4()), by=maya) == first
    assert submit(make_draft(), by=maya) != first


def test_the_same_words_later_are_another_request(maya: User, make_draft: MakeDraft) -> None:
    draft = make_draft()
    first = submit(draft, by=maya)
    Submission.objects.update(created_at=F("created_at") - timedelta(hours=2))
    assert submit(replace(draft, form_token=uuid4()), by=maya) != first
