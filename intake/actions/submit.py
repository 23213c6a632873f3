"""Submit a request: accepted the moment it is written here, whatever else is away."""

from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake.actions.doorbell import ring_for_mail, ring_for_submission
from intake.actions.refusals import NotAllowed, TooMany
from intake.actions.share import find_colleagues, name_readers
from intake.domain.business_calendar import promise_answer, read_holidays
from intake.domain.draft import AttachmentDraft, OnBehalf, RequestText, SubmissionDraft
from intake.domain.vocabulary import Decider, Decision, Sharing
from intake.models import (
    Attachment,
    Delivery,
    Event,
    EventKind,
    Follower,
    Issue,
    SavedDraft,
    Submission,
)
from intake.pipeline.record import record_event, update_progress
from intake.selectors.account_tam import find_account_tam
from intake.selectors.visibility import accounts_of, has_proven_address, is_colleague_of
from portal.actions.limit import count_attempt
from portal.domain.limits import SUBMIT, SUBMIT_ON_BEHALF
from portal.models import Account, Opportunity, User
from portal.selectors.accounts import nameable_accounts

ATTEMPTS = 3
SAME_WITHIN = timedelta(hours=1)


def submit(draft: SubmissionDraft, *, by: User, network: str | None = None) -> Submission:
    """One form, one row: sending the same form again returns the row it made, and so does the
    same text sent again within the hour, as after going back in the browser. `network` is where
    a page was sent from; only what comes from a page is held against the limits.

    Raises NotAllowed when the draft names an account, a colleague or an opportunity that is not
    the author's to name, TooMany when somebody without an account asks for a second time,
    OverLimit.
    """
    now = timezone.now()
    if known := _find_sent(draft, by) or _find_same_words(draft, by, now=now):
        return known
    failures = 0
    while True:
        try:
            with transaction.atomic():
                return _write(draft, by=by, network=network, now=now)
        except IntegrityError:  # the same form twice at once; or a reference drawn before
            failures += 1
            if known := _find_sent(draft, by):
                return known
            if failures == ATTEMPTS:
                raise


def _find_sent(draft: SubmissionDraft, by: User) -> Submission | None:
    return Submission.objects.filter(form_token=draft.form_token, submitter=by).first()


def _find_same_words(draft: SubmissionDraft, by: User, *, now: datetime) -> Submission | None:
    account = draft.on_behalf.account_id if draft.on_behalf else draft.account_id
    words = asdict(draft.text)
    del words["links"]  # a list in a JSON column; the rest says enough
    recent = Submission.objects.filter(submitter=by, created_at__gt=now - SAME_WITHIN)
    if account is not None:
        recent = recent.filter(account=account)
    return recent.filter(withdrawn_at=None, **words).first()


def _write(draft: SubmissionDraft, *, by: User, network: str | None, now: datetime) -> Submission:
    account = _choose_account(draft, by)
    if account is None:
        _limit_strangers(by)
    if network is not None:
        limit = SUBMIT_ON_BEHALF if draft.on_behalf else SUBMIT
        whose = account.pk if account else None
        count_attempt(limit, now=now, person=by.pk, account=whose, network=network)
    submission = _write_row(draft, account, by=by, now=now)
    received = record_event(submission, EventKind.RECEIVED, now=now, by=by, is_public=True)
    _add_people(submission, draft, by=by)
    _confirm_by_mail(submission, received, by=by, now=now)
    _attach(submission, draft.attachments, now=now)
    if draft.chosen_issue_id is not None:
        _join_chosen(submission, draft.chosen_issue_id, by=by, now=now)
    SavedDraft.objects.filter(user=by, is_on_behalf=draft.on_behalf is not None).delete()
    ring_for_submission(submission)
    return submission


def _write_row(
    draft: SubmissionDraft, account: Account | None, *, by: User, now: datetime
) -> Submission:
    row = Submission(form_token=draft.form_token, submitter=by, account=account)
    row.sharing, row.answer_by = draft.sharing, _promise(now)
    row.created_at = row.updated_at = row.due_at = now
    write_text(row, draft.text)
    if draft.on_behalf:
        _write_on_behalf(row, draft.on_behalf)
    row.save()
    return row


def _promise(now: datetime) -> datetime:
    holidays = read_holidays(settings.HOLIDAYS_FILE)
    return promise_answer(now, zone=ZoneInfo(settings.TIME_ZONE), holidays=holidays)


