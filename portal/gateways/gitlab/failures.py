"""Put what python-gitlab and `requests` raise into our four words.

python-gitlab raises GitlabAuthenticationError for 401, GitlabHttpError for every other bad
status, GitlabParsingError for a body that is not JSON (a write has happened by then), RedirectError
when a write was redirected; timeouts and broken connections arrive as errors of `requests`.
https://python-gitlab.readthedocs.io/en/stable/api-usage.html
"""

import json
import re
from typing import Any

import requests
from gitlab.exceptions import GitlabError, GitlabParsingError, RedirectError

from portal.gateways.deadline import Attempt
from portal.gateways.errors import (
    GatewayError,
    Misconfigured,
    Missing,
    Refused,
    Unavailable,
)
from portal.gateways.session import explain_transport

SERVICE = "gitlab"
LONGEST_DETAIL = 200
_TOKEN_AS_A_WHOLE = re.compile(
    r"insufficient_scope|scope|blocked|deactivated|terms of service|expired|revoked",
    re.IGNORECASE,
)


class UnreadableError(Exception):
    """An answer arrived and is not what it should be."""


FAILURES = (GitlabError, requests.RequestException, UnreadableError)


def explain(error: Exception, attempt: Attempt, *, is_write: bool) -> GatewayError:
    if isinstance(error, requests.RequestException):
        return explain_transport(
            error,
            name="GitLab",
            service=SERVICE,
            was_sent=attempt.was_sent,
            is_write=is_write,
        )
    if isinstance(error, RedirectError):
        return _explain_redirect()
    if isinstance(error, GitlabError) and not isinstance(error, GitlabParsingError):
        return _explain_status(error, attempt, is_write=is_write)
    return Unavailable(
        "The answer of GitLab cannot be read.",
        service=SERVICE,
        may_have_written=is_write,
    )


def _explain_status(error: GitlabError, attempt: Attempt, *, is_write: bool) -> GatewayError:
    status, detail = error.response_code or 0, describe(error.error_message)
    if status in (401, 403):
        text = "does not accept the token" if status == 401 else "forbids this to the token"
        return Misconfigured(f"GitLab {text} ({status}){detail}", service=SERVICE)
    if status == 404:
        return Missing("GitLab does not have it, or hides it from the token.", service=SERVICE)
    if status == 429:
        return Unavailable(
            "GitLab asks to slow down (429).",
            service=SERVICE,
            retry_after=attempt.retry_after,
        )
    if status >= 500 or status in (0, 408):
        return Unavailable(
            f"GitLab is in trouble ({status}).",
            service=SERVICE,
            may_have_written=is_write,
            retry_after=attempt.retry_after,
        )
    if 300 <= status < 400:
        return _explain_redirect()
    return Refused(f"GitLab refused this ({status}){detail}", service=SERVICE)


def _explain_redirect() -> Misconfigured:
    return Misconfigured(
        "GitLab sends writes to another address: the configured URL is not its own.",
        service=SERVICE,
    )


def is_about_the_token(error: GatewayError) -> bool:
    """Whether a 403 speaks of the token or its owner, rather than of one object."""
    return bool(_TOKEN_AS_A_WHOLE.search(str(error)))


def narrow_down(error: Misconfigured, act: str) -> GatewayError:
    """A 403 about one thing means that it is not ours to change, unless it names the token.

    `act` goes on after "GitLab does not let the token".
    """
    if "(403)" in str(error) and not is_about_the_token(error):
        return Refused(f"GitLab does not let the token {act}.", service=SERVICE)
    return error


def describe(message: Any) -> str:
    """ ": title is missing." from GitLab's words (text, list or dict); "." where there are none."""
    if isinstance(message, dict | list):
        message = json.dumps(message, ensure_ascii=False, default=str)
    text = " ".join(str(message or "").split())
    if not text or text.startswith("<"):
        return "."
    if len(text) > LONGEST_DETAIL:
        text = text[: LONGEST_DETAIL - 1] + "…"
    return f": {text}"
