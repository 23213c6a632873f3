"""Waking the workers once the row is written. A doorbell nobody hears loses nothing: the sweep
finds the row by its `due_at`."""

import logging

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

from intake.models import CustomerLink, Submission
from intake.tasks import deliver_mail, process_submission, read_webhooks, settle_link
from intake.tasks.demand import count_demand

logger = logging.getLogger(__name__)


def ring_for_submission(submission: Submission) -> None:
    transaction.on_commit(lambda: _ring(process_submission, submission.pk))


def ring_for_link(link: CustomerLink) -> None:
    transaction.on_commit(lambda: _ring(settle_link, link.pk))


def ring_for_mail() -> None:
    _ring(deliver_mail)


def ring_for_demand() -> None:
    _ring(count_demand)


def ring_for_webhooks() -> None:
    _ring(read_webhooks)


def _ring(task: "Task[..., None]", *arguments: int) -> None:
    try:
        task.delay(*arguments)
    except (OperationalError, OSError) as error:
        logger.warning("The broker is away (%s); the sweep will pick this up.", error)
