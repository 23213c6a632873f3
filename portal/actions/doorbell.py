"""Waking the worker once a row is written. What nobody hears, the clock finds by the row itself."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.models import User

logger = logging.getLogger(__name__)


def ring_for_contact(user: User) -> None:
    """Somebody proved an address: let the worker ask Salesforce whose contact they are."""
    transaction.on_commit(lambda: _ring("portal.tasks.find_contact", user.pk))


def _ring(task: str, *arguments: int) -> None:
    try:
        app.signature(task, arguments).delay()  # by name: tasks stand above actions
    except (OperationalError, OSError) as error:
        logger.warning("The broker is away (%s); the clock will pick this up.", error)
