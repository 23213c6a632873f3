"""The portal as it runs anywhere: web, worker, beat, Redis and the sandbox, each its own process.

Database and broker are the embedded ones, or those of DATABASE_URL and REDIS_URL; either way they
are nobody else's while the portal runs.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from portal.demo.mailbox import Mailbox
from portal.demo.processes import Fleet
from portal.demo.start import (
    Order,
    make_webhook_secret,
    start_sandbox,
    start_services,
)
from portal.demo.static_files import start_collecting
from portal.demo.surroundings import HOST, MANAGE, Surroundings, make_environment, prepare
from portal.sandbox.client import Sandbox
from tests.journeys.broker import make_own_broker
from tests.journeys.database import own_database
from tests.journeys.https import start_https

# After a write that may still arrive the portal waits this long before it looks again.
SOON = {"WRITE_DEADLINE_SECONDS": "5", "LATE_WRITE_SECONDS": "1"}
MANY = {"LIMIT_FACTOR": "100"}  # all journeys come from one machine


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class RunningPortal:
    """Everything at one address, `site`; `sandbox` is its GitLab and Salesforce."""

    def __init__(self, around: Surroundings, *, database: str) -> None:
        self.around = around
        self.site = around.site
        self.mailbox = Mailbox(around.mail)
        self.broker = make_own_broker(around.logs)
        self._secret = make_webhook_secret()
        self.fleet = Fleet(make_environment(around, self._secret), around.logs)
        self.fleet.update_environment({"REDIS_URL": self.broker.url, **SOON, **MANY})
        if database:
            self.fleet.update_environment({"DATABASE_URL": database})
        self.sandbox: Sandbox
        self._https = self._strict = ""

    def start(self) -> None:
        collect = start_collecting(self.fleet, self.around)
        self.broker.start()
        self.sandbox = start_sandbox(self.fleet, self.around, Order(), self._secret)
        self.fleet.run("seed", [*MANAGE, "seed_demo"])
        if collect:
            self.fleet.finish(collect)
        start_services(self.fleet, self.around)

    def start_https(self) -> str:
        """One more web process, with a certificate of its own making; its address."""
        if not self._https:
            port = find_free_port()
            start_https(self.fleet, self.around, port)
            self._https = f"https://{HOST}:{port}"
        return self._https

    def start_strict(self) -> str:
        """One more web process, which lets staff in with a second step only; its address."""
        if not self._strict:
            port = find_free_port()
            self._strict = f"http://{HOST}:{port}"
            usual = {"SITE_URL": self.site, "STAFF_SIGN_IN": "code"}
            strict = {"SITE_URL": self._strict, "STAFF_SIGN_IN": "strong"}
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST]
            command += ["--port", str(port), "--workers", "1", "--no-ws"]
            self.fleet.update_environment(strict)
            web = self.fleet.start("strict", [*command, "portal.wsgi:application"])
            self.fleet.update_environment(usual)
            self.fleet.wait_for(web, r"Started worker-1$")
        return self._strict

    def stop(self) -> None:
        self.fleet.stop()
        self.broker.stop()
        self.broker.forget()


@contextmanager
def run_portal(folder: Path) -> Iterator[RunningPortal]:
    """For as long as the block runs. Raises ChildEnded, TooSlow, NoRedis, CannotStart."""
    with ExitStack() as ending:
        around, lock = prepare(folder, find_free_port())
        ending.callback(os.close, lock)
        database = ending.enter_context(own_database(os.environ.get("DATABASE_URL", "")))
        running = RunningPortal(around, database=database)
        ending.callback(running.stop)
        running.start()
        yield running
