"""What other weights would do to the ranking, before anybody saves them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from intake.models import Issue
from scoring.domain.compare import compute
from scoring.domain.moves import Counts, Move, Place, count_moves, find_moves, pick_movers
from scoring.domain.weights import Weights
from scoring.models import IssueScore, ScoreRun
from scoring.selectors.inputs import read_inputs
from scoring.selectors.weights import read_weights_in_force

MOVERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class MovedIssue:
    iid: int
    title: str
    move: Move


@dataclass(frozen=True, slots=True)
class Preview:
    """`movers` are the largest. `labels`: on how many issues labels would come or go because
    other numbers of accounts are asked for. `is_first` where nothing has been scored yet."""

    counts: Counts
    movers: tuple[MovedIssue, ...]
    labels: int
    is_first: bool


def preview_weights(weights: Weights, *, today: date) -> Preview:
    """Against the scores that are stored. Computes everything once: seconds, for many issues."""
    before = read_places()
    scored = compute(read_inputs(find_scored_day(today)), weights)
    after = [
        Place(one.issue, one.rank, one.score, one.priority, one.bucket)
        for one in scored
        if one.is_worth_keeping
    ]
    moves = find_moves(before, after)
    movers = name_moves(pick_movers(moves, MOVERS_SHOWN))
    labels = count_label_changes(read_weights_in_force().weights, weights)
    return Preview(count_moves(moves), movers, labels, is_first=not before)


def count_label_changes(before: Weights, after: Weights) -> int:
    """Open scored issues with enough accounts by one of the two, and too few by the other."""
    internal = sorted((before.minimum_accounts, after.minimum_accounts))
    public = sorted((before.minimum_accounts_public, after.minimum_accounts_public))
    between = Q(issue__project__is_public=False, accounts__range=(internal[0], internal[1] - 1))
    between |= Q(issue__project__is_public=True, accounts__range=(public[0], public[1] - 1))
    return IssueScore.objects.filter(between, issue__is_closed=False).count()


def read_places() -> list[Place]:
    columns = ("issue_id", "rank", "score", "priority", "bucket", "linked_arr")
    return [Place(*row) for row in IssueScore.objects.values_list(*columns).iterator(5000)]


def find_scored_day(today: date) -> date:
    """The day the stored scores count their months from, so that only what is tuned differs."""
    newest = ScoreRun.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    return newest.today if newest else today


def name_moves(moves: Iterable[Move]) -> tuple[MovedIssue, ...]:
    """With the issues' numbers and titles; what GitLab has lost meanwhile is left out."""
    moves = list(moves)
    known = Issue.objects.only("iid", "title").in_bulk([int(move.issue) for move in moves])
    return tuple(
        MovedIssue(issue.iid, issue.title, move)
        for move in moves
        if (issue := known.get(int(move.issue)))
    )