def write_text(submission: Submission, text: RequestText) -> None:
    """Copy what the customer wrote onto the row, unsaved."""
    submission.summary = text.summary
    submission.problem = text.problem
    submission.workaround = text.workaround
    submission.urgency = text.urgency
    submission.urgency_detail = text.urgency_detail
    submission.decide_by = text.decide_by
    submission.intent = text.intent
    submission.reach = text.reach
    submission.area = text.area
    submission.links = list(text.links)


def _choose_account(draft: SubmissionDraft, by: User) -> Account | None:
    """The account the request is for; None leaves it to the worker to find out."""
    if draft.on_behalf:
        named = nameable_accounts(by).filter(pk=draft.on_behalf.account_id).first()
        if named is None:
            raise NotAllowed
        return named
    own = accounts_of(by)
    if draft.account_id is not None:
        chosen = next((account for account in own if account.pk == draft.account_id), None)
        if chosen is None:
            raise NotAllowed
        return chosen
    return own[0] if len(own) == 1 else None


def _limit_strangers(by: User) -> None:
    """Whoever belongs to no account yet has one request until somebody knows them."""
    if by.is_staff or accounts_of(by):
        return
    User.objects.select_for_update().get(pk=by.pk)  # two forms at once count as two
    if Submission.objects.filter(submitter=by, withdrawn_at=None).exists():
        raise TooMany(
            "You have sent a request already. As soon as we know your organisation you can send "
            "more; until then, add to it on its page."
        )


def _write_on_behalf(submission: Submission, behalf: OnBehalf) -> None:
    submission.contact_name = behalf.contact_name
    submission.contact_email = behalf.contact_email
    submission.customer_words = behalf.customer_words
    submission.internal_note = behalf.internal_note
    if behalf.opportunity_id is not None:
        submission.opportunity = Opportunity.objects.filter(
            pk=behalf.opportunity_id, account=behalf.account_id
        ).first()
        if submission.opportunity is None:
            raise NotAllowed


def _add_people(submission: Submission, draft: SubmissionDraft, *, by: User) -> None:
    """Who hears of it, and who of them alone may read it."""
    colleagues = find_colleagues(submission, draft.colleague_ids)
    if draft.sharing == Sharing.ONLY_ME and colleagues:
        raise NotAllowed
    if draft.sharing == Sharing.NAMED:
        name_readers(submission, colleagues)
    followers = {person.pk: person for person in (by, *colleagues)}
    if tam := find_account_tam(submission.account):
        followers[tam.pk] = tam
    if draft.on_behalf and draft.on_behalf.tell_contact:
        contact = find_contact_user(draft.on_behalf.contact_email, submission.account)
        if contact:
            followers[contact.pk] = contact
    Follower.objects.bulk_create(
        Follower(submission=submission, user=user) for user in followers.values()
    )


def find_contact_user(email: str, account: Account | None) -> User | None:
    """The contact as a person of the portal: only a proven address of this account gets mail."""
    if not email or account is None:
        return None
    contact = User.objects.filter(email__iexact=email, is_active=True).first()
    if contact is None or not has_proven_address(contact):
        return None
    return contact if is_colleague_of(contact, account) else None


def _confirm_by_mail(submission: Submission, received: Event, *, by: User, now: datetime) -> None:
    """Everybody who follows from the start hears that it arrived, the author included."""
    Delivery.objects.bulk_create(
        Delivery(event=received, follower=follower, due_at=now)
        for follower in Follower.objects.filter(submission=submission)
    )
    transaction.on_commit(ring_for_mail)


def _attach(
    submission: Submission, attachments: tuple[AttachmentDraft, ...], *, now: datetime
) -> None:
    for attachment in attachments:
        row = Attachment(
            submission=submission,
            name=attachment.name[:200],
            content_type=attachment.content_type,
            size=attachment.size,
            created_at=now,
        )
        attachment.content.seek(0)
        row.file.save(attachment.name, File(attachment.content))


def _join_chosen(submission: Submission, issue_id: int, *, by: User, now: datetime) -> None:
    """The customer pressed "This is my request": it joins at once and a person checks it."""
    issue = Issue.objects.shown_to_customers().filter(pk=issue_id).first()
    if issue is None:  # hidden or gone since it was shown
        return
    submission.issue = issue
    submission.decision = Decision.JOINED
    submission.decided_by_kind = Decider.CUSTOMER
    submission.decided_by, submission.decided_at = by, now
    joined = record_event(
        submission,
        EventKind.JOINED,
        now=now,
        by=by,
        facts={"issue": f"#{issue.iid}"},
        is_public=True,
    )
    update_progress(submission, now=now, cause=joined)
