"""`make test`: the suite on the embedded parts, and again on PostgreSQL and Redis.

The second run needs both services on this machine. Where they do not answer it is left out and
said so; with PORTAL_REQUIRE_SERVICES=1 (as in CI) that is a failure.
"""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://root@127.0.0.1:5432/test")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=2):
            return True
    except OSError:
        return False


def run_suite(name: str, environment: dict[str, str], arguments: list[str]) -> int:
    print(f"\n=== The suite on {name} ===", flush=True)
    started = time.monotonic()
    workers = str(os.cpu_count() or 2)
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup"]
    code = subprocess.run(
        [*command, *arguments], env=os.environ | environment, check=False
    ).returncode
    print(f"=== {name}: exit {code} after {time.monotonic() - started:.0f} s ===", flush=True)
    return code


def main() -> int:
    arguments = sys.argv[1:]
    failed = run_suite("SQLite and the embedded Redis", {}, arguments)
    silent = [url for url in (POSTGRES, REDIS) if not answers(url)]
    if silent:
        print(f"Not run on PostgreSQL and Redis: nothing answers at {', '.join(silent)}.")
        return failed or int(os.environ.get("PORTAL_REQUIRE_SERVICES") == "1")
    services = {"DATABASE_URL": POSTGRES, "REDIS_URL": REDIS}
    return run_suite("PostgreSQL and Redis", services, arguments) or failed


if __name__ == "__main__":
    sys.exit(main())
