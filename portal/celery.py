"""The Celery application. The database remembers the work; Celery is only the doorbell."""

import multiprocessing
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_shutting_down
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# What rings, and how often (seconds). The rows themselves say what is due: a clock that rings
# twice, or from two machines, changes nothing.
TIMETABLE = {
    "intake.tasks.sweep": 5.0,
    "intake.tasks.refresh_index": 10.0,
    "intake.tasks.demand.count_demand": 10.0,
    "intake.tasks.mirror_issues": 60.0,
    "intake.tasks.demand.read_notes": 60.0,
    "portal.tasks.probe_doors": 60.0,
    "scoring.tasks.publish_labels": 60.0,
    "scoring.tasks.score": 60.0,
    "portal.tasks.refresh_salesforce": 120.0,
    "portal.tasks.find_contacts": 120.0,
    "intake.tasks.mirror_everything": 3600.0,
    "intake.tasks.drop_old_rows": 3600.0,
    "portal.tasks.tidy_up": 3600.0,
}

# Redis hands out what nobody waits for after what somebody does: a request that was just sent
# does not stand behind the reading of a tracker.
PROMPT = {"intake.tasks.sweep"}
BULK = {*TIMETABLE, "intake.tasks.embed_issues"} - PROMPT

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")  # the broker's address
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,  # a result backend would block requests while Redis is away
    task_time_limit=300,
    task_soft_time_limit=240,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    task_routes={task: {"queue": "celery", "priority": 6} for task in BULK},
    timezone="UTC",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 900,  # beyond the hard time limit
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,  # kombu's own value looks only every 100 s
        "socket_timeout": 5,  # without it a publish to a dead broker hangs for ever
        "socket_connect_timeout": 3,
        "health_check_interval": 10,
    },
    beat_scheduler="celery.beat:Scheduler",  # remembers nothing: the database does
    beat_schedule={
        task: {
            "task": task,
            "schedule": seconds,
            "options": {"expires": max(seconds, 30.0)},
        }
        for task, seconds in TIMETABLE.items()
    },
)
app.autodiscover_tasks()

# Shared with the processes that are forked later: long work looks at it and ends in order.
is_stopping = multiprocessing.Event()


@celeryd_init.connect
@beat_init.connect
def refuse_without_secret_key(**_: Any) -> None:
    """Celery logs what a receiver raises and goes on; only SystemExit ends it."""
    try:
        settings.SECRET_KEY  # noqa: B018  Django refuses an empty one the moment it is asked for
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@worker_shutting_down.connect
def tell_long_work(**_: Any) -> None:
    is_stopping.set()
