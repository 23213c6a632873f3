"""`manage.py publish_labels` is killed again and again; GitLab ends up with what it should hold.

What counts is what the sandbox's GitLab holds in the end, not what any process says.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from portal.sandbox.client import Fault, Sandbox
from portal.sandbox.spawn import ROOT, start_sandbox
from tests.journeys.database import own_database
from tests.journeys.kill_rig import ask, end, make_environment, start_module

pytestmark = pytest.mark.xdist_group("kills")

ISSUES = 8
THEIRS = {"type::feature", "backlog"}
OURS = {"customer-priority-score::1", "customer-urgency::blocker", "customer-intent::retain"}
# An issue is about to be read; a write is sent and not done yet; done, and not answered yet.
POINTS = [("GET", "received"), ("PUT", "received"), ("PUT", "committed")]
NOWHERE = "redis://127.0.0.1:1/0"  # no message is sent here
_gates = count(1)


@dataclass
class Rig:
    sandbox: Sandbox
    environment: dict[str, str]
    clerk: "subprocess.Popen[str]"
    log: Path

    def tell(self, do: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(ask(self.clerk, json.dumps({"do": do})))
        return answer

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        switch = {"SCORE_LABELS": "off" if arguments else "on"}
        with self.log.open("ab") as words:
            return subprocess.Popen(
                [sys.executable, "manage.py", "publish_labels", *arguments],
                cwd=ROOT,
                env=self.environment | switch,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )

    def kill_at(self, method: str, phase: str, *arguments: str) -> None:
        """At the second issue that this run comes to; what is on its way arrives afterwards."""
        gate = f"label-{next(_gates)}"
        self.sandbox.hold(gate)
        where = {"service": "gitlab", "method": method, "path": r"/issues/\d+$", "nth": 2}
        self.sandbox.add_faults(Fault("hold", **where, parameters={"gate": gate, "phase": phase}))
        start = self.sandbox.last_seq()
        publisher = self.start(*arguments)
        try:
            self.sandbox.wait_held(gate, wait=120)
        except TimeoutError as late:
            raise AssertionError(self.log.read_text(encoding="utf-8")) from late
        finally:
            os.killpg(publisher.pid, signal.SIGKILL)
            publisher.wait()
            self.sandbox.release(gate)
        if method == "PUT":
            # The first and the held one; what was received is carried out, whoever listens.
            written = {"kind": "request", "method": "PUT", "phase": "committed"}
            while len(seen := self.sandbox.events(start, wait=5, **written)) < 2:
                assert seen, "nothing was written"
        self.sandbox.clear_faults()

    def labels(self) -> list[set[str]]:
        return [set(issue["labels"]) for issue in self.sandbox.issues(101)]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with ExitStack() as stack:
        database = stack.enter_context(own_database(os.environ.get("DATABASE_URL", "")))
        sandbox = stack.enter_context(start_sandbox())
        row = {"project_id": 101, "labels": sorted(THEIRS)}
        sandbox.seed({"issues": [row | {"title": f"Wish {n}"} for n in range(ISSUES)]})
        environment = make_environment(tmp_path, sandbox, NOWHERE, database)
        clerk = start_module("label_clerk", environment, tmp_path / "clerk.log")
        stack.callback(end, clerk)
        ask(clerk)
        rig = Rig(sandbox, environment, clerk, tmp_path / "publisher.log")
        rig.tell("lay_out")
        yield rig


@pytest.mark.parametrize("mode", [(), ("--take-back",)], ids=["publishing", "taking back"])
def test_killed_at_every_point_and_right_in_the_end(rig: Rig, mode: tuple[str, ...]) -> None:
    if mode:
        assert rig.start().wait(120) == 0
        assert rig.labels() == [THEIRS | OURS] * ISSUES
    for method, phase in POINTS:
        rig.kill_at(method, phase, *mode)
        rig.tell("pass_claims")
    assert rig.start(*mode).wait(120) == 0, rig.log.read_text()
    assert rig.labels() == [THEIRS if mode else THEIRS | OURS] * ISSUES
    held = 0 if mode else len(OURS) * ISSUES
    assert rig.tell("count") == {"ours": held, "unfinished": 0}
    start = rig.sandbox.last_seq()
    assert rig.start(*mode).wait(120) == 0
    assert rig.sandbox.events(start, service="gitlab") == []
