"""The ranking as it would be under other weights or sizes. Reads and computes, saves nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.db.models import Q, QuerySet

from intake.models import Issue
from scoring.domain.cost_of_delay import find_duration
from scoring.domain.delay_order import NamedJob, Orders, compare_orders
from scoring.domain.moves import Counts, Move, count_moves, find_moves, pick_movers
from scoring.domain.records import Issue as ScoredIssue
from scoring.domain.records import Key
from scoring.domain.weights import Weights
from scoring.domain.what_if import Question, Supposed, suppose
from scoring.models import IssueScore
from scoring.selectors.preview import find_scored_day, read_places
from scoring.selectors.sizes import read_sized
from scoring.selectors.what_if_ranking import rank_asked

SHOWN = 25


class Choice(StrEnum):
    """Which issues are listed, besides those that something is supposed of."""

    TOP = "top"
    MOVERS = "movers"


@dataclass(frozen=True, slots=True)
class Row:
    """`weight` and `weeks` as they are; `supposed` as they are asked for."""

    pk: int
    iid: int
    title: str
    weight: Decimal | None
    weeks: Decimal | None
    supposed: Supposed
    move: Move


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`orders` is None where too little is known of the first issues to work through them."""

    rows: tuple[Row, ...]
    counts: Counts
    orders: Orders | None


def read_what_if(
    question: Question,
    in_force: Weights,
    *,
    choice: Choice = Choice.TOP,
    text: str = "",
    named: Collection[int] = (),
    today: date,
) -> WhatIf:
    """Lists the issues of `choice` that have the words of `text`, and always those of `named`."""
    before = read_places()
    ranking = rank_asked(before, question, in_force, day=find_scored_day(today))
    moves = find_moves(before, ranking.places)  # those without a place come last
    return WhatIf(
        rows=_list_rows(_pick(moves, choice, text, named), question),
        counts=count_moves(moves),
        orders=_order_work(ranking.costs, question),
    )


def keep_real_changes(question: Question) -> Question:
    """Without what is supposed to be as it is, and without issues that nobody knows."""
    known = read_sized([int(key) for key in question.issues])
    kept: dict[Key, Supposed] = {}
    for key, supposed in question.issues.items():
        if (issue := known.get(int(key))) and suppose(issue, supposed) != issue:
            kept[key] = Supposed(
                None if supposed.weight == issue.weight else supposed.weight,
                None
                if supposed.duration_weeks == issue.estimates.duration_weeks
                else supposed.duration_weeks,
            )
    return Question(question.weights, kept)


def _pick(moves: Sequence[Move], choice: Choice, text: str, named: Collection[int]) -> list[Move]:
    found = _find(text) if text else None
    among = [move for move in moves if found is None or move.issue in found]
    picked = pick_movers(among, SHOWN) if choice == Choice.MOVERS else among[:SHOWN]
    chosen = {move.issue for move in picked}
    others = [move for move in moves if move.issue in named and move.issue not in chosen]
    return (
        [*others, *picked] if choice == Choice.MOVERS else sorted([*picked, *others], key=_by_rank)
    )


def _list_rows(moves: Sequence[Move], question: Question) -> tuple[Row, ...]:
    keys = [int(move.issue) for move in moves]
    sized, issues = read_sized(keys), Issue.objects.only("iid", "title").in_bulk(keys)
    return tuple(
        _make_row(move, issues[int(move.issue)], sized[int(move.issue)], question)
        for move in moves
        if int(move.issue) in issues and int(move.issue) in sized
    )


def _by_rank(move: Move) -> tuple[float, int]:
    rank = move.after.rank
    return float("inf") if rank is None else rank, move.before.rank or 0


def _make_row(move: Move, issue: Issue, sized: ScoredIssue, question: Question) -> Row:
    return Row(
        pk=issue.pk,
        iid=issue.iid,
        title=issue.title,
        weight=sized.weight,
        weeks=sized.estimates.duration_weeks,
        supposed=question.issues.get(issue.pk, Supposed()),
        move=move,
    )


def _find(text: str) -> set[int]:
    """Scored issues by number or words of the title."""
    wanted = Q(issue__title__icontains=text)
    if text.lstrip("#").isdecimal() and len(text) < 12:
        wanted |= Q(issue__iid=int(text.lstrip("#")))
    found: QuerySet[IssueScore] = IssueScore.objects.filter(wanted)
    return set(found.values_list("pk", flat=True)[:1000])


def _order_work(costs: Mapping[Key, Decimal | None], question: Question) -> Orders | None:
    """The first issues worked through one after the other, in the new order."""
    keys = [int(key) for key in costs]
    sized, issues = read_sized(keys), Issue.objects.only("iid", "title").in_bulk(keys)
    jobs = []
    for key, cost in costs.items():
        if cost is None or int(key) not in sized:
            continue
        supposed = suppose(sized[int(key)], question.issues.get(key, Supposed()))
        if duration := find_duration(supposed, question.weights):
            jobs.append(NamedJob(Fraction(cost), duration.weeks, str(issues[int(key)])))
    return compare_orders(jobs) if len(jobs) > 1 else None
