"""The way into GitLab: one client, and two ways to ask it, for reading and for writing.

Ways of failing: those of portal.gateways.gitlab.failures, already translated.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import gitlab
from gitlab.client import GitlabList

from portal.gateways.deadline import begin_attempt
from portal.gateways.errors import GatewayError, Misconfigured, Missing, Refused
from portal.gateways.gitlab.failures import FAILURES, SERVICE, UnreadableError, explain
from portal.gateways.session import LimitedSession, get_origin

T = TypeVar("T")
Json = dict[str, Any]
Reader = Callable[[Any], T]

PER_PAGE = 100
_READ_SECONDS = 60.0


class Door:
    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 20,
        write_deadline: float = 40,
        ca_file: str = "",
    ) -> None:
        if not token.isascii() or not token.isprintable() or " " in token:
            raise Misconfigured(
                "The GitLab token holds characters that no token has.", service=SERVICE
            )
        self._url = url.rstrip("/")
        self._token = token
        self._read_seconds = max(_READ_SECONDS, timeout)
        self._write_seconds = write_deadline
        # https://python-gitlab.readthedocs.io/en/stable/api-usage-advanced.html
        self._client = gitlab.Gitlab(
            self._url,
            private_token=token,
            timeout=timeout,
            ssl_verify=ca_file or True,
            keep_base_url=True,
            retry_transient_errors=False,
            per_page=PER_PAGE,
            session=_open_session(self._url, timeout=timeout, total=self._read_seconds),
        )

    def _read(self, call: Callable[[], T]) -> T:
        return self._ask(call, seconds=self._read_seconds, is_write=False)

    def _write(self, call: Callable[[], T]) -> T:
        """Change something that is there already: its 404 is Missing."""
        return self._ask(call, seconds=self._write_seconds, is_write=True)

    def _add(self, call: Callable[[], T]) -> T:
        """Post something new: where there is no place for it (404) a person must look."""
        try:
            return self._write(call)
        except Missing as error:
            refusal = Refused(f"There is no place for it: {error}", service=SERVICE)
        raise refusal

    def _ask(self, call: Callable[[], T], *, seconds: float, is_write: bool) -> T:
        """Raised outside the `except`, so that the library's own text travels nowhere."""
        with begin_attempt(seconds) as attempt:
            try:
                return call()
            except FAILURES as error:
                failure = explain(error, attempt, is_write=is_write)
        raise self._hide_token(failure)

    def _hide_token(self, failure: GatewayError) -> GatewayError:
        text = str(failure)
        if self._token and self._token in text:
            failure.args = (text.replace(self._token, "[token]"),)
        return failure

    def _get(self, path: str, read: Reader[T], **parameters: Any) -> T:
        return self._read(lambda: understand(read, self._fetch(path, parameters)))

    def _fetch(self, path: str, parameters: Json) -> Any:
        return self._client.http_get(path, query_data=parameters, obey_rate_limit=False)

    def _post(self, path: str, body: Json) -> Any:
        return self._client.http_post(path, post_data=body, obey_rate_limit=False)

    def _put(self, path: str, body: Json) -> Any:
        return self._client.http_put(path, post_data=body, obey_rate_limit=False)

    def _list(self, path: str, parameters: Json) -> GitlabList:
        """Follows only the Link header: a page may be short and not be the last.

        https://docs.gitlab.com/api/rest/#pagination
        """
        rows = self._client.http_list(
            path,
            query_data={"per_page": PER_PAGE, **parameters},
            iterator=True,
            obey_rate_limit=False,
        )
        if not isinstance(rows, GitlabList):
            raise UnreadableError
        return rows

    def _each(self, path: str, read: Reader[T], **parameters: Any) -> Iterator[T]:
        rows = self._read(lambda: self._list(path, parameters))
        while (found := self._read(lambda: _take_next(rows, read))) is not None:
            yield found[0]


def _open_session(url: str, *, timeout: float, total: float) -> LimitedSession:
    """Only the configured origin: a redirect or a next link must not carry the token elsewhere."""
    origin = get_origin(url)
    return LimitedSession(
        is_allowed=lambda target: get_origin(target) == origin,
        timeout=timeout,
        total=total,
    )


def _take_next(rows: GitlabList, read: Reader[T]) -> tuple[T] | None:
    try:
        row = next(rows)
    except StopIteration:
        return None
    except (LookupError, TypeError, AttributeError):
        # The page is JSON, but not a list.
        raise UnreadableError from None
    return (understand(read, row),)


def understand(read: Reader[T], answer: Any) -> T:
    try:
        return read(answer)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise UnreadableError from None
