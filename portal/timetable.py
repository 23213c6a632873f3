"""Periodic jobs: each runs once per interval, however many clocks ring for it."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from portal.actions.alert import raise_alert
from portal.gateways.errors import GatewayError, Misconfigured
from portal.models import Job
from portal.pipeline.doors import DoorShut

logger = logging.getLogger(__name__)


def run_job(name: str, work: Callable[[], object], *, every: timedelta, lease: timedelta) -> bool:
    """Do the work if it is due and nobody else has it; False when it was not ours to do.

    What is away outside is noted on the job and tried again next time; any other error is noted
    and raised, so that it is seen.
    """
    if not Job.objects.claim(name, now=timezone.now(), every=every, lease=lease):
        return False
    trouble = ""
    try:
        work()
    except DoorShut as error:
        trouble = str(error)
    except Misconfigured as error:
        trouble = str(error)
        raise_alert(error, now=timezone.now())
    except GatewayError as error:
        trouble = str(error)
        logger.warning("%s: %s", name, error)
    except BaseException as error:
        trouble = f"{type(error).__name__}: see the log"
        raise
    finally:
        Job.objects.finish(name, now=timezone.now(), trouble=trouble)
    return True
