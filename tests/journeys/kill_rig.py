"""Everything around a worker that is killed: broker, database, sandbox, the clerk, the worker."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from portal.sandbox.client import Fault, Sandbox
from portal.sandbox.spawn import ROOT, start_sandbox
from tests.journeys.broker import EmbeddedRedis
from tests.journeys.database import own_database

OWN_DATABASE = 12  # of a shared Redis's sixteen
WRITE_DEADLINE, LATE_WRITE = 1, 3  # seconds: the lease is their sum
PHASES = {"listing": "listed", "sent": "received", "committed": "committed"}
POINTS = ("before_lease", "after_lease", "listing", "sent", "committed", "answered", "done")


def start_module(name: str, environment: dict[str, str], log: Path) -> "subprocess.Popen[str]":
    """A process that answers each line with a line."""
    code = f"import django; django.setup(); from tests.journeys.{name} import main; main()"
    with log.open("ab") as words:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            cwd=ROOT,
            env=environment,
        )


def ask(process: "subprocess.Popen[str]", line: str = "") -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    if line:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    assert answer, f"a process ended (status {process.poll()})"
    return answer


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


@dataclass
class Rig:
    """One portal without pages, for as long as a module's tests run."""

    sandbox: Sandbox
    environment: dict[str, str]
    folder: Path
    clerk: "subprocess.Popen[str]"

    def tell(self, do: str, **order: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(ask(self.clerk, json.dumps({"do": do, **order})))
        return answer

    @contextmanager
    def zygote(self, **environment: str) -> Iterator["Zygote"]:
        log = self.folder / "worker.log"
        process = start_module("kill_worker", self.environment | environment, log)
        zygote = Zygote(process)
        try:
            ask(process)
            yield zygote
        finally:
            zygote.kill()
            end(process)


class Zygote:
    """Has at most one worker."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._worker = 0

    def start(self) -> None:
        self._worker = int(ask(self._process, "start"))

    def kill(self) -> None:
        """The whole process group, without a word of warning."""
        if self._worker:
            os.killpg(self._worker, signal.SIGKILL)
            self._worker = 0


@contextmanager
def own_redis(logs: Path) -> Iterator[str]:
    shared = os.environ.get("REDIS_URL")
    if shared:
        url = f"{shared.rpartition('/')[0]}/{OWN_DATABASE}"
        redis.Redis.from_url(url).flushdb()
        yield url
        redis.Redis.from_url(url).flushdb()
        return
    embedded = EmbeddedRedis(logs)
    embedded.start()
    try:
        yield embedded.url
    finally:
        embedded.stop()
        embedded.forget()


def make_environment(
    folder: Path, sandbox: Sandbox, redis_url: str, database: str
) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "a key for the kill test only, long enough for every check of Django",
        "STATE_DIR": str(folder / "state"),
        "EMBEDDING_DIR": str(settings.EMBEDDING_DIR),
        "DATABASE_URL": database or f"sqlite:///{folder}/portal.sqlite3",
        "REDIS_URL": redis_url,
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "ERROR",
        "PORTAL_SANDBOX": "1",
        "GITLAB_URL": sandbox.gitlab_url,
        "GITLAB_TOKEN": "sandbox-token",
        "GITLAB_PROJECTS": "larkfield/platform",
        "SALESFORCE_DOMAIN": "larkfield.my",
        "SALESFORCE_ENDPOINT": sandbox.salesforce_url,
        "WRITE_DEADLINE_SECONDS": str(WRITE_DEADLINE),
        "LATE_WRITE_SECONDS": str(LATE_WRITE),
    }


@contextmanager
def build_rig(folder: Path, *, accounts: list[str], issues: int) -> Iterator[Rig]:
    with ExitStack() as stack:
        database = stack.enter_context(own_database(os.environ.get("DATABASE_URL", "")))
        redis_url = stack.enter_context(own_redis(folder))
        sandbox = stack.enter_context(start_sandbox())
        titles = [f"Wish number {number}" for number in range(1, issues + 1)]
        sandbox.seed({"issues": [{"project_id": 101, "title": title} for title in titles]})
        environment = make_environment(folder, sandbox, redis_url, database)
        clerk = start_module("kill_clerk", environment, folder / "clerk.log")
        stack.callback(end, clerk)
        rig = Rig(sandbox, environment, folder, clerk)
        ask(clerk)
        rig.tell("lay_out", accounts=accounts)
        yield rig


def plant_gates(sandbox: Sandbox) -> None:
    """One for each point, all open."""
    for point in POINTS:
        method, path = ("GET", f"/kill-point/{point}$")
        if point in PHASES:
            method, path = ("GET" if point == "listing" else "POST"), r"/notes$"
        parameters = {"gate": point, "phase": PHASES.get(point, "received")}
        sandbox.add_faults(
            Fault("hold", service="gitlab", method=method, path=path, parameters=parameters)
        )
