"""The one way out: a `requests` session with limits, shared by both client libraries.

It takes nothing from the environment (no proxies, no .netrc), speaks only to the hosts it was
made for, adds a timeout where a library forgot one, and limits the request as a whole.

Ways of failing: `requests` errors as usual, and ForeignHost before anything is sent when a
redirect, a link or an id leads to a host that is not ours to talk to.
https://requests.readthedocs.io/en/latest/user/advanced/#transport-adapters
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from portal.gateways.deadline import POOLS, begin_attempt, get_attempt
from portal.gateways.errors import GatewayError, Misconfigured, Unavailable

_CONNECT_SECONDS = 10.0
_LONGEST_WAIT = timedelta(days=1)


class ForeignHost(requests.RequestException):
    """A request was about to go to a host outside the allowed ones; nothing was sent."""


class LimitedAdapter(HTTPAdapter):
    """Refuses foreign hosts, sends to `endpoint` instead when there is one, adds the timeout."""

    def __init__(
        self, *, is_allowed: Callable[[str], bool], timeout: float, endpoint: str | None
    ) -> None:
        self._is_allowed = is_allowed
        self._timeout = timeout
        self._endpoint = endpoint
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, timeout: Any = None, **kwargs: Any
    ) -> requests.Response:
        if not self._is_allowed(request.url or ""):
            raise ForeignHost("that host is not allowed", request=request)
        if self._endpoint is not None:
            request.url = replace_origin(request.url or "", self._endpoint)
        if timeout is None:
            timeout = self._timeout
        return super().send(request, timeout=self._shorten(timeout), **kwargs)

    def _shorten(self, timeout: Any) -> Any:
        """(connect, read) in seconds, neither longer than the running attempt."""
        if isinstance(timeout, int | float):
            timeout = (min(timeout, _CONNECT_SECONDS), timeout)
        attempt = get_attempt()
        if attempt is None or not isinstance(timeout, tuple):
            return timeout
        left = max(attempt.count_seconds_left(), 0.001)
        return tuple(left if part is None else min(part, left) for part in timeout)


class LimitedSession(requests.Session):
    """`timeout` is for one read, `total` for a whole request; both in seconds."""

    def __init__(
        self,
        *,
        is_allowed: Callable[[str], bool],
        timeout: float,
        total: float,
        endpoint: str | None = None,
    ) -> None:
        super().__init__()
        self.trust_env = False
        self._total = total
        adapter = LimitedAdapter(is_allowed=is_allowed, timeout=timeout, endpoint=endpoint)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.hooks["response"].append(keep_answer)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        with begin_attempt(self._total):
            return super().send(request, **kwargs)


def keep_answer(response: requests.Response, *_: Any, **__: Any) -> None:
    """Write an answer's status and Retry-After into the running attempt."""
    attempt = get_attempt()
    if attempt is not None:
        attempt.status = response.status_code
        attempt.retry_after = read_retry_after(
            response.headers.get("Retry-After"), sent_on=response.headers.get("Date")
        )


def read_retry_after(text: str | None, *, sent_on: str | None = None) -> timedelta | None:
    """Seconds (whole or not) or an HTTP date, as a wait of at most a day; otherwise None.

    A date is compared with the answer's own Date, so that a wrong clock here does not matter.
    """
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        until, now = _read_http_date(text), _read_http_date(sent_on or "")
        if until is None:
            return None
        return _limit_wait(until - (now or datetime.now(UTC)))
    if math.isnan(seconds):
        return None
    return _limit_wait(timedelta(seconds=min(seconds, _LONGEST_WAIT.total_seconds())))


def _limit_wait(wait: timedelta) -> timedelta:
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _read_http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def get_origin(url: str) -> tuple[str, str, int | None]:
    """(scheme, host, port) of a URL; port None where the scheme's own port is meant."""
    parts = urlsplit(url)
    port = parts.port
    if port == {"http": 80, "https": 443}.get(parts.scheme):
        port = None
    return parts.scheme, (parts.hostname or "").lower(), port


def replace_origin(url: str, endpoint: str) -> str:
    target = urlsplit(endpoint)
    return urlsplit(url)._replace(scheme=target.scheme, netloc=target.netloc).geturl()


def explain_transport(
    error: requests.RequestException,
    *,
    name: str,
    service: str,
    was_sent: bool,
    is_write: bool,
) -> GatewayError:
    """Put a `requests` error into our words; `name` is how the service is called in a sentence.

    `was_sent` says whether any byte of the request may have left this machine.
    """
    may_have_written = is_write and was_sent
    if isinstance(error, ForeignHost):
        return Misconfigured(
            f"{name} led to another host, which is not allowed: check its address.",
            service=service,
        )
    if isinstance(error, requests.exceptions.SSLError) and not was_sent:
        return Misconfigured(f"The certificate of {name} is not trusted here.", service=service)
    if isinstance(error, requests.Timeout):
        text = f"{name} did not answer in time."
    elif isinstance(error, requests.ConnectionError) and not was_sent:
        text = f"{name} cannot be reached."
    elif isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        text = f"The connection to {name} broke off."
    elif was_sent:
        text = f"The answer of {name} cannot be read."
    else:
        return Misconfigured(
            f"The address or the token of {name} cannot be used: check the settings.",
            service=service,
        )
    return Unavailable(text, service=service, may_have_written=may_have_written)
