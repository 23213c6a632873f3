"""Why an issue has its score: what the last run kept of it, with names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import Max

from intake.domain.product import read_product
from intake.models import CustomerLink, Issue
from portal.models import User
from portal.selectors.accounts import find_hidden_accounts, name_hidden_accounts
from scoring.charts.share_bar import Piece, Segment, ShareBar, draw_share_bar
from scoring.domain.rounding import to_plain
from scoring.models import IssueScore, ScoreParts
from scoring.selectors.hidden_parts import fold_hidden
from scoring.selectors.names import Names, read_names
from scoring.selectors.why_warnings import Trouble, list_named, tell_warnings

SHOWN = 40  # links on the page at first


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One customer link's part: `share` = `points` of `pool_points` of `pool_money`, then times
    `multiplier` = `priority`. `percent` of what all links make; `segment` of the bar, its own
    or the rest's. `hand_set`: points from a label that a person set in GitLab.

    Without an `account_id` it stands for accounts that are not the reader's: of these the sums
    alone are told.
    """

    account: str
    share: Decimal
    priority: Decimal
    percent: Decimal
    segment: Segment | None
    account_id: int | None = None
    is_growth: bool = False
    opportunity: str = ""
    points: int = 0
    pool_points: int = 0
    pool_money: Decimal = Decimal()
    multiplier: str = ""
    reason: str = ""
    hand_set: int | None = None


@dataclass(frozen=True, slots=True)
class IssueFacts:
    id: int
    number: str
    title: str
    url: str
    project: str
    is_closed: bool
    closed_at: datetime | None
    is_confidential: bool
    is_gone: bool
    successor: Issue | None
    milestone: str
    milestone_due_on: date | None
    weight: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IssueWhy:
    """`score` is None while nobody asks for the issue. `ranked`: how many have a rank."""

    issue: IssueFacts
    score: IssueScore | None
    area: str
    ranked: int
    links: tuple[LinkRow, ...]
    hidden_links: int
    links_priority: Decimal  # what the links make; a person's value may stand in for it
    bar: ShareBar
    warnings: tuple[Trouble, ...]


def read_why(issue_pk: int, *, reader: User, shows_all: bool = False) -> IssueWhy:
    """Raises Issue.DoesNotExist. Eight queries at most, ten for a TAM, however many links."""
    issue = Issue.objects.select_related("project", "successor__project").get(pk=issue_pk)
    scores = IssueScore.objects.select_related("run__weights").defer("run__seen")
    score = scores.filter(issue=issue_pk).first()
    parts = _read_parts(issue_pk, reader) if score else []
    shown = parts if shows_all else parts[:SHOWN]
    warnings = score.warnings if score else []
    names = read_names([*shown, *list_named(warnings)], reader=reader)
    bar = _draw(parts, names)
    total = sum((Decimal(part["priority"]) for part in parts), Decimal())
    return IssueWhy(
        issue=_describe(issue),
        score=score,
        area=_name_area(score),
        ranked=IssueScore.objects.aggregate(last=Max("rank"))["last"] or 0,
        links=tuple(_list_links(issue_pk, shown, names, bar, total)),
        hidden_links=len(parts) - len(shown),
        links_priority=total,
        bar=bar,
        warnings=tell_warnings(warnings, names),
    )


def _read_parts(issue_pk: int, reader: User) -> list[dict[str, Any]]:
    """The greatest priority first."""
    kept = ScoreParts.objects.filter(issue=issue_pk).values_list("parts", flat=True).first() or []
    return fold_hidden(kept, find_hidden_accounts(reader, {part["account"] for part in kept}))


def _draw(parts: Sequence[dict[str, Any]], names: Names) -> ShareBar:
    return draw_share_bar(
        (Piece(_name(part, names), Decimal(part["priority"])) for part in parts),
        rest="Other links",
    )


def _name(part: Mapping[str, Any], names: Names) -> str:
    if folded := part.get("accounts"):
        return name_hidden_accounts(folded)
    return names.name_account(part["account"])


def _list_links(
    issue_pk: int, parts: Sequence[dict[str, Any]], names: Names, bar: ShareBar, total: Decimal
) -> list[LinkRow]:
    """In the order of the bar's segments."""
    hand_set = dict(
        CustomerLink.objects.filter(issue=issue_pk)
        .exclude(hand_set_points=None)
        .values_list("account", "hand_set_points")
    )
    return [
        _read_link(part, names, total, hand_set, segment)
        for part, segment in zip(parts, bar.assign(len(parts)), strict=True)
    ]


def _read_link(
    part: dict[str, Any],
    names: Names,
    total: Decimal,
    hand_set: Mapping[int, int | None],
    segment: Segment | None,
) -> LinkRow:
    priority = Decimal(part["priority"])
    row = LinkRow(
        account=_name(part, names),
        share=Decimal(part["share"]),
        priority=priority,
        percent=priority * 100 / total if total else Decimal(),
        segment=segment,
    )
    if part["account"] is None:
        return row
    return replace(
        row,
        account_id=part["account"],
        is_growth=part["kind"] == "growth",
        opportunity=names.name_opportunity(pk) if (pk := part["opportunity"]) else "",
        points=part["points"],
        pool_points=part["pool_points"],
        pool_money=Decimal(part["pool_money"]),
        multiplier=to_plain(Fraction(part["multiplier"])),
        reason=part["reason"],
        hand_set=hand_set.get(part["account"]),
    )


def _describe(issue: Issue) -> IssueFacts:
    return IssueFacts(
        id=issue.pk,
        number=f"#{issue.iid}",
        title=issue.title,
        url=issue.web_url,
        project=issue.project.path,
        is_closed=issue.is_closed,
        closed_at=issue.closed_at,
        is_confidential=issue.is_confidential,
        is_gone=issue.is_gone,
        successor=issue.successor,
        milestone=issue.milestone,
        milestone_due_on=issue.milestone_due_on,
        weight=issue.weight,
        created_at=issue.created_at,
    )


def _name_area(score: IssueScore | None) -> str:
    area = read_product(settings.PRODUCT_FILE).areas.get(score.area) if score else None
    return area.title if area else ""
