"""The demo's processes: an early death is told, the end is in order, `kill -9` leaves nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.demo import processes
from portal.demo.processes import ROOT, ChildEnded, Fleet, TooSlow
from tests.portal.watching import find_processes, wait_until

SLEEP = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(300)"]


def note_end(name: str, folder: Path) -> list[str]:
    """A process that writes its name into a file when it is told to end."""
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(folder / 'ended')!r}, 'a').write({name!r} + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(15, end)\n"
        "print('ready', flush=True)\n"
        "time.sleep(300)\n"
    )
    return [sys.executable, "-c", program]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(os.environ, tmp_path)
    yield made
    made.stop()


def test_an_early_death_is_told_with_the_last_words(fleet: Fleet) -> None:
    child = fleet.start("web", [sys.executable, "-c", "print('port is taken'); exit(3)"])
    with pytest.raises(ChildEnded, match=r"web ended with status 3[\s\S]*port is taken"):
        fleet.wait_for(child, "ready", limit=10)


def test_a_death_is_noticed_while_another_is_waited_for(fleet: Fleet) -> None:
    fleet.start("worker", [sys.executable, "-c", "exit(1)"])
    lasting = fleet.start("web", SLEEP)
    with pytest.raises(ChildEnded, match="worker"):
        fleet.wait_for(lasting, "never said", limit=10)


def test_what_is_never_ready_is_too_slow(fleet: Fleet) -> None:
    with pytest.raises(TooSlow, match="web was not ready"):
        fleet.wait_for(fleet.start("web", SLEEP), "never said", limit=0.1)


def test_an_errand_may_end_and_a_failed_one_is_told(fleet: Fleet) -> None:
    fleet.run("seed", [sys.executable, "-c", "pass"])
    fleet.check()
    with pytest.raises(ChildEnded, match="no such table"):
        fleet.run("seed", [sys.executable, "-c", "exit('no such table')"])


def test_services_end_before_what_they_stand_on(fleet: Fleet, tmp_path: Path) -> None:
    for name, tier in (("redis", "foundation"), ("worker", "services"), ("web", "services")):
        child = fleet.start(name, note_end(name, tmp_path), tier=tier)
        fleet.wait_for(child, "ready")
    assert fleet.stop() == []
    ended = (tmp_path / "ended").read_text().split()
    assert sorted(ended[:2]) == ["web", "worker"]
    assert ended[2:] == ["redis"]


def test_what_does_not_end_is_killed(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", {"services": 0.2})
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True)"
    child = fleet.start("worker", [sys.executable, "-c", f"{deaf}; time.sleep(300)"])
    fleet.wait_for(child, "ready")
    assert fleet.stop() == ["worker"]
    assert child.process.returncode is not None


def test_kill_9_of_the_demo_leaves_no_process(tmp_path: Path) -> None:
    """A whole family of three generations, in sessions of their own, under a killed demo."""
    mark = f"DEMO_MARK={tmp_path}"
    program = (
        "import os, pathlib, sys, time\n"
        "from portal.demo.processes import Fleet\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "fleet = Fleet({**os.environ}, folder)\n"
        "inner = \"import subprocess, time; subprocess.Popen(['sleep', '300'], "
        "start_new_session=True); print('ready', flush=True); time.sleep(300)\"\n"
        "for name in ('a', 'b'):\n"
        "    fleet.wait_for(fleet.start(name, [sys.executable, '-c', inner]), 'ready')\n"
        "print('up', flush=True)\n"
        "time.sleep(300)\n"
    )
    demo = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "DEMO_MARK": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    assert demo.stdout
    assert demo.stdout.readline() == b"up\n"
    assert len(find_processes(mark)) == 7  # itself, two keepers, two processes, two grandchildren
    demo.kill()
    demo.wait()
    demo.stdout.close()
    wait_until(lambda: find_processes(mark) == [])
