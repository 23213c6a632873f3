"""One account's pools as its page shows them: each amount, and the issues it is divided over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from intake.models import Issue
from portal.models import Opportunity
from scoring.charts.share_bar import Piece, Segment, ShareBar, draw_share_bar
from scoring.charts.stacked_bars import Stack, StackedBars, draw_stacked_bars
from scoring.domain.explanation import ExplainedLink
from scoring.domain.rounding import count_money, to_cents, to_plain

OVERVIEW = 8  # issues in the drawing of all pools together


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One issue's part: `share` of the pool's money, × `multiplier` = `priority`.

    `segment` of the pool's bar, its own or the rest's.
    """

    issue_id: int
    number: str
    title: str
    weight: int | None
    rank: int | None
    points: int
    share: Decimal
    percent: Decimal
    multiplier: str
    reason: str
    priority: Decimal
    segment: Segment | None


@dataclass(frozen=True, slots=True)
class PoolView:
    """`shares` sum to `money`, to the cent. `opportunity` is None for the account's own ARR.

    `money` is what is counted: 0 where it is missing or negative.
    """

    opportunity: Opportunity | None
    money: Decimal
    points: int
    rows: tuple[MoneyRow, ...]
    bar: ShareBar

    @property
    def key(self) -> str:
        """Fit for an anchor, once on a page."""
        return f"growth-{self.opportunity.pk}" if self.opportunity else "retention"

    @property
    def shares(self) -> Decimal:
        return sum((row.share for row in self.rows), Decimal())

    @property
    def priority(self) -> Decimal:
        return sum((row.priority for row in self.rows), Decimal())


@dataclass(frozen=True, slots=True)
class IssueNames:
    """Issues and their ranks, by key."""

    issues: Mapping[int, Issue]
    ranks: Mapping[int, int | None]


def view_pool(
    links: Iterable[ExplainedLink],
    names: IssueNames,
    *,
    money: Decimal | None,
    opportunity: Opportunity | None = None,
) -> PoolView:
    """The greatest share first. Without a link the money lies idle: no rows, no bar."""
    ordered = sorted(links, key=lambda one: (-one.share, -one.points))
    counted = to_cents(count_money(money))
    bar = draw_share_bar(
        (Piece(_name(one, names), one.share) for one in ordered), rest="Other issues"
    )
    return PoolView(
        opportunity=opportunity,
        money=counted,
        points=sum(one.points for one in ordered),
        rows=tuple(
            view_link(one, names, counted, segment)
            for one, segment in zip(ordered, bar.assign(len(ordered)), strict=True)
        ),
        bar=bar,
    )


def view_link(
    link: ExplainedLink, names: IssueNames, money: Decimal, segment: Segment | None = None
) -> MoneyRow:
    pk: Any = link.link.issue
    issue = names.issues[pk]
    return MoneyRow(
        issue_id=pk,
        number=f"#{issue.iid}",
        title=issue.title,
        weight=issue.weight,
        rank=names.ranks.get(pk),
        points=link.points,
        share=link.share,
        percent=link.share * 100 / money if money else Decimal(),
        multiplier=to_plain(Fraction(link.multiplier)),
        reason=link.reason,
        priority=link.priority,
        segment=segment,
    )


def draw_overview(pools: Iterable[PoolView]) -> StackedBars | None:
    """Each issue once, with what is kept and what is won on it; None where one pool says it all."""
    pools = list(pools)
    if sum(bool(pool.rows) for pool in pools) < 2:
        return None
    totals: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(), Decimal()])
    titles: dict[int, str] = {}
    for pool in pools:
        for row in pool.rows:
            titles[row.issue_id] = f"{row.number} {row.title}"
            totals[row.issue_id][pool.opportunity is not None] += row.share
    greatest = sorted(totals.items(), key=lambda item: -sum(item[1]))[:OVERVIEW]
    stacks = (Stack(titles[pk], amounts) for pk, amounts in greatest)
    return draw_stacked_bars(("Retention", "Growth"), stacks)


def _name(link: ExplainedLink, names: IssueNames) -> str:
    pk: Any = link.link.issue
    issue = names.issues[pk]
    return f"#{issue.iid} {issue.title}"
