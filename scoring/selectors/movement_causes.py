"""Causes with names: whose link, which opportunity, which other issue gave its points back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import F, FilteredRelation, Q

from intake.models import Issue
from portal.models import Account, Opportunity, User
from portal.selectors.accounts import find_hidden_accounts, name_hidden_accounts
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
    """`account` is empty for what is the issue's own. `effect` on the priority, in money.

    Without an `account_id` there is no page of the account for the reader.
    """

    account_id: int | None
    account: str
    words: str
    effect: Decimal

    @property
    def size(self) -> Decimal:
        return abs(self.effect)


def tell_causes(
    changes: Sequence[Change], days: Days, *, reader: User, most: int
) -> list[list[ToldCause]]:
    """For each change its first causes; three queries at most, four for a TAM. What other TAMs'
    accounts did is told together, without names."""
    causes = [cause for change in changes for cause in change.causes[:most]]
    accounts = {_account_of(cause) for cause in causes if cause.key}
    hidden = find_hidden_accounts(reader, accounts)
    shown = accounts - hidden
    names = dict(Account.objects.filter(pk__in=shown).values_list("pk", "name"))
    around = _look_around(causes, days)
    return [
        _fold(
            [_tell(one, change, names, around) for one in first if _account_of(one) not in hidden],
            [one for one in first if _account_of(one) in hidden],
        )
        for change in changes
        for first in [change.causes[:most]]
    ]


def _account_of(cause: Cause) -> int:
    return int(cause.key.account) if cause.key else 0


def _fold(told: list[ToldCause], hidden: Sequence[Cause]) -> list[ToldCause]:
    if not hidden:
        return told
    name = name_hidden_accounts(len({_account_of(cause) for cause in hidden}))
    effect = to_cents(sum((cause.effect for cause in hidden), Fraction()))
    folded = ToldCause(None, name, "what is asked for, or what it is worth, changed", effect)
    return sorted([*told, folded], key=_place)


def _place(told: ToldCause) -> tuple[bool, Decimal]:
    """A changed weight before all, then by size."""
    return bool(told.account or told.effect), -told.size


def _tell(cause: Cause, change: Change, names: dict[int, str], around: Surroundings) -> ToldCause:
    account = _account_of(cause)
    return ToldCause(
        account_id=account if account in names else None,
        account=names.get(account, "An account that is gone") if account else "",
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
