"""A GitLab issue's address, read as a person would say it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_ISSUE_PATH = re.compile(r"/(?P<project>[^\s]+?)/-/(?:issues|work_items)/(?P<number>\d+)/?")


@dataclass(frozen=True, slots=True)
class LinkCard:
    """`text` is what the link points to: an issue, or the host it leads to."""

    url: str
    text: str
    is_issue: bool


def describe_link(url: str) -> LinkCard:
    """Names what a web address points to; the address itself is never fetched."""
    parts = urlsplit(url)
    if found := _ISSUE_PATH.fullmatch(parts.path):
        return LinkCard(url, f"Issue {found['number']} in {found['project']}", is_issue=True)
    path = parts.path.rstrip("/")
    return LinkCard(url, f"{parts.hostname or url}{path}", is_issue=False)
