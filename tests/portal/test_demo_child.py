"""The keeper of one demo process: nothing it started outlives the demo."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.demo.processes import ROOT
from tests.portal.watching import is_running, wait_until

KEEPER = [sys.executable, "-m", "portal.demo.child"]

# A process with a child in a session of its own, as servers make them; both write their ids.
FAMILY = """
import os, subprocess, sys, time, pathlib
folder = pathlib.Path(sys.argv[1])
child = subprocess.Popen(["sleep", "300"], start_new_session=True)
(folder / "ids").write_text(f"{os.getpid()} {child.pid}\\n")
time.sleep(300)
"""
STUBBORN = FAMILY.replace("folder =", "import signal; signal.signal(15, signal.SIG_IGN); folder =")


def start_keeper(folder: Path, program: str = FAMILY) -> tuple[Any, list[int]]:
    command = [sys.executable, "-c", program, str(folder)]
    keeper = subprocess.Popen(
        [*KEEPER, "--remove", str(folder / "mine"), "--", *command],
        cwd=ROOT,
        stdin=subprocess.PIPE,
    )
    (folder / "mine").mkdir()
    ids = folder / "ids"
    wait_until(lambda: ids.exists() and ids.read_text().endswith("\n"))
    return keeper, [int(pid) for pid in ids.read_text().split()]


@pytest.mark.parametrize("program", [FAMILY, STUBBORN], ids=["willing", "stubborn"])
def test_all_are_killed_when_the_demo_is_gone(tmp_path: Path, program: str) -> None:
    keeper, family = start_keeper(tmp_path, program)
    assert keeper.stdin
    keeper.stdin.close()  # what the kernel does for a demo that was killed
    keeper.wait(timeout=5)
    assert not any(is_running(pid) for pid in family)
    assert not (tmp_path / "mine").exists()


def test_told_to_end_it_takes_grandchildren_along(tmp_path: Path) -> None:
    keeper, family = start_keeper(tmp_path)
    keeper.terminate()
    assert keeper.wait(timeout=5) == 128 + signal.SIGTERM
    assert not any(is_running(pid) for pid in family)


def test_the_process_dies_with_a_killed_keeper(tmp_path: Path) -> None:
    keeper, family = start_keeper(tmp_path)
    keeper.kill()
    keeper.wait(timeout=5)
    try:
        wait_until(lambda: not is_running(family[0]))
    finally:
        os.kill(family[1], signal.SIGKILL)


def test_its_exit_status_is_the_process_s_own() -> None:
    keeper = subprocess.Popen(
        [*KEEPER, "--", sys.executable, "-c", "exit(7)"], cwd=ROOT, stdin=subprocess.PIPE
    )
    assert keeper.wait(timeout=10) == 7
