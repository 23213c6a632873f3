"""`python -m portal.sandbox`: start, print the addresses as one line of JSON, run until told."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from portal.sandbox.assembly import Options, Sandbox


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name in ("gitlab", "salesforce", "control"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--world", action="store_true", help="load the demo world")
    parser.add_argument(
        "--issues", type=Path, metavar="FILE", help="a tracker, .jsonl or .jsonl.gz"
    )
    parser.add_argument("--exclude-id", action="append", default=[], metavar="ID")
    parser.add_argument("--site-webhook", default="", metavar="URL", help="told of every change")
    parser.add_argument("--webhook-secret", default="")
    parser.add_argument("--salesforce-public-key", type=Path, metavar="PEM")


def read_options(found: argparse.Namespace) -> Options:
    key = found.salesforce_public_key
    return Options(
        gitlab_port=found.gitlab_port,
        salesforce_port=found.salesforce_port,
        control_port=found.control_port,
        world=found.world,
        tracker=found.issues,
        excluded=frozenset(found.exclude_id),
        site_webhook=found.site_webhook,
        webhook_secret=found.webhook_secret,
        public_key=key.read_text(encoding="ascii") if key else "",
    )


def run_sandbox(options: Options) -> None:
    """Serve until SIGTERM or SIGINT."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    addresses = Sandbox(options).start()
    sys.stdout.write(json.dumps(addresses) + "\n")
    sys.stdout.flush()
    told.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m portal.sandbox", description=__doc__)
    add_arguments(parser)
    run_sandbox(read_options(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
