"""The ranked list, page by page: a fixed number of queries, whatever the number of issues."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from portal.models import User
from scoring.models import IssueScore
from scoring.selectors.issue_filter import IssueFilter, narrow_scores
from scoring.selectors.issue_order import Order, sort_scores

OF_SCORE = (
    "pk",
    "rank",
    "score",
    "retention",
    "growth",
    "combined",
    "priority",
    "weighted",
    "linked_arr",
    "accounts",
    "seats",
    "group",
    "type",
    "area",
    "themes",
    "is_manual",
    "warnings",
)
OF_ISSUE = (
    "issue__iid",
    "issue__title",
    "issue__web_url",
    "issue__weight",
    "issue__milestone",
    "issue__milestone_due_on",
    "issue__project__path",
)
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class IssueRow:
    """Money is yearly, in the corporate currency; None is "no number". `area` is a key.

    `warnings` are the kinds, each with how many accounts or opportunities it is about.
    """

    pk: int
    rank: int | None
    score: Decimal | None
    retention: Decimal | None
    growth: Decimal | None
    combined: Decimal | None
    priority: Decimal | None
    weighted: Decimal | None
    linked_arr: Decimal
    accounts: int
    seats: int
    group: str
    type: str
    area: str
    themes: tuple[str, ...]
    is_manual: bool
    warnings: dict[str, int]
    iid: int
    title: str
    web_url: str
    weight: int | None
    milestone: str
    milestone_due_on: date | None
    project: str

    @property
    def reference(self) -> str:
        return f"{self.project}#{self.iid}"


@dataclass(frozen=True, slots=True)
class Totals:
    """Over all issues that fit. Attributed money: each account's ARR counts once in `retention`,
    each opportunity's net ARR once in `growth`, however many issues they are divided over."""

    issues: int
    ranked: int
    retention: Decimal
    growth: Decimal

    @property
    def unranked(self) -> int:
        return self.issues - self.ranked


@dataclass(frozen=True, slots=True)
class IssueList:
    rows: tuple[IssueRow, ...]
    totals: Totals
    number: int  # this page, from 1; never beyond the last
    pages: int


def list_issues(
    chosen: IssueFilter, order: Order, *, reader: User, number: int = 1, size: int = 25
) -> IssueList:
    """Keys first: only the page's own rows are read whole."""
    scores = narrow_scores(chosen, reader=reader)
    totals = sum_up(scores)
    pages = max(1, -(-totals.issues // size))
    number = min(number, pages)
    start = (number - 1) * size
    keys = list(sort_scores(scores, order).values_list("pk", flat=True)[start : start + size])
    found = {row.pk: row for row in _read(IssueScore.objects.filter(pk__in=keys))}
    return IssueList(tuple(found[key] for key in keys if key in found), totals, number, pages)


def every_issue(chosen: IssueFilter, order: Order, *, reader: User) -> Iterator[IssueRow]:
    """All that fit, for the feeds, without holding them all."""
    return _read(sort_scores(narrow_scores(chosen, reader=reader), order))


def sum_up(scores: QuerySet[IssueScore]) -> Totals:
    counted = scores.order_by().aggregate(
        issues=Count("*"), ranked=Count("score"), kept=Sum("retention"), won=Sum("growth")
    )
    nothing = Decimal()
    return Totals(
        counted["issues"], counted["ranked"], counted["kept"] or nothing, counted["won"] or nothing
    )


def _read(scores: QuerySet[IssueScore]) -> Iterator[IssueRow]:
    for values in scores.values_list(*OF_SCORE, *OF_ISSUE).iterator(chunk_size=CHUNK):
        named = dict(zip(OF_SCORE, values, strict=False))
        named |= {"themes": tuple(named["themes"]), "warnings": count_kinds(named["warnings"])}
        yield IssueRow(*named.values(), *values[len(OF_SCORE) :])


def count_kinds(warnings: list[dict[str, Any]]) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for warning in warnings:
        kinds[warning["kind"]] = kinds.get(warning["kind"], 0) + 1
    return kinds
