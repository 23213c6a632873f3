"""The way into Salesforce: sign in, ask, and sign in once more when the session has ended.

Ways of failing: those of portal.gateways.salesforce.failures, already translated. A session that
is refused again right after a new sign-in is Misconfigured, so nothing knocks without end.
simple-salesforce's own renewal is not used: it signs in again at each 401, without a lock.
"""

import re
import threading
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import jwt
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession
from simple_salesforce.login import SalesforceLogin

from portal.gateways.deadline import begin_attempt
from portal.gateways.errors import Misconfigured, Unavailable
from portal.gateways.salesforce.credentials import ClientCredentials, JwtBearer
from portal.gateways.salesforce.failures import (
    FAILURES,
    SERVICE,
    SessionExpiredError,
    UnreadableError,
    explain,
)
from portal.gateways.session import LimitedSession, get_origin

T = TypeVar("T")
Json = dict[str, Any]

API_VERSION = "62.0"
_TOTAL_SECONDS = 60.0
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?", re.ASCII)


class Door:
    def __init__(
        self,
        domain: str,
        *,
        credentials: JwtBearer | ClientCredentials,
        endpoint: str | None = None,
        timeout: float = 20,
        version: str = API_VERSION,
    ) -> None:
        self._domain = read_domain(domain)
        self._credentials = credentials
        self._version = version
        self._total = max(_TOTAL_SECONDS, timeout)
        self._session = LimitedSession(
            is_allowed=is_salesforce,
            timeout=timeout,
            total=self._total,
            endpoint=endpoint,
        )
        self._lock = threading.Lock()
        self._client: Salesforce | None = None

    def _ask(self, call: Callable[[Salesforce], T]) -> T:
        """Call with an open session; when Salesforce says it has ended, once more with a new."""
        client = self._sign_in(instead_of=None)
        try:
            return self._try(lambda: call(client))
        except SessionExpiredError:
            renewed = self._sign_in(instead_of=client)
        try:
            return self._try(lambda: call(renewed))
        except SessionExpiredError:
            failure = Misconfigured(
                "Salesforce ends every session at once: check the rights of our user.",
                service=SERVICE,
            )
        raise failure

    def _try(self, call: Callable[[], T]) -> T:
        """Raised outside the `except`, so that the library's text, with the query, goes nowhere."""
        failure: Exception
        with begin_attempt(self._total) as attempt:
            try:
                return call()
            except SalesforceExpiredSession:
                failure = SessionExpiredError()
            except FAILURES as error:
                failure = explain(error, attempt)
        raise failure

    def _sign_in(self, *, instead_of: Salesforce | None) -> Salesforce:
        """The open session, or a new one where there is none, or only the one that has ended."""
        with self._lock:
            if self._client is None or self._client is instead_of:
                self._client = None
                self._client = self._try(self._log_in)
            return self._client

    def _log_in(self) -> Salesforce:
        session_id, instance = self._ask_for_session()
        if not isinstance(session_id, str) or not isinstance(instance, str):
            raise UnreadableError
        return Salesforce(
            session_id=session_id,
            instance=instance.rstrip("/"),
            version=self._version,
            session=self._session,
            parse_float=Decimal,
            object_pairs_hook=dict,
        )

    def _ask_for_session(self) -> tuple[Any, Any]:
        # https://help.salesforce.com/s/articleView?id=sf.remoteaccess_authenticate_overview.htm&type=5
        with warnings.catch_warnings():
            # simple-salesforce warns with an address that holds the consumer key.
            warnings.simplefilter("ignore")
            try:
                return SalesforceLogin(
                    session=self._session,
                    sf_version=self._version,
                    **self._credentials.as_arguments(self._domain),
                )
            except requests.RequestException:
                raise
            except (jwt.PyJWTError, ValueError):
                raise Misconfigured(
                    "The private key for Salesforce is not a readable PEM key.", service=SERVICE
                ) from None
            except (AttributeError, TypeError):
                raise UnreadableError from None

    def _query(self, soql: str) -> Iterator[Json]:
        """Every row. A long list comes in parts, each asked for when the one before is used up."""
        # https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
        answer = self._ask(lambda client: _read_rows(client.query(soql)))
        seen: set[str] = set()
        while True:
            rows, following = answer
            yield from rows
            if following is None:
                return
            if following in seen:
                raise Unavailable("Salesforce repeats a part of a long list.", service=SERVICE)
            seen.add(following)
            answer = self._ask(
                lambda client, at=following: _read_rows(  # type: ignore[misc]
                    client.query_more(at, identifier_is_url=True)
                )
            )


def understand(read: Callable[..., T], *parts: Any) -> T:
    """Call a reader; Unavailable when what Salesforce sent is not what it should be."""
    try:
        return read(*parts)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise Unavailable("The answer of Salesforce cannot be read.", service=SERVICE) from None


def _read_rows(answer: Any) -> tuple[list[Json], str | None]:
    """(rows, address of the next part)."""
    try:
        rows = answer["records"]
        following = None if answer["done"] else answer["nextRecordsUrl"]
    except (LookupError, TypeError):
        raise UnreadableError from None
    if not isinstance(rows, list) or not isinstance(following, str | None):
        raise UnreadableError
    return rows, following


def is_salesforce(url: str) -> bool:
    """Whether a request may go there: https, and a host under salesforce.com."""
    scheme, host, port = get_origin(url)
    return scheme == "https" and host.endswith(".salesforce.com") and port is None


def read_domain(text: str) -> str:
    """ "login", "test" or a My Domain such as "acme.my"; the whole address is understood too."""
    domain = text.strip().removeprefix("https://").rstrip("/").removesuffix(".salesforce.com")
    if not _DOMAIN.fullmatch(domain):
        raise Misconfigured(
            'The Salesforce domain must be "login", "test" or a My Domain such as "acme.my".',
            service=SERVICE,
        )
    return domain
