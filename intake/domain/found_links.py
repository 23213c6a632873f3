"""Salesforce links that people left in GitLab: what one text says, and what all of them ask.

A comment beats the description, of two comments with the same link the later one counts, and the
first `customer priority::N` of a text is the priority of every link in it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from intake.domain.salesforce_link import LinkKind, SalesforceLink, find_salesforce_links

LOWEST, HIGHEST = 1, 10  # priority points
_PRIORITY = re.compile(r"(?<![\w-])customer priority::\s*(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextLinks:
    """What one comment or description holds: accounts and opportunities, each once."""

    links: tuple[SalesforceLink, ...]
    points: int | None


def read_text(text: str, *, hosts: Collection[str]) -> TextLinks:
    """Links to accounts and opportunities in the order they appear; all others are passed over."""
    links = dict.fromkeys(
        link
        for link in find_salesforce_links(text, hosts=hosts)
        if link.kind in {LinkKind.ACCOUNT, LinkKind.OPPORTUNITY}
    )
    return TextLinks(tuple(links), find_points(text) if links else None)


def find_points(text: str) -> int | None:
    """The first label of priority points, clamped to 1..10; None without one."""
    found = _PRIORITY.search(text)
    return None if found is None else min(max(int(found.group(1)), LOWEST), HIGHEST)


@dataclass(frozen=True, slots=True)
class Found:
    """One link of a known account. `note_id` is None in a description; `is_here` says that it
    stands in the issue that it counts on, not in one that was moved or closed as its duplicate."""

    account: int
    opportunity: int | None
    is_won: bool
    note_id: int | None
    is_internal: bool
    is_here: bool
    points: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What people's links say of one account on one issue.

    `asks` are the texts that count, one for the account and one for each opportunity. `place` is
    the text that shows the account on this very issue; None when all of them stand elsewhere.
    `points`: the priority set by hand, of the account's own link before its opportunities'.
    """

    asks: tuple[Found, ...]
    place: Found | None
    points: int | None


def weigh(found: Iterable[Found]) -> dict[int, Standing]:
    """By account; the order of the links does not matter."""
    by_account: dict[int, dict[int | None, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for link in found:
        by_account[link.account][link.opportunity].append(link)
    return {account: _judge(links) for account, links in by_account.items()}


def _judge(links: dict[int | None, list[Found]]) -> Standing:
    own_first = sorted(links, key=lambda opportunity: opportunity or 0)
    asks = tuple(max(links[key], key=_rank) for key in own_first)
    here = [link for key in own_first for link in links[key] if link.is_here]
    place = max(here, key=lambda link: (link.opportunity is None, *_rank(link)), default=None)
    if asks[0].opportunity is None and asks[0].points is not None:
        return Standing(asks, place, asks[0].points)
    said = [ask.points for ask in asks if ask.points is not None]
    return Standing(asks, place, max(said, default=None))


def _rank(link: Found) -> tuple[bool, datetime, int]:
    return (link.note_id is not None, link.updated_at, link.note_id or 0)
