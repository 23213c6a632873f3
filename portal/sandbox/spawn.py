"""Starts the sandbox as a process of its own and hands over a handle on it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from portal.sandbox.client import Sandbox, SandboxError

ROOT = Path(__file__).resolve().parents[2]


def build_arguments(
    *,
    world: bool = False,
    issues: Path | None = None,
    exclude_ids: tuple[str, ...] = (),
    site_webhook: str = "",
    webhook_secret: str = "",
    public_key: Path | None = None,
    ports: tuple[int, int, int] = (0, 0, 0),
) -> list[str]:
    """The command line; `ports` are GitLab's, Salesforce's and the control port."""
    names = ("--gitlab-port", "--salesforce-port", "--control-port")
    arguments = [
        word for name, port in zip(names, ports, strict=True) for word in (name, str(port))
    ]
    arguments += ["--world"] if world else []
    arguments += ["--issues", str(issues)] if issues else []
    for excluded in exclude_ids:
        arguments += ["--exclude-id", excluded]
    if site_webhook:
        arguments += ["--site-webhook", site_webhook, "--webhook-secret", webhook_secret]
    arguments += ["--salesforce-public-key", str(public_key)] if public_key else []
    return [sys.executable, "-m", "portal.sandbox", *arguments]


def start_process(
    arguments: list[str], limit: float = 30.0
) -> tuple["subprocess.Popen[str]", Sandbox]:
    """Start and wait until it is ready. Raises SandboxError when it is not within `limit` s."""
    # The arguments come from build_arguments: our own interpreter and our own module.
    process = subprocess.Popen(  # noqa: S603
        arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    timer = Timer(limit, process.kill)
    timer.start()
    line = process.stdout.readline() if process.stdout else ""
    timer.cancel()
    if not line:
        process.kill()
        process.wait()
        raise SandboxError(f"the sandbox did not start (exit status {process.returncode})")
    addresses = json.loads(line)
    handle = Sandbox(addresses["gitlab"], addresses["salesforce"], addresses["control"])
    return process, handle


def stop_process(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


@contextmanager
def start_sandbox(
    *,
    world: bool = False,
    issues: Path | None = None,
    exclude_ids: tuple[str, ...] = (),
    site_webhook: str = "",
    webhook_secret: str = "",
    public_key: Path | None = None,
) -> Iterator[Sandbox]:
    """A sandbox on free ports for as long as the block runs."""
    arguments = build_arguments(
        world=world,
        issues=issues,
        exclude_ids=exclude_ids,
        site_webhook=site_webhook,
        webhook_secret=webhook_secret,
        public_key=public_key,
    )
    process, handle = start_process(arguments)
    try:
        yield handle
    finally:
        stop_process(process)
