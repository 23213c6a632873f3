from portal.views.errors import (
    bad_request,
    csrf_failure,
    page_not_found,
    permission_denied,
    server_error,
)
from portal.views.health import healthz

__all__ = [
    "bad_request",
    "csrf_failure",
    "healthz",
    "page_not_found",
    "permission_denied",
    "server_error",
]
