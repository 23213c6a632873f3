"""The demo as a person starts it: the walk, the end by Ctrl-C, by `kill -9`, and a failing step."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.demo.processes import ROOT
from portal.demo.surroundings import HOST
from tests.journeys.database import own_database
from tests.journeys.running_portal import find_free_port
from tests.portal.watching import find_processes, wait_until

pytestmark = pytest.mark.xdist_group("demo")
UP = "Ctrl-C ends everything."
READY_LIMIT = 120.0  # the machine may be busy


class Demo:
    """One demo in a folder of its own, its words in a file."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.port = folder / "state", find_free_port()
        self.words = folder / "words"
        command = [sys.executable, "manage.py", "demo", "--port", str(self.port)]
        with self.words.open("wb") as words:
            self.process = subprocess.Popen(
                [*command, "--state", str(self.folder), *options],
                cwd=ROOT,
                env=os.environ,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def read(self) -> str:
        return self.words.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.read() or self.process.poll() is not None, READY_LIMIT)
        assert words in self.read(), self.read()

    def find_processes(self) -> list[str]:
        """Those of this demo alone: its folder is in the environment of each."""
        return find_processes(f"STATE_DIR={self.folder}")


@pytest.fixture(autouse=True)
def own_services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The services' own run uses a database of its own; the usual one brings everything."""
    monkeypatch.delenv("STATE_DIR", raising=False)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    with own_database(os.environ.get("DATABASE_URL", "")) as url:
        if url:
            monkeypatch.setenv("DATABASE_URL", url)
        yield


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def test_the_walk_then_serving_then_ctrl_c(demo: Demo) -> None:
    demo.wait_for(UP)
    told = demo.read()
    assert "Require specific approvers when changes touch chosen paths ← the right one" in told
    assert f"http://{HOST}:{demo.port}/requests/" in told
    assert "#note_" in told
    assert "notes of ours 1" in told
    assert "“Scheduled for 18.3”" in told
    assert "Joined with another request" in told
    assert "maya.lindqvist@northwind-freight.example" in told
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=15) == 0  # it aims at five; a busy machine takes longer
    assert demo.find_processes() == []


def test_kill_9_leaves_no_process(demo: Demo) -> None:
    demo.wait_for("ready after")
    assert len(demo.find_processes()) >= 8
    demo.process.kill()
    demo.process.wait()
    wait_until(lambda: demo.find_processes() == [])


def write_tracker(path: Path, second_report: str) -> Path:
    """Thirty wishes; the last is said to repeat the first and shares no word with it."""
    first = "Let a runner keep its cache between two builds of the same branch. " * 2
    rows: list[dict[str, Any]] = [
        {"id": "T-0", "kind": "Story", "title": "Keep the runner cache", "body": first}
    ]
    for number in range(1, 29):
        about = f"Widget{number} colour{number} panel{number}"
        rows.append({"id": f"T-{number}", "kind": "Story", "title": about, "body": about * 3})
    rows.append({"id": "T-29", "kind": "Story", "body": second_report, "duplicate_of": "T-0"})
    rows[-1]["title"] = "Widget3 colour3 panel3 is missing for us"
    for row in rows:
        row |= {"created_at": "2024-03-01T10:00:00Z", "duplicate_of": row.get("duplicate_of")}
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_step_that_fails_is_told_and_is_no_success(tmp_path: Path) -> None:
    other_words = "Widget3 colour3 panel3 is not there at all, says everybody in our office. " * 4
    tracker = write_tracker(tmp_path / "tracker.jsonl", other_words)
    demo = Demo(tmp_path, "--once", "--issues", str(tracker))
    assert demo.process.wait(timeout=READY_LIMIT) == 1
    assert "Copying issues of imported/issues: 29 issues" in demo.read()
    assert "“Keep the runner cache” is not among the" in demo.read()
    assert demo.find_processes() == []
