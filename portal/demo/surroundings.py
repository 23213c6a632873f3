"""What the demo's processes are given: a folder of their own, keys, and their environment."""

import fcntl
import os
import secrets
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

HOST = "127.0.0.1"
MANAGE = (sys.executable, "manage.py")
FORGOTTEN = ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm")
FORGOTTEN_FOLDERS = ("index", "attachments", "mail", "logs")
PASSED_ON = [
    *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV"),
    *("TERM", "COLUMNS", "NO_COLOR", "FORCE_COLOR"),
    *("DATABASE_URL", "REDIS_URL"),
]


class CannotStart(Exception):
    """Something on this machine is in the way; the text says what."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`folder` is the demo's state, absolute; `site` the address of the portal."""

    folder: Path
    port: int

    @property
    def site(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def public_key(self) -> Path:
        return self.folder / "salesforce-public.pem"

    @property
    def private_key(self) -> Path:
        return self.folder / "salesforce-private.pem"


def prepare(folder: Path, port: int) -> tuple[Surroundings, int]:
    """An empty place with its keys, and the lock on it: open as long as the demo runs.

    Raises CannotStart.
    """
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take_lock(folder / "lock")
    check_port(port)
    forget_last_run(folder)
    around = Surroundings(folder, port)
    for path in (around.mail, around.logs):
        path.mkdir(mode=0o700)
    make_keys(around)
    return around, lock


def take_lock(path: Path) -> int:
    """Given back by the kernel, however this process ends."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise CannotStart(f"Another demo runs in {path.parent}. End it first.") from None
    return lock


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} of {HOST} cannot be used ({error.strerror}). Choose another: PORT=…"
            ) from None


def forget_last_run(folder: Path) -> None:
    """Keys and static files stay."""
    for name in FORGOTTEN:
        (folder / name).unlink(missing_ok=True)
    for name in FORGOTTEN_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


def make_keys(around: Surroundings) -> None:
    """Made once; the public half is what the sandbox checks the sign-in with."""
    read_secret(around.folder / "secret-key")
    if around.private_key.exists() and around.public_key.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    write_privately(around.private_key, private.decode())
    write_privately(around.public_key, public.decode())


def read_secret(path: Path) -> str:
    """The secret in this file, made when there is none."""
    if not path.exists():
        write_privately(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


def write_privately(path: Path, text: str) -> None:
    """Readable by this user alone, from the first moment, and complete or not there."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.rename(path)


def make_environment(around: Surroundings, webhook_secret: str) -> dict[str, str]:
    """Of the caller's environment the database, the broker and what a terminal needs; no more."""
    kept = {name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}
    own = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
        "PORTAL_SANDBOX": "1",
        "STAFF_SIGN_IN": "code",  # this machine alone
        "SECRET_KEY": read_secret(around.folder / "secret-key"),
        "STATE_DIR": str(around.folder),
        "EMBEDDING_DIR": str(settings.EMBEDDING_DIR),  # built once, whatever the folder
        "SITE_URL": around.site,
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "EMAIL_URL": f"filemail:///{quote(str(around.mail))}",
        "DEFAULT_FROM_EMAIL": "Larkfield requests <requests@larkfield.example>",
        "GITLAB_TOKEN": "sandbox-token",
        "GITLAB_WEBHOOK_SECRET": webhook_secret,
        "SCORE_LABELS": "on",
        "SHORTEST_FORM_SECONDS": "0",  # the walk writes faster than people
        "SALESFORCE_DOMAIN": "larkfield.my",
        "SALESFORCE_USERNAME": "portal@larkfield.example",
        "SALESFORCE_CONSUMER_KEY": "sandbox-consumer",
        "SALESFORCE_PRIVATE_KEY": str(around.private_key),
    }
    return kept | own
