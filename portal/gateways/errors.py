"""How the outside can fail, in four words. Every gateway raises these and nothing else.

The words say what the caller may do next: wait (`Unavailable`), ask a person (`Refused`),
treat the thing as gone (`Missing`), or stop knocking until the set-up is mended (`Misconfigured`).
"""

from datetime import timedelta


class GatewayError(Exception):
    """Something outside did not go as asked. `service` is "gitlab" or "salesforce"."""

    def __init__(self, message: str, *, service: str) -> None:
        super().__init__(message)
        self.service = service


class Unavailable(GatewayError):
    """Away, slow, overloaded or not understandable: the same call may work later.

    `may_have_written` is true when a request that writes was sent and its answer never came:
    the write may exist already, or appear later. `retry_after` is what the service asked for.
    """

    def __init__(
        self,
        message: str,
        *,
        service: str,
        may_have_written: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, service=service)
        self.may_have_written = may_have_written
        self.retry_after = retry_after


class Refused(GatewayError):
    """The service will not do this to this one object (400, 409, 422): a person must look."""


class InternalNotesForbidden(Refused):
    """The token may not write internal notes on this issue; nothing of the note is left there."""


class Missing(GatewayError):
    """The object is gone, or hidden from our token (404)."""


class Misconfigured(GatewayError):
    """The token or the settings as a whole do not work (401, 403): one alert, wait, resume."""
