"""Reading settings from the environment: a wrong value is one sentence that names its variable.

A variable that is set to nothing counts as not set. No sentence repeats a secret.
"""

import os
import re
import warnings
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
DATABASES = frozenset({"django.db.backends.postgresql", "django.db.backends.sqlite3"})
BROKERS = ("redis://", "rediss://", "unix://", "redis+socket://")
_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.IGNORECASE | re.ASCII)
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE | re.ASCII)


def read_text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def read_list(name: str, default: list[str] | None = None) -> list[str]:
    words = [word.strip() for word in read_text(name).split(",")]
    return [word for word in words if word] or list(default or [])


def read_flag(name: str) -> bool:
    value = read_text(name, "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in {"1", "true", "yes", "on"}


def read_number(name: str, default: int, *, at_least: int = 0, at_most: int = 86_400) -> int:
    value = read_text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not at_least <= int(value) <= at_most:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {at_least} to {at_most}, not {value!r}."
        )
    return int(value)


def read_seconds(name: str, default: int, *, at_most: int) -> timedelta:
    return timedelta(seconds=read_number(name, default, at_least=1, at_most=at_most))


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def read_url(name: str, default: str = "", *, with_path: bool = False) -> str:
    """An http(s) address without query or trailing slash; empty when not set."""
    value = read_text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        is_complete = bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", value)
    except ValueError:
        is_complete = False
    if not value:
        return ""
    if (
        not is_complete
        or parts.scheme not in {"http", "https"}
        or (parts.path and not with_path)
        or (parts.query or parts.fragment or "@" in parts.netloc)
    ):
        raise ImproperlyConfigured(
            f"{name} must be an address such as https://portal.example, without a name, a "
            "password, a query or a fragment" + ("." if with_path else ", and without a path.")
        )
    return urlunsplit(parts)


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def read_time_zone(name: str, default: str) -> str:
    value = read_text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name} must be a time zone such as Europe/Berlin, not {value!r}."
        ) from error
    return value


def read_folder(name: str, default: Path) -> Path:
    """A folder of our own; made when it is missing, closed to others."""
    folder = Path(read_text(name, str(default)))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must be a folder we may write in: {error}.") from error
    return folder


def read_file_name(name: str) -> str:
    """The path of a file that can be read; empty when not set."""
    value = read_text(name)
    try:
        if value:
            Path(value).open("rb").close()
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must be a file that can be read: {error}.") from error
    return value


def read_key(name: str) -> str:
    """A PEM key, given as text or as the path of a file that holds it; empty when not set."""
    value = read_text(name).replace("\\n", "\n")
    if value and not value.startswith("-----BEGIN"):
        try:
            value = Path(value).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            value = "no key"
    if value and not value.startswith("-----BEGIN"):
        raise ImproperlyConfigured(
            f"{name} must be a PEM key or the path of a readable file that holds one."
        )
    return value


def read_hosts(name: str, default: list[str]) -> list[str]:
    """Bare host names."""
    hosts = read_list(name, default)
    for host in hosts:
        if not _HOST_NAME.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} must be host names such as acme.my.salesforce.com, not {host!r}."
            )
    return [host.lower() for host in hosts]


def read_my_domain(name: str) -> str:
    """The part of a Salesforce address before .salesforce.com; empty when not set."""
    value = read_text(name).lower()
    if value and (not _HOST_NAME.fullmatch(value) or value.endswith(("salesforce.com", ".com"))):
        raise ImproperlyConfigured(
            f"{name} must be what stands before .salesforce.com, such as acme.my, not {value!r}."
        )
    return value


def read_field(name: str, default: str) -> str:
    """A Salesforce field. Set to nothing: this organisation does not keep it."""
    value = os.environ.get(name, default).strip()
    if value and not _FIELD_NAME.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} must be a field's API name such as Seats__c, not {value!r}."
        )
    return value


def read_addresses(name: str) -> list[str]:
    return [_check_address(name, address) for address in read_list(name)]


def read_address(name: str, default: str) -> str:
    """An e-mail address, with or without a name before it."""
    return _check_address(name, read_text(name, default))


def _check_address(name: str, address: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(address)[1]) or not address.isprintable():
        raise ImproperlyConfigured(f"{name} must be an e-mail address, not {address!r}.")
    return address


def read_broker(name: str, default: str) -> str:
    value = read_text(name, default)
    try:
        parts = urlsplit(value)
        is_complete = bool(parts.path if "socket" in value or "unix" in value else parts.hostname)
        is_complete = is_complete and parts.port != 0
    except ValueError:
        is_complete = False
    if not value.startswith(BROKERS) or not is_complete:
        raise ImproperlyConfigured(f"{name} must be an address such as redis://host:6379/0.")
    return value


def read_database(name: str, default: str) -> dict[str, Any]:
    value = read_text(name, default)
    found = _parse(name, lambda: environ.Env.db_url_config(value), "postgres://user@host/name")
    if found.get("ENGINE") not in DATABASES or not found.get("NAME"):
        raise ImproperlyConfigured(
            f"{name} must be an address such as postgres://user@host/name or sqlite:////path."
        )
    return found


def read_mail(name: str, default: str) -> dict[str, Any]:
    value = read_text(name, default)
    example = "smtp+tls://user@host:587"
    found = _parse(name, lambda: environ.Env.email_url_config(value), example)
    if found["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and not found["EMAIL_HOST"]:
        raise ImproperlyConfigured(f"{name} must name a host, such as {example}.")
    if value.startswith("filemail:///"):  # three slashes and a path from the root, as in file:///
        found["EMAIL_FILE_PATH"] = "/" + found["EMAIL_FILE_PATH"].lstrip("/")
    return found


def _parse(name: str, parse: Callable[[], dict[str, Any]], example: str) -> dict[str, Any]:
    """Raised outside the `except`: the parser's own words may hold a password."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(parse())
    except (KeyError, ValueError, TypeError, AttributeError, ImproperlyConfigured):
        pass
    raise ImproperlyConfigured(f"{name} must be an address such as {example}.")
