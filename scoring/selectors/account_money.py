"""What an account's money is on: its ARR and each opportunity's net ARR, divided to the cent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from intake.domain.vocabulary import DemandKind
from intake.models import Issue
from intake.selectors.account_glance import AccountGlance, glance_at_accounts
from portal.models import Account, Opportunity, User
from portal.selectors.accounts import visible_accounts
from scoring.charts.stacked_bars import StackedBars
from scoring.domain.explanation import ExplainedLink, explain_account
from scoring.domain.months import count_months
from scoring.domain.priority_points import PriorityScore, score_priority
from scoring.domain.records import Key
from scoring.domain.warning import WarningKind
from scoring.models import IssueScore
from scoring.selectors.account_pools import (
    IssueNames,
    MoneyRow,
    PoolView,
    draw_overview,
    view_link,
    view_pool,
)
from scoring.selectors.inputs import read_inputs_of_account
from scoring.selectors.names import Names
from scoring.selectors.weights import read_weights_in_force
from scoring.selectors.why_warnings import Trouble, tell_warnings

RECENT = 10  # closed issues that are named
PoolOf = tuple[DemandKind, Key | None]  # the kind, and for growth the opportunity


@dataclass(frozen=True, slots=True)
class AccountMoney:
    """`months` to the renewal, below 0 when it has passed.

    `unpooled` are wishes to use more without an open opportunity; `idle` are open opportunities
    that nothing is asked for with; `closed` are issues that gave their points back, newest first.
    """

    account: AccountGlance
    months: int | None
    overview: StackedBars | None
    retention: PoolView
    growth: tuple[PoolView, ...]
    unpooled: tuple[MoneyRow, ...]
    idle: tuple[Opportunity, ...]
    ended: tuple[Opportunity, ...]
    closed: tuple[Issue, ...]
    warnings: tuple[Trouble, ...]

    @property
    def priority(self) -> Decimal:
        """What the account adds to all priorities together."""
        return sum((pool.priority for pool in (self.retention, *self.growth)), Decimal())


def read_account_money(pk: int, *, reader: User, today: date) -> AccountMoney:
    """As of now, not as of the last run. Raises Account.DoesNotExist, also for another TAM's.

    A fixed number of queries, however many issues and opportunities there are.
    """
    account = visible_accounts(reader).select_related("tam").get(pk=pk)
    opportunities = {one.pk: one for one in Opportunity.objects.filter(account=pk)}
    scores = _score(account, today)
    links = _by_pool(explain_account(scores, pk))
    names = _read_issues(score.demand.issue.id for score in scores)
    retention = view_pool(links[DemandKind.RETENTION, None], names, money=account.arr)
    growth = _view_growth(opportunities.values(), links, names)
    asked = {pool.opportunity for pool in growth}
    return AccountMoney(
        account=glance_at_accounts([account])[pk],
        months=count_months(today, account.renewal_on) if account.renewal_on else None,
        overview=draw_overview((retention, *growth)),
        retention=retention,
        growth=growth,
        unpooled=tuple(
            view_link(link, names, Decimal()) for link in links[DemandKind.GROWTH, None]
        ),
        idle=tuple(one for one in opportunities.values() if not one.is_closed and one not in asked),
        ended=tuple(one for one in opportunities.values() if one.is_closed),
        closed=tuple(_list_closed(pk)),
        warnings=_warn(scores, account, opportunities),
    )


def _by_pool(links: Iterable[ExplainedLink]) -> dict[PoolOf, list[ExplainedLink]]:
    found: dict[PoolOf, list[ExplainedLink]] = defaultdict(list)
    for link in links:
        found[link.link.kind, link.link.opportunity].append(link)
    return found


def _view_growth(
    opportunities: Iterable[Opportunity],
    links: dict[PoolOf, list[ExplainedLink]],
    names: IssueNames,
) -> tuple[PoolView, ...]:
    """Those that something is asked for with; links of closed ones are not among the links."""
    return tuple(
        view_pool(asked, names, money=one.net_arr, opportunity=one)
        for one in opportunities
        if (asked := links[DemandKind.GROWTH, one.pk])
    )


def _score(account: Account, today: date) -> list[PriorityScore]:
    """Its own links alone fill its pools: no other account draws on them."""
    weights = read_weights_in_force().weights
    return score_priority(read_inputs_of_account(account.pk, today), weights)


def _read_issues(keys: Iterable[object]) -> IssueNames:
    rows = Issue.objects.defer("description").in_bulk([int(str(key)) for key in keys])
    ranks = IssueScore.objects.filter(pk__in=rows).values_list("pk", "rank")
    return IssueNames(rows, dict(ranks))


def _list_closed(account_pk: int) -> list[Issue]:
    asked = Issue.objects.filter(
        is_closed=True, customer_links__account=account_pk, customer_links__demands__isnull=False
    )
    return list(asked.defer("description").distinct().order_by("-closed_at", "-pk")[:RECENT])


def _warn(
    scores: Iterable[PriorityScore], account: Account, opportunities: dict[int, Opportunity]
) -> tuple[Trouble, ...]:
    """What is wrong with its own figures, and with its opportunities'; each once."""
    about = {
        (warning.kind, warning.account, warning.opportunity)
        for score in scores
        for warning in score.warnings
        if warning.kind != WarningKind.ONE_ACCOUNT
        and (warning.account is not None or warning.opportunity is not None)
    }
    rows = [
        {"kind": kind, "account": owner, "opportunity": opportunity}
        for kind, owner, opportunity in sorted(about, key=repr)
    ]
    return tell_warnings(rows, Names({account.pk: account}, opportunities))
