"""Starts everything in order: broker, sandbox, database, worker, beat, web, the copy of issues."""

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.demo.broker import make_broker
from portal.demo.browser import Browser, WebError
from portal.demo.processes import Child, Fleet, TooSlow
from portal.demo.report import Report
from portal.demo.static_files import keep_digest, start_collecting
from portal.demo.surroundings import HOST, MANAGE, Surroundings
from portal.sandbox.client import Sandbox
from portal.sandbox.spawn import build_arguments

CELERY = (sys.executable, "-m", "celery", "-A", "portal")
PROJECTS = "larkfield/platform,larkfield/internal"
TRACKER_PROJECT = "imported/issues"
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Order:
    """What to start with: the demo world, or a tracker's file less one issue."""

    tracker: Path | None = None
    withheld: str = ""

    @property
    def projects(self) -> str:
        return TRACKER_PROJECT if self.tracker else PROJECTS

    @property
    def new_issue_project(self) -> str:
        return TRACKER_PROJECT if self.tracker else PROJECTS.partition(",")[0]


def start_everything(
    fleet: Fleet, around: Surroundings, order: Order, report: Report, webhook_secret: str
) -> Sandbox:
    """Returns once the site answers and its issues are found. Raises ChildEnded, TooSlow, NoRedis.

    The terminal shows each part when it is ready, and a bar while issues are copied.
    """
    collect = start_collecting(fleet, around)
    if not os.environ.get("REDIS_URL"):
        with report.starting("redis"):
            start_broker(fleet)
    with report.starting("GitLab and Salesforce (sandbox)"):
        sandbox = start_sandbox(fleet, around, order, webhook_secret)
    with report.starting("database, people, accounts, issues"):
        fleet.run("seed", [*MANAGE, "seed_demo"], is_shown=True)
        if collect:
            fleet.finish(collect)
            keep_digest(around)
    with report.starting("worker, beat, web"):
        start_services(fleet, around)
    return sandbox


def start_broker(fleet: Fleet) -> None:
    broker = make_broker()
    child = fleet.start("redis", broker.command, tier="foundation", removes=broker.folder)
    fleet.update_environment({"REDIS_URL": broker.url})
    fleet.wait_for(child, "ready to accept connections", limit=10)


def start_sandbox(fleet: Fleet, around: Surroundings, order: Order, webhook_secret: str) -> Sandbox:
    command = build_arguments(
        world=True,
        issues=order.tracker,
        exclude_ids=(order.withheld,) if order.withheld else (),
        site_webhook=f"{around.site}/webhooks/gitlab/",
        webhook_secret=webhook_secret,
        public_key=around.public_key,
    )
    child = fleet.start("sandbox", command, tier="foundation")
    found = fleet.wait_for(child, r"^\{.*\}$", limit=60)
    addresses = json.loads(found[0])
    fleet.update_environment(
        {
            "GITLAB_URL": addresses["gitlab"],
            "GITLAB_PROJECTS": order.projects,
            "GITLAB_NEW_ISSUE_PROJECT": order.new_issue_project,
            "SALESFORCE_ENDPOINT": addresses["salesforce"],
        }
    )
    return Sandbox(addresses["gitlab"], addresses["salesforce"], addresses["control"])


def start_services(fleet: Fleet, around: Surroundings) -> None:
    worker = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"]
    beat = [*CELERY, "beat", "--loglevel", "INFO", "--pidfile="]
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST]
    web += ["--port", str(around.port), "--workers", "1", "--no-ws", "portal.wsgi:application"]
    children = [
        (fleet.start("worker", worker), r"worker\S* ready|ready\.$"),
        (fleet.start("beat", beat), "beat: Starting"),
    ]
    serving = fleet.start("web", web)
    for child, words in children:
        fleet.wait_for(child, words, limit=60)
    wait_for_site(fleet, serving, around.site)


def wait_for_site(fleet: Fleet, serving: Child, site: str, limit: float = 60.0) -> None:
    """Raises ChildEnded, TooSlow."""
    browser = Browser(site)
    deadline = time.monotonic() + limit
    while not answers(lambda: browser.get("/healthz").status == 200):
        fleet.check()
        if time.monotonic() > deadline:
            raise TooSlow(f"The site did not answer within {limit:.0f} s (see {serving.log}).")
        time.sleep(PAUSE)


def answers(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except WebError:
        return False


def make_webhook_secret() -> str:
    return secrets.token_hex(24)  # never begins like an option
