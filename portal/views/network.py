"""Where a request comes from, as far as limits need to know."""

from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from django.http import HttpRequest


def read_network(request: HttpRequest) -> str:
    """The client's address, read past TRUSTED_PROXIES proxies; of IPv6 its /64, which is one
    line's. Empty when there is none, and for staff: they share an office's."""
    user = getattr(request, "user", None)
    address = get_client_ip(request)
    return truncate_ip(address) if address and not getattr(user, "is_staff", False) else ""
