"""Everything on this machine with one command, and one request walked through it."""

import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo.broker import NoRedis
from portal.demo.browser import WebError
from portal.demo.child import PR_SET_PDEATHSIG, ask_kernel
from portal.demo.mailbox import Mailbox
from portal.demo.people import CUSTOMER, SUBMITTER, TAM
from portal.demo.processes import ROOT, ChildEnded, Fleet, TooSlow
from portal.demo.report import Report
from portal.demo.start import Order, make_webhook_secret, start_everything
from portal.demo.story import Story, tell_world_story
from portal.demo.surroundings import CannotStart, Surroundings, make_environment, prepare
from portal.demo.tracker import NoDuplicate, Withheld, choose_withheld, tell_tracker_story
from portal.demo.walk import StepFailed, Walk
from portal.sandbox.client import Sandbox, SandboxError

TROUBLE = (ChildEnded, TooSlow, StepFailed, NoRedis, WebError, SandboxError, LookupError)
PAUSE = 0.3
INTERRUPTED = 130  # as a shell says it of Ctrl-C


class Ended(BaseException):
    """Somebody asked the demo to end."""


class Command(BaseCommand):
    help = "Start everything on this machine, walk one request through it, then serve."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end after the walk")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--issues", type=Path, metavar="FILE", help="a tracker's issues, .jsonl or .jsonl.gz"
        )
        parser.add_argument("--state", type=Path, default=ROOT / ".demo", metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        report = Report()
        try:
            withheld = choose_withheld(options["issues"]) if options["issues"] else None
            around, lock = prepare(options["state"], options["port"])
        except (CannotStart, NoDuplicate, OSError, ValueError, KeyError) as error:
            raise CommandError(str(error)) from error
        status = Demo(around, report, options["issues"], withheld).run(
            is_once=options["once"], begun=begun
        )
        os.close(lock)
        raise SystemExit(status)


class Demo:
    """One run: its processes, its story, its end."""

    def __init__(
        self,
        around: Surroundings,
        report: Report,
        tracker: Path | None,
        withheld: Withheld | None,
    ) -> None:
        self.around, self.report = around, report
        self.tracker, self.withheld = tracker, withheld
        self.mailbox = Mailbox(around.mail)
        self.webhook_secret = make_webhook_secret()
        self.fleet = Fleet(make_environment(around, self.webhook_secret), around.logs)

    def run(self, *, is_once: bool, begun: float) -> int:
        """The exit status. Whatever happens, every process is stopped."""
        watch_signals()
        status = 1
        try:
            self.play(begun)
            status = 0
            if not is_once:
                self.serve()
        except TROUBLE as error:
            status = 1
            self.report.fail(f"\nThe demo failed. {error}")
        except Ended:
            status = status and INTERRUPTED  # once it serves, this is how it ends
        finally:
            ignore_signals()
            self.stop()
        return status

    def play(self, begun: float) -> None:
        self.report.head("Starting")
        withheld = self.withheld.id if self.withheld else ""
        order = Order(self.tracker.resolve() if self.tracker else None, withheld)
        sandbox = start_everything(self.fleet, self.around, order, self.report, self.webhook_secret)
        self.report.say(f"ready after {time.monotonic() - begun:.1f} s")
        self.report.head("\nOne request, all the way")
        Walk(
            site=self.around.site,
            mailbox=self.mailbox,
            sandbox=sandbox,
            story=self.tell_story(sandbox),
            report=self.report,
            check=self.fleet.check,
        ).go()
        self.report.head(f"\nThe walk is complete: {time.monotonic() - begun:.1f} s in all.")

    def tell_story(self, sandbox: Sandbox) -> Story:
        if self.withheld:
            return tell_tracker_story(self.withheld, sandbox)
        return tell_world_story(sandbox)

    def serve(self) -> None:
        """Until Ended. Mails are told as they come: there is no mail server to look into."""
        site = self.around.site
        self.report.head(f"\nServing {site}")
        for person, what in ((CUSTOMER, "customer"), (SUBMITTER, "submitter"), (TAM, "TAM")):
            self.report.fact(what, f"{person.email}  ({person.name})")
        self.report.say("Sign in with one of these addresses; the code appears here.")
        self.report.say(f"A TAM's work is at {site}/admin/intake/submission/")
        self.report.say(f"Mail is in {self.around.mail}, logs in {self.around.logs}.")
        self.report.say("Ctrl-C ends everything.")
        told = len(self.mailbox.read())
        while True:
            self.fleet.check()
            mails = self.mailbox.read()
            for mail in mails[told:]:
                code = f"   code {mail.code}" if mail.code else ""
                self.report.say(f"mail to {mail.to}: {mail.subject}{code}")
            told = len(mails)
            time.sleep(PAUSE)

    def stop(self) -> None:
        begun = time.monotonic()
        killed = self.fleet.stop()
        late = f" Killed: {', '.join(killed)}." if killed else ""
        self.report.head(f"\nEverything has ended ({time.monotonic() - begun:.1f} s).{late}")


def watch_signals() -> None:
    """Also where a shell started us in the background, with Ctrl-C switched off.

    Started by make, the demo ends with it: nobody else would tell us when make is killed.
    """
    if "MAKELEVEL" in os.environ:
        ask_kernel(PR_SET_PDEATHSIG, signal.SIGTERM)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_ended)


def ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def raise_ended(_number: int, _frame: FrameType | None) -> None:
    raise Ended
