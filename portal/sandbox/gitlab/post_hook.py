"""Posting one webhook, to loopback and nowhere else."""

import http.client
import ssl
from urllib.parse import urlsplit

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
LIMIT_SECONDS = 10.0


def is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_HOSTS


def post_json(url: str, body: bytes, headers: dict[str, str]) -> int | None:
    """The status, or None when nobody answered within the limit."""
    if not is_loopback(url):
        return None
    parts = urlsplit(url)
    connection = _connect(parts.hostname or "", parts.port, secure=parts.scheme == "https")
    target = parts.path or "/"
    try:
        connection.request(
            "POST", f"{target}?{parts.query}" if parts.query else target, body, headers
        )
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return None
    else:
        return response.status
    finally:
        connection.close()


def _connect(host: str, port: int | None, *, secure: bool) -> http.client.HTTPConnection:
    if not secure:
        return http.client.HTTPConnection(host, port, timeout=LIMIT_SECONDS)
    # A site on loopback has a certificate of its own making.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=LIMIT_SECONDS, context=context)
