"""Causes with names: whose link, which opportunity, which other issue gave its points back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q

from intake.models import Issue
from portal.models import Account, Opportunity
from scoring.domain.movement import Cause, CauseKind, DaySide
from scoring.domain.movement_words import Surroundings, tell_cause
from scoring.domain.records import Key
from scoring.domain.rounding import to_cents
from scoring.selectors.movement_days import Days

NAMED = 2  # other issues in one sentence
MOST_MOVED = 500


@dataclass(frozen=True, slots=True)
class Change:
    """An issue on both days, and what lies between."""

    before: DaySide
    after: DaySide
    causes: tuple[Cause, ...]
    is_untold: bool


@dataclass(frozen=True, slots=True)
class ToldCause:
    """`account` is empty for what is the issue's own. `effect` on the priority, in money."""

    account_id: int | None
    account: str
    words: str
    effect: Decimal

    @property
    def size(self) -> Decimal:
        return abs(self.effect)


def tell_causes(changes: Sequence[Change], days: Days, *, most: int) -> list[list[ToldCause]]:
    """For each change its first causes; three queries at most, however many there are."""
    causes = [cause for change in changes for cause in change.causes[:most]]
    accounts = {int(cause.key.account) for cause in causes if cause.key}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))
    around = _look_around(causes, days)
    return [
        [_tell(cause, change, names, around) for cause in change.causes[:most]]
        for change in changes
    ]


def _tell(cause: Cause, change: Change, names: dict[int, str], around: Surroundings) -> ToldCause:
    account = int(cause.key.account) if cause.key else None
    return ToldCause(
        account_id=account,
        account=names.get(account or 0, "An account that is gone") if account else "",
        words=tell_cause(cause, change.before, change.after, around),
        effect=to_cents(cause.effect),
    )


def _look_around(causes: Iterable[Cause], days: Days) -> Surroundings:
    keys = [(cause.kind, cause.key) for cause in causes if cause.key]
    wanted = {int(key.opportunity) for _, key in keys if key.opportunity is not None}
    pooled = {int(key.account) for kind, key in keys if kind == CauseKind.POOL}
    opportunities = Opportunity.objects.filter(pk__in=wanted) if wanted else ()
    came, left = _find_moved(pooled, days)
    return Surroundings(
        opportunities={one.pk: one.name for one in opportunities},
        endings={one.pk: "won" if one.is_won else "lost" for one in opportunities if one.is_closed},
        came=came,
        left=left,
    )


def _find_moved(accounts: Collection[int], days: Days) -> tuple[dict[Key, str], dict[Key, str]]:
    """What came, and what went, among all the issues these accounts ask for; in words."""
    if not accounts:
        return {}, {}
    came, left = Q(before=None, after__isnull=False), Q(after=None, before__isnull=False)
    rows = (
        Issue.objects.annotate(
            before=FilteredRelation("day_scores", condition=Q(day_scores__day=days.before.day)),
            after=FilteredRelation("day_scores", condition=Q(day_scores__day=days.after.day)),
            account=F("customer_links__account"),
        )
        .filter(came | left, account__in=accounts)
        .order_by("pk")
        .values_list("account", "iid", "is_closed", "after__id")[:MOST_MOVED]
    )
    new: dict[int, list[str]] = defaultdict(list)
    gone: dict[int, list[str]] = defaultdict(list)
    for account, number, is_closed, after in rows:
        if after:
            new[account].append(f"#{number} is new")
        else:
            what = "was closed" if is_closed else "is not asked for any more"
            gone[account].append(f"#{number} {what}")
    return _join_all(new), _join_all(gone)


def _join_all(told: dict[int, list[str]]) -> dict[Key, str]:
    return {account: _join(sentences) for account, sentences in told.items()}


def _join(sentences: Sequence[str]) -> str:
    more = len(sentences) - NAMED
    return ", ".join(sentences[:NAMED]) + (f" and {more} more" if more > 0 else "")
