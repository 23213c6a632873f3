"""Put what simple-salesforce and `requests` raise into our four words.

Salesforce answers an error with a list of {"message", "errorCode"}; simple-salesforce picks the
exception by status. Its text holds the whole query, with names and addresses in it: only codes
and field names are taken over, never the text.
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
"""

import re
from typing import Any

import requests
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError

from portal.gateways.deadline import Attempt
from portal.gateways.errors import (
    GatewayError,
    Misconfigured,
    Missing,
    Refused,
    Unavailable,
)
from portal.gateways.session import explain_transport

SERVICE = "salesforce"
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,60}", re.ASCII)
_NO_SUCH_COLUMN = re.compile(r"No such column '([A-Za-z0-9_.]{1,80})'", re.ASCII)
_LATER = {
    "REQUEST_LIMIT_EXCEEDED": "The daily number of Salesforce calls is used up.",
    "UNABLE_TO_LOCK_ROW": "Salesforce is busy with the same record.",
    "QUERY_TIMEOUT": "Salesforce took too long over the query.",
    "INVALID_QUERY_LOCATOR": "Salesforce lost the place in a long list; it starts again.",
    "SERVER_UNAVAILABLE": "Salesforce is too busy.",
}
_SET_UP = {
    "MALFORMED_QUERY": "Salesforce does not understand the query: check the field names",
    "INVALID_FIELD": "Salesforce does not know a field",
    "INVALID_TYPE": "Salesforce does not show an object to this user",
}


class UnreadableError(Exception):
    """An answer arrived and is not what it should be."""


class SessionExpiredError(Exception):
    """401: the session has to be opened again."""


FAILURES = (SalesforceError, requests.RequestException, UnreadableError)


def explain(error: Exception, attempt: Attempt) -> GatewayError:
    if isinstance(error, requests.JSONDecodeError | UnreadableError):
        return _say_unreadable()
    if isinstance(error, requests.RequestException):
        return explain_transport(
            error,
            name="Salesforce",
            service=SERVICE,
            was_sent=attempt.was_sent,
            is_write=False,
        )
    if isinstance(error, SalesforceAuthenticationFailed):
        return _explain_sign_in(error, attempt)
    if isinstance(error, SalesforceError):
        return _explain_status(error.status, error.content, attempt)
    return _say_unreadable()


def _say_unreadable() -> Unavailable:
    return Unavailable("The answer of Salesforce cannot be read.", service=SERVICE)


def _explain_sign_in(error: SalesforceAuthenticationFailed, attempt: Attempt) -> GatewayError:
    status = attempt.status
    if status is not None and (status >= 500 or status == 429):
        return _say_trouble(status, attempt)
    if status == 200:
        return _say_unreadable()
    code = f" ({error.code})" if _CODE.fullmatch(str(error.code)) else ""
    return Misconfigured(
        f"Salesforce refused the sign-in{code}: check the domain, user, key and app.",
        service=SERVICE,
    )


def _explain_status(status: int, content: Any, attempt: Attempt) -> GatewayError:
    code, message = _read_first(content)
    if code in _LATER:
        return Unavailable(_LATER[code], service=SERVICE)
    if code in _SET_UP:
        column = _NO_SUCH_COLUMN.search(message)
        named = f" {column[1]}" if column else ""
        return Misconfigured(f"{_SET_UP[code]}{named}.", service=SERVICE)
    if status == 429 or status >= 500:
        return _say_trouble(status, attempt)
    shown = f"{status}, {code}" if code else str(status)
    if status == 403 or 300 <= status < 400:
        return Misconfigured(f"Salesforce forbids this to our user ({shown}).", service=SERVICE)
    if status == 404:
        return Missing(
            f"Salesforce does not have it, or hides it from our user ({shown}).",
            service=SERVICE,
        )
    return Refused(f"Salesforce refused this ({shown}).", service=SERVICE)


def _say_trouble(status: int, attempt: Attempt) -> Unavailable:
    return Unavailable(
        f"Salesforce is in trouble ({status}).",
        service=SERVICE,
        retry_after=attempt.retry_after,
    )


def _read_first(content: Any) -> tuple[str, str]:
    """(code, message) of the first error; empty where the body is something else."""
    first = content[0] if isinstance(content, list) and content else None
    if not isinstance(first, dict):
        return "", ""
    code = str(first.get("errorCode") or "")
    return (code if _CODE.fullmatch(code) else ""), str(first.get("message") or "")
