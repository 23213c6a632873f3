"""Who stands behind each issue: the links that count, and the accounts they come from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from intake.domain.vocabulary import DemandKind
from scoring.domain.records import Account, Inputs, Issue, Key, Link, order_key
from scoring.domain.rounding import sum_money


class LinkKey(NamedTuple):
    """What makes two rows one customer's one wish."""

    issue: Key
    account: Key
    kind: DemandKind
    opportunity: Key | None


@dataclass(frozen=True, slots=True)
class IssueDemand:
    """`links` are open: the issue is, and so is the opportunity of each growth link that has one.

    `ended_links` hang on an opportunity that was won or lost. `accounts` are distinct.
    `linked_arr` is the whole ARR of each account, once; over several issues this counts it again.
    """

    issue: Issue
    links: tuple[Link, ...] = ()
    ended_links: tuple[Link, ...] = ()
    accounts: tuple[Account, ...] = ()
    linked_arr: Fraction = field(init=False, compare=False)  # every ranking asks for it again

    def __post_init__(self) -> None:
        arr = sum_money(account.arr for account in self.accounts)
        object.__setattr__(self, "linked_arr", arr)

    @property
    def seats(self) -> int:
        return sum(account.seats or 0 for account in self.accounts)


def gather_demand(inputs: Inputs) -> list[IssueDemand]:
    """One for each issue, in the order of ids; whatever order the rows come in."""
    links: dict[Key, list[Link]] = defaultdict(list)
    ended: dict[Key, list[Link]] = defaultdict(list)
    for link in merge_links(inputs.links):
        (links if _has_open_end(link, inputs) else ended)[link.issue].append(link)
    return [
        IssueDemand(
            issue,
            tuple(links[key]) if issue.is_open else (),
            tuple(ended[key]),
            _find_accounts(links[key], inputs) if issue.is_open else (),
        )
        for key, issue in sorted(inputs.issues.items(), key=lambda item: order_key(item[0]))
    ]


def merge_links(links: Iterable[Link]) -> list[Link]:
    """Several asks of one account for one issue are one link, with the highest of each answer."""
    merged: dict[LinkKey, Link] = {}
    for link in links:
        key = LinkKey(link.issue, link.account, link.kind, link.opportunity)
        merged[key] = _take_highest(merged[key], link) if key in merged else link
    return sorted(merged.values(), key=_order_link)


def _take_highest(one: Link, other: Link) -> Link:
    return replace(
        one,
        points=max(one.points, other.points),
        value=max(one.value, other.value),
        urgency_points=max(one.urgency_points, other.urgency_points),
        severity=min(one.severity, other.severity),
    )


def _order_link(link: Link) -> tuple[object, ...]:
    has_none = link.opportunity is None
    opportunity = order_key(0 if link.opportunity is None else link.opportunity)
    is_growth = link.kind == DemandKind.GROWTH
    return order_key(link.account), is_growth, has_none, opportunity


def _has_open_end(link: Link, inputs: Inputs) -> bool:
    return link.opportunity is None or inputs.opportunities[link.opportunity].is_open


def _find_accounts(links: Iterable[Link], inputs: Inputs) -> tuple[Account, ...]:
    distinct = {link.account for link in links}
    return tuple(inputs.accounts[key] for key in sorted(distinct, key=order_key))
