"""What a mail to a follower says: the news, the reason in its author's words, what is next."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from intake.domain.next_step import Outlook, tell_moment, tell_next
from intake.domain.timeline import tell
from intake.domain.wording import Wording
from intake.models import Event, EventKind, Follower, Submission
from intake.selectors.mail_link import sign_follower
from intake.selectors.wording import state_wording


@dataclass(frozen=True, slots=True)
class MailText:
    subject: str
    body: str
    unsubscribe_url: str


def write_mail(follower: Follower, events: list[Event], *, now: datetime) -> MailText:
    """One mail for all the changes in `events`, oldest first; at least one."""
    submission = Submission.objects.select_related("account").get(pk=follower.submission_id)
    wording = state_wording()
    state = wording[submission.public_state].for_release(submission.release)
    changes = [event for event in events if event.kind != EventKind.RECEIVED]
    unsubscribe_url = _find_mail_choice(follower)
    outlook = _look_ahead(submission)
    context = {
        "reference": submission.reference,
        "summary": submission.summary,
        "managed_account": _name_managed_account(submission, follower),
        "is_author": follower.user_id == submission.submitter_id,
        "state": state if changes else None,
        "changes": [_change(event, wording) for event in changes],
        "answer_by": tell_moment(outlook.answer_by),
        "next": tell_next(outlook, now=now),
        "url": _find_page(submission, follower),
        "unsubscribe_url": unsubscribe_url,
        "site_name": settings.SITE_NAME,
    }
    body = render_to_string("email/request.txt", context)
    subject = f"[{submission.reference}] {state.label if changes else 'Received'}: "
    return MailText(
        " ".join(f"{subject}{submission.summary}".split()), body.strip() + "\n", unsubscribe_url
    )


def _name_managed_account(submission: Submission, follower: Follower) -> str:
    """For the account's own TAM, who reads whose request it is; empty for everybody else."""
    account, reader = submission.account, follower.user_id
    if account is None or account.tam_id != reader or submission.submitter_id == reader:
        return ""
    return account.name


def _find_page(submission: Submission, follower: Follower) -> str:
    if _name_managed_account(submission, follower):
        page = reverse("admin:intake_submission_change", args=[submission.pk])
    else:
        page = reverse("intake:request", args=[submission.token])
    return settings.SITE_URL + page


def _find_mail_choice(follower: Follower) -> str:
    return settings.SITE_URL + reverse("intake:mail_level", args=[sign_follower(follower)])


def _look_ahead(submission: Submission) -> Outlook:
    return Outlook(
        state=submission.public_state,
        is_answered=submission.answered_at is not None,
        answer_by=submission.answer_by.astimezone(ZoneInfo(settings.TIME_ZONE)),
        review_on=submission.review_on,
    )


def _change(event: Event, wording: dict[str, Wording]) -> dict[str, str]:
    facts = dict(event.facts)
    if state := facts.get("state"):
        facts["state"] = wording[state].for_release(facts.get("release", "")).label
    return {"sentence": tell(event.kind, facts, for_customer=True), "text": event.text}
