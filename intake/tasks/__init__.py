"""The worker's side of the doorbell: load, call one pipeline function, say when to come back.

No task is trusted to arrive: every row with work to do carries `due_at`, and the sweep rings for
whatever is overdue.
"""

import logging
import socket
from datetime import datetime, timedelta
from functools import cache
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone

from intake.domain.vocabulary import Trouble
from intake.matching.errors import EmbeddingUnavailable, IndexHeld, IndexUnavailable
from intake.models import CustomerLink, Follower, SavedDraft, Submission, WebhookEvent
from intake.pipeline import outcome
from intake.pipeline.embed import update_vectors
from intake.pipeline.follow_issue import follow_changes
from intake.pipeline.hooks import handle_webhooks
from intake.pipeline.index import update_index
from intake.pipeline.lease import LeaseBusy
from intake.pipeline.mirror import mirror_project
from intake.pipeline.notify import find_due_followers, notify
from intake.pipeline.process import Tools, process, settle
from intake.pipeline.retention import drop_attachments, drop_lost_files
from intake.pipeline.wake_known import wake_known
from intake.selectors.finder import get_encoder, get_finder
from intake.tasks.demand import read_notes
from portal.actions.alert import raise_alert
from portal.celery import is_stopping
from portal.doors import open_gitlab, open_salesforce
from portal.gateways.errors import GatewayError, Misconfigured, Missing, Refused, Unavailable
from portal.pipeline.doors import DoorShut, is_shut
from portal.timetable import run_job

logger = logging.getLogger(__name__)

SWEEP_BATCH = 200
EMBED_SECONDS = 20
RING_LASTS = 60  # seconds; the next sweep rings again, and a long queue does not fill up with it
AWAY = {"gitlab": Trouble.GITLAB_AWAY, "salesforce": Trouble.SALESFORCE_AWAY}


@shared_task
def process_submission(pk: int) -> None:
    claimed = outcome.claim_submission(pk, now=timezone.now())
    if claimed is None:
        return
    submission = Submission.objects.select_related("submitter", "account", "issue__project").get(
        pk=pk
    )
    tools = Tools(get_finder, open_gitlab, open_salesforce, timezone.now)
    try:
        process(submission, tools)
    except LeaseBusy as busy:
        outcome.come_back(pk, claimed, at=busy.until)
    except IndexUnavailable as error:
        logger.warning("The search index is away: %s", error)
        outcome.leave_to_people(pk, claimed, now=timezone.now())
        refresh_index.delay()
    except GatewayError as error:
        _end_with(error, pk, claimed)
    else:
        outcome.end_orderly(pk, claimed)
    if trouble := get_finder().trouble:
        logger.warning("Searched by words alone: %s", trouble)
    deliver_mail.delay()


def _end_with(error: GatewayError, pk: int, claimed: datetime) -> None:
    now = timezone.now()
    if isinstance(error, Misconfigured) and not isinstance(error, DoorShut):
        raise_alert(error, now=now)
    if isinstance(error, Refused | Missing):
        outcome.ask_a_person(pk, claimed, _name_refusal(error), str(error))
        return
    retry_after = error.retry_after if isinstance(error, Unavailable) else timedelta(minutes=1)
    outcome.wait_for(pk, claimed, AWAY[error.service], now=now, retry_after=retry_after)


def _name_refusal(error: Refused | Missing) -> Trouble:
    if error.service == "salesforce":  # it was asked for the account
        return Trouble.NO_ACCOUNT
    return Trouble.ISSUE_GONE if isinstance(error, Missing) else Trouble.GITLAB_REFUSED


@shared_task
def settle_link(pk: int) -> None:
    """The note of one customer link, apart from any request: after an undo, an edit, a move."""
    link = CustomerLink.objects.select_related("issue__project", "account").filter(pk=pk).first()
    if link is None:
        return  # let go of meanwhile
    try:
        settle(link, gitlab=open_gitlab(), clock=timezone.now)
    except LeaseBusy:
        return  # the row says when to come back
    except DoorShut:
        return  # due as before; the sweep rings once it is open
    except Misconfigured as error:
        raise_alert(error, now=timezone.now())
    except GatewayError as error:
        logger.warning("Note of link %s: %s", pk, error)


@shared_task
def sweep() -> None:
    """Ring for everything that is overdue: lost messages, ended leases, services back again."""
    run_job("sweep", _sweep, every=timedelta(seconds=4), lease=timedelta(minutes=1))


