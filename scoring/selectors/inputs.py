"""The database's demand as the records that every model scores."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from intake.domain.vocabulary import DemandKind
from intake.models import Demand
from intake.models import Issue as IssueRow
from portal.models import Account as AccountRow
from portal.models import Opportunity as OpportunityRow
from scoring.domain.issue_labels import read_scopes
from scoring.domain.records import (
    Account,
    Estimates,
    Health,
    Inputs,
    Issue,
    Link,
    Opportunity,
    Severity,
)
from scoring.selectors.estimates import read_estimates

NO_ESTIMATES = Estimates()
KINDS = {str(kind): kind for kind in DemandKind}
SEVERITIES = {str(severity): severity for severity in Severity}
HEALTHS = {str(health): health for health in Health}
OPEN = Q(is_closed=False, is_gone=False)
ON_OPEN_ISSUE = Q(link__issue__is_closed=False, link__issue__is_gone=False)
AT_ONCE = 5_000  # rows fetched at a time


def read_inputs(today: date) -> Inputs:
    """Every open issue that somebody asks for or estimated, and every account.

    Five queries whatever the number of rows. Links come first: whatever they name is there by
    the time it is read.
    """
    links = tuple(_read_links(Demand.objects.filter(ON_OPEN_ISSUE)))
    named = {link.opportunity for link in links}
    opportunities = [one for one in _read_opportunities(Q()) if one.id in named]
    accounts = _read_accounts(Q())
    estimates = read_estimates()
    wanted = {link.issue for link in links}.union(estimates)
    issues = (one for one in _read_issues(OPEN, estimates) if one.id in wanted)
    return Inputs.gather(
        today, accounts=accounts, opportunities=opportunities, issues=issues, links=links
    )


def read_inputs_of(issues: Collection[int], today: date) -> Inputs:
    """These issues with all their links, and what those name; closed ones are left out.

    For `score_in_pools`. Five queries, in each as many keys as there are issues or accounts.
    """
    demands = Demand.objects.filter(ON_OPEN_ISSUE, link__issue__in=issues)
    links = tuple(_read_links(demands))
    accounts = {link.account for link in links}
    opportunities = {link.opportunity for link in links if link.opportunity is not None}
    estimates = read_estimates(issues)
    return Inputs.gather(
        today,
        accounts=_read_accounts(Q(pk__in=accounts)),
        opportunities=_read_opportunities(Q(pk__in=opportunities)) if opportunities else (),
        issues=_read_issues(OPEN & Q(pk__in=issues), estimates),
        links=links,
    )


def read_inputs_of_account(account: int, today: date) -> Inputs:
    """One account's own links on open issues, and what they name: what its money is on.

    The account is there also when it has no link. At most six queries.
    """
    links = tuple(_read_links(Demand.objects.filter(ON_OPEN_ISSUE, link__account=account)))
    issues = {link.issue for link in links}
    opportunities = {link.opportunity for link in links if link.opportunity is not None}
    estimates = read_estimates([int(key) for key in issues])
    return Inputs.gather(
        today,
        accounts=_read_accounts(Q(pk=account)),
        opportunities=_read_opportunities(Q(pk__in=opportunities)) if opportunities else (),
        issues=_read_issues(OPEN & Q(pk__in=issues), estimates),
        links=links,
    )


def _read_links(demands: QuerySet[Demand]) -> Iterator[Link]:
    rows = demands.values_list(
        "link__issue_id",
        "link__account_id",
        "kind",
        "opportunity_id",
        "points",
        "value",
        "pilot_urgency",
        "severity",
    )
    for issue, account, kind, opportunity, points, value, urgency, severity in rows.iterator(
        AT_ONCE
    ):
        asks = (points, value, urgency)
        yield Link(issue, account, KINDS[kind], opportunity, *asks, SEVERITIES[severity])


def _read_accounts(which: Q) -> Iterator[Account]:
    rows = AccountRow.objects.filter(which).order_by()
    columns = ("pk", "arr", "health", "renewal_on", "seats", "is_strategic", "refreshed_at")
    zone = timezone.get_current_timezone()
    for pk, arr, health, renewal_on, seats, is_strategic, at in rows.values_list(*columns):
        day = at.astimezone(zone).date()
        yield Account(pk, arr, HEALTHS[health], renewal_on, seats, is_strategic, day)


def _read_opportunities(which: Q) -> Iterator[Opportunity]:
    """Closed without being won is lost."""
    rows = OpportunityRow.objects.filter(which).order_by()
    columns = ("pk", "account_id", "net_arr", "probability", "closes_on")
    states = ("is_closed", "is_won", "refreshed_at")
    zone = timezone.get_current_timezone()
    for row in rows.values_list(*columns, *states):
        pk, account, net_arr, probability, closes_on, is_closed, is_won, at = row
        money = (net_arr, probability, closes_on)
        is_lost, day = is_closed and not is_won, at.astimezone(zone).date()
        yield Opportunity(pk, account, *money, is_closed, is_lost, day)


def _read_issues(which: Q, estimates: Mapping[int, Estimates]) -> Iterator[Issue]:
    rows = IssueRow.objects.filter(which).order_by()
    columns = ("pk", "type", "labels", "created_at", "weight")
    zone = timezone.get_current_timezone()
    for pk, kind, labels, created_at, weight in rows.values_list(*columns).iterator(AT_ONCE):
        scopes = read_scopes(str(label) for label in labels)
        yield Issue(
            id=pk,
            type=scopes.type or kind,
            group=scopes.group,
            created_on=created_at.astimezone(zone).date(),
            weight=None if weight is None else Decimal(weight),
            themes=scopes.themes,
            estimates=estimates.get(pk, NO_ESTIMATES),
        )
