"""What people estimated: in force for scores, and with its history for an issue's page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from intake.models import Issue
from portal.models import Account
from scoring.domain.cost_of_delay import find_duration
from scoring.domain.demand import IssueDemand
from scoring.domain.estimate_rules import REASONS, Choices, EstimateRule, find_rule
from scoring.domain.manual_value import Level, ManualValue, Reason
from scoring.domain.records import Account as ScoredAccount
from scoring.domain.records import Estimates
from scoring.domain.records import Issue as ScoredIssue
from scoring.domain.rice import propose_reach
from scoring.domain.rounding import to_plain
from scoring.domain.weights import Weights
from scoring.models import Estimate, EstimateKind, ScoreParts
from scoring.selectors.weights import read_weights_in_force

LEVELS = {str(level): level for level in Level}
MOST_NAMED = 500  # issues in one query; for more of them everything is read
SECTIONS = (
    ("Duration", (EstimateKind.DURATION_WEEKS,)),
    (
        "RICE",
        (EstimateKind.REACH, EstimateKind.IMPACT, EstimateKind.CONFIDENCE, EstimateKind.EFFORT),
    ),
    (
        "WSJF",
        (
            EstimateKind.BUSINESS_VALUE,
            EstimateKind.TIME_CRITICALITY,
            EstimateKind.RISK_REDUCTION,
            EstimateKind.JOB_SIZE,
        ),
    ),
    ("Value without customers", (EstimateKind.MANUAL_VALUE,)),
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What figures suggest; a person confirms it by entering `value`."""

    value: str
    shown: str
    source: str


@dataclass(frozen=True, slots=True)
class EstimateEvent:
    """One entry: `shown` is empty where the estimate was taken back; `by` where the person left."""

    kind: str
    label: str
    value: str
    shown: str
    reason: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """One kind: how it is asked for, and `entry`, what is in force."""

    kind: str
    label: str
    rule: EstimateRule
    entry: EstimateEvent | None
    proposed: Proposed | None = None
    is_manual: bool = False


@dataclass(frozen=True, slots=True)
class EstimateSection:
    title: str
    lines: tuple[EstimateLine, ...]


@dataclass(frozen=True, slots=True)
class EstimatePage:
    issue: int
    sections: tuple[EstimateSection, ...]
    history: tuple[EstimateEvent, ...]  # the newest first
    reasons: Choices = REASONS


def read_estimates(issues: Collection[int] | None = None) -> dict[int, Estimates]:
    """By the issue's key, for these issues or for all; issues without an estimate are left out."""
    rows = Estimate.objects.in_force().exclude(value="")
    if issues is not None and len(issues) <= MOST_NAMED:
        rows = rows.filter(issue__in=issues)
    wanted = None if issues is None else set(issues)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for issue, kind, value, reason in rows.values_list("issue_id", "kind", "value", "reason"):
        if wanted is None or issue in wanted:
            found[issue] |= _parse(kind, value, reason)
    return {issue: Estimates(**fields) for issue, fields in found.items()}


def list_estimates(issue: int) -> list[EstimateEvent]:
    """Everything that was ever entered about this issue, the newest first."""
    weights = read_weights_in_force().weights
    rows = Estimate.objects.filter(issue=issue).select_related("created_by").order_by("-pk")
    return [_tell(row, weights) for row in rows]


def read_estimate_page(issue: int) -> EstimatePage:
    """Six queries. Raises Issue.DoesNotExist."""
    weight = Issue.objects.values_list("weight", flat=True).get(pk=issue)
    weights = read_weights_in_force().weights
    history = list_estimates(issue)
    newest: dict[str, EstimateEvent] = {}
    for event in history:
        newest.setdefault(event.kind, event)
    proposals = {
        str(EstimateKind.REACH): _propose_reach(issue, weights),
        str(EstimateKind.DURATION_WEEKS): _derive_duration(weight, weights),
    }
    sections = tuple(
        EstimateSection(
            title, tuple(_make_line(kind, newest.get(kind), proposals, weights) for kind in kinds)
        )
        for title, kinds in SECTIONS
    )
    return EstimatePage(issue, sections, tuple(history))


def _parse(kind: str, value: str, reason: str) -> dict[str, Any]:
    """The record's field of this kind with its value."""
    if kind != EstimateKind.MANUAL_VALUE:
        return {kind: Decimal(value)}
    return {"manual": ManualValue(LEVELS.get(value) or Decimal(value), Reason(reason))}


def _tell(row: Estimate, weights: Weights) -> EstimateEvent:
    return EstimateEvent(
        kind=row.kind,
        label=row.get_kind_display(),
        value=row.value,
        shown=show_value(row.kind, row.value, weights) if row.value else "",
        reason=row.reason,
        note=row.note,
        by=str(row.created_by) if row.created_by else "",
        at=row.created_at,
    )


def show_value(kind: str, value: str, weights: Weights) -> str:
    """As people read it: a choice by its name, a number with its unit."""
    rule = find_rule(kind, weights)
    named = dict(rule.choices).get(value)
    return named or f"{Decimal(value):,f} {rule.unit}".strip()


def _make_line(
    kind: EstimateKind,
    newest: EstimateEvent | None,
    proposals: dict[str, Proposed | None],
    weights: Weights,
) -> EstimateLine:
    entry = newest if newest and newest.value else None
    rule = find_rule(kind, weights)
    is_manual = kind == EstimateKind.MANUAL_VALUE
    return EstimateLine(str(kind), str(kind.label), rule, entry, proposals.get(kind), is_manual)


def _derive_duration(weight: int | None, weights: Weights) -> Proposed | None:
    derived = find_duration(ScoredIssue(0, weight=Decimal(weight or 0)), weights)
    if derived is None:
        return None
    weeks = to_plain(derived.weeks)
    return Proposed(weeks, f"{weeks} weeks", f"derived from the weight {weight}")


def _propose_reach(issue: int, weights: Weights) -> Proposed | None:
    """From the seats of the accounts behind the issue's score, as RICE does."""
    parts = ScoreParts.objects.filter(pk=issue).values_list("parts", flat=True).first() or []
    behind = Account.objects.filter(pk__in={part["account"] for part in parts})
    accounts = tuple(
        ScoredAccount(account, seats=seats) for account, seats in behind.values_list("pk", "seats")
    )
    all_seats = weights.total_seats
    if all_seats is None:
        all_seats = Account.objects.aggregate(total=Sum("seats"))["total"] or 0
    proposal = propose_reach(IssueDemand(ScoredIssue(issue), accounts=accounts), all_seats, weights)
    if proposal is None:
        return None
    value = to_plain(proposal.reach)
    source = f"{proposal.seats:,} of {proposal.all_seats:,} seats are behind the customer links"
    return Proposed(value, show_value(EstimateKind.REACH, value, weights), source)