def _sweep() -> None:
    now = timezone.now()
    wake_known(now=now)
    for pk in outcome.find_due(now=now, most=SWEEP_BATCH):
        process_submission.apply_async((pk,), expires=RING_LASTS)
    if not is_shut("gitlab"):
        links = CustomerLink.objects.due(now).order_by("due_at").values_list("pk", flat=True)
        for pk in links[:SWEEP_BATCH]:
            settle_link.apply_async((pk,), expires=RING_LASTS)
    if WebhookEvent.objects.filter(handled_at=None).exists():
        read_webhooks.delay()
    if find_due_followers(now=now):
        deliver_mail.delay()


@shared_task
def deliver_mail() -> None:
    """Send what is owed, one mail a follower."""
    due = find_due_followers(now=timezone.now())
    if not due:
        return
    mail = get_connection()
    for follower in Follower.objects.select_related("user").filter(pk__in=due[:SWEEP_BATCH]):
        notify(follower, mail=mail, now=timezone.now())


@shared_task
def mirror_issues() -> None:
    """What changed in GitLab since the last run."""
    run_job("mirror_issues", _mirror, every=timedelta(seconds=50), lease=timedelta(minutes=30))


@shared_task
def mirror_everything() -> None:
    """The nightly reading of every issue: what GitLab changed without saying so."""
    run_job(
        "mirror_everything",
        lambda: _mirror(everything=True),
        every=timedelta(hours=20),
        lease=timedelta(hours=2),
    )


def _mirror(*, everything: bool = False) -> None:
    """Each project by itself: one that is hidden from us is frozen, the others go on."""
    gitlab = open_gitlab()
    hidden: Missing | None = None
    for reference in settings.GITLAB_PROJECTS:
        try:
            mirror_project(reference, gitlab=gitlab, clock=timezone.now, everything=everything)
        except Missing as error:
            logger.error("Project %s cannot be seen any more: %s", reference, error)  # noqa: TRY400
            hidden = error
    for pk in follow_changes(gitlab=gitlab, clock=timezone.now):
        process_submission.delay(pk)
    read_notes.delay()
    refresh_index.delay()
    deliver_mail.delay()
    if hidden is not None:
        raise hidden


@shared_task
def read_webhooks() -> None:
    run_job("read_webhooks", _read_webhooks, every=timedelta(0), lease=timedelta(minutes=5))


def _read_webhooks() -> None:
    for pk in handle_webhooks(gitlab=open_gitlab(), clock=timezone.now):
        process_submission.delay(pk)
    read_notes.delay()
    refresh_index.delay()
    deliver_mail.delay()


@shared_task
def refresh_index() -> None:
    """Only one process a host writes its index; the others leave it to that one."""
    try:
        update_index(settings.INDEX_DIR, holder=f"worker on {socket.gethostname()}")
    except IndexHeld as error:
        logger.debug("%s", error)
    except IndexUnavailable as error:
        logger.warning("The search index cannot be written: %s", error)
    embed_issues.delay()


@shared_task
def embed_issues() -> None:
    """Sentence vectors of what is new, for a while at a time: other work waits behind it."""
    ends_at = monotonic() + EMBED_SECONDS
    try:
        is_done = update_vectors(
            settings.INDEX_DIR,
            get_encoder(),
            holder=f"worker on {socket.gethostname()}",
            is_over=lambda: monotonic() > ends_at or is_stopping.is_set(),
        )
    except IndexHeld as error:
        logger.debug("%s", error)
    except EmbeddingUnavailable as error:
        _warn_once(f"Issues are searched by words alone: {error}")
    else:
        if not is_done and not is_stopping.is_set():
            embed_issues.delay()


@cache
def _warn_once(trouble: str) -> None:
    """The clock rings every ten seconds; the log need not."""
    logger.warning(trouble)


@shared_task
def drop_old_rows() -> None:
    run_job("drop_old_rows", _drop_old_rows, every=timedelta(hours=20), lease=timedelta(hours=1))


def _drop_old_rows() -> None:
    now = timezone.now()
    SavedDraft.objects.filter(expires_at__lte=now).delete()
    WebhookEvent.objects.filter(handled_at__lte=now - timedelta(days=30)).delete()
    drop_attachments(before=now - settings.RETENTION_ATTACHMENTS)
    drop_lost_files(before=now - timedelta(days=1))
