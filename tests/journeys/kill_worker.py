"""A Celery worker that can be killed at named points and is back in a moment.

The process loads everything once and then forks one worker for each line it reads; the worker is
a process group of its own. What the wire shows (listing, a request sent, a write
committed) the sandbox holds by itself. What it does not show is reported here, from around the
product's functions, by asking the sandbox for an address that only says: this point is reached.
A held gate keeps that question waiting until the process is killed.
"""

import gc
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.db import transaction

from intake.domain import retry
from intake.models.customer_link import CustomerLinkQuerySet
from intake.pipeline import announce, outcome
from portal.celery import app
from portal.gateways.gitlab import GitLabGateway

PRELOADED = (
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.worker.components",
    "celery.worker.consumer",
    "celery.worker.strategy",
    "kombu.transport.redis",
)
POINT_PATH = "/kill-point/"


def report(point: str) -> None:
    url = os.environ["GITLAB_URL"] + POINT_PATH + point
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=30).close()
    except urllib.error.HTTPError:
        return  # there is nothing at that address, and nothing is needed


def shorten_waits() -> None:
    """What takes minutes in production takes seconds here; the order of things is the same."""
    outcome.PROCESS_LEASE = timedelta(seconds=2)
    retry.FIRST_WAIT = timedelta(seconds=1)
    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options,
        "visibility_timeout": 3,  # what a killed worker held is delivered again
        "unacked_restore_interval": 1,
    }


def watch_the_lease() -> None:
    """Before its transaction commits, and after."""
    claim = CustomerLinkQuerySet.claim

    def watched(self: CustomerLinkQuerySet, pk: int, **terms: Any) -> bool:
        with transaction.atomic():
            claimed = claim(self, pk, **terms)
            if claimed:
                report("before_lease")
        if claimed:
            report("after_lease")
        return claimed

    CustomerLinkQuerySet.claim = watched


def watch_the_answer_and_the_end() -> None:
    """With GitLab's answer in hand, before it is written down; and with all written, before the
    message is acknowledged."""
    wrap_after(GitLabGateway, "post_note", "answered")
    wrap_after(outcome, "end_orderly", "done")


def wrap_after(owner: Any, name: str, point: str) -> None:
    original: Callable[..., Any] = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        report(point)
        return result

    setattr(owner, name, wrapped)


def forget_to_look() -> None:
    """The protocol without its second step: post without listing first."""
    announce.find_notes = lambda link, gitlab: iter(())


def fork_worker() -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # the answers to the test are the parent's alone
    app.Worker(
        concurrency=2,
        loglevel="ERROR",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()
    os._exit(0)


def load_everything() -> None:
    """So that a fork has nothing left to import, check or collect."""
    for name in PRELOADED:
        import_module(name)
    app.loader.import_default_modules()
    app.finalize()
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    gc.collect()
    gc.freeze()


def main() -> None:
    shorten_waits()
    watch_the_lease()
    watch_the_answer_and_the_end()
    if os.environ.get("KILL_LOOK_FIRST") == "0":
        forget_to_look()
    load_everything()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(fork_worker(), flush=True)
