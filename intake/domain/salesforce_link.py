"""Salesforce links in free text: found in every spelling, written in one.

Both URL families count, with or without the object's name: `X.my.salesforce.com/<id>` and
`X.lightning.force.com/lightning/r/Account/<id>/view`. Only https and configured hosts do.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from portal.domain.salesforce_id import to_18

_URL = re.compile(r"https://[^\s<>\"'`\])|]+", re.IGNORECASE)
_ID = r"([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)"
_PATHS = (
    re.compile(rf"^/{_ID}(?:/[ep])?/?$"),
    re.compile(rf"^/lightning/r/(?:[A-Za-z][A-Za-z0-9_]*/)?{_ID}(?:/(?:view|edit|related/.*))?/?$"),
)
_FRAGMENT = re.compile(rf"^/sObject/{_ID}(?:/view)?(?:\?.*)?$")


class LinkKind(StrEnum):
    ACCOUNT = "001"
    CONTACT = "003"
    OPPORTUNITY = "006"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class SalesforceLink:
    """`id18` has 18 characters; `kind` is told by its first three."""

    id18: str
    kind: LinkKind


def parse_salesforce_link(url: str, *, hosts: Collection[str]) -> SalesforceLink:
    """The record a URL points to. Raises ValueError saying why it points to none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError as error:
        raise ValueError("This is not a web address.") from error
    if parts.scheme != "https" or not parts.netloc or not set(parts.netloc).isdisjoint("@:"):
        raise ValueError("A Salesforce link starts with https:// and the host's name.")
    if parts.netloc.lower() not in {host.lower() for host in hosts}:
        raise ValueError("This is not one of our Salesforce addresses.")
    found = _find_id(parts.path, parts.fragment)
    if found is None:
        raise ValueError("This link does not lead to one record.")
    try:
        id18 = to_18(found)
    except ValueError as error:
        raise ValueError("The id in this link is not complete: copy the link again.") from error
    return SalesforceLink(id18, _kind_of(id18))


def _find_id(path: str, fragment: str) -> str | None:
    if fragment and path.rstrip("/") in {"/one/one.app", "/lightning"}:
        match = _FRAGMENT.match(fragment)
        return match.group(1) if match else None
    for pattern in _PATHS:
        if match := pattern.match(path):
            return match.group(1)
    return None


def _kind_of(id18: str) -> LinkKind:
    try:
        return LinkKind(id18[:3])
    except ValueError:
        return LinkKind.OTHER


def find_salesforce_links(text: str, *, hosts: Collection[str]) -> Iterator[SalesforceLink]:
    """Every valid link in a text, in order; anything else is passed over."""
    for match in _URL.finditer(text):
        try:
            yield parse_salesforce_link(match.group().rstrip(".,;:!?*_~"), hosts=hosts)
        except ValueError:
            continue


def is_opportunity_link(text: str, *, hosts: Collection[str]) -> bool:
    """Whether the first valid link leads to an opportunity, where an account is asked for."""
    first = next(find_salesforce_links(text, hosts=hosts), None)
    return first is not None and first.kind == LinkKind.OPPORTUNITY


def account_url(id18: str, *, host: str) -> str:
    """The one spelling the portal writes."""
    return f"https://{host}/lightning/r/Account/{id18}/view"
