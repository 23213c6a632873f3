"""Which labels of ours every issue should carry, and which it carries as far as we know."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q

from intake.models import Issue
from portal.gateways.records import IssueKey
from scoring.domain.label_plan import LabelPlan, pick_ours, plan_labels
from scoring.domain.labels import Labels
from scoring.domain.weights import Weights
from scoring.models import PublishedLabels
from scoring.selectors.weights import read_weights_in_force

ROW = "published_labels__"
COLUMNS = (
    *("pk", "iid", "labels", "is_closed", "is_gone", "changed_at"),
    *("project__instance", "project__project_id", "project__path"),
    *("project__is_public", "project__is_lost"),
    *("score__bucket", "score__urgency", "score__intent", "score__accounts"),
    *(f"{ROW}{name}" for name in ("labels", "attempted", "refusal", "due_at", "written_at")),
)


@dataclass(frozen=True, slots=True)
class LabelState:
    """One issue. `ours` and `attempted` are what our row says, `present` what the mirror saw.

    `due_at`: not before then; `looked_at`: when GitLab was last asked; `changed_at`: when the
    mirror last saw a difference.
    """

    issue: int
    key: IssueKey
    name: str
    wanted: tuple[str, ...]
    ours: tuple[str, ...]
    attempted: tuple[str, ...]
    present: tuple[str, ...]
    is_reachable: bool
    refusal: str
    due_at: datetime | None
    looked_at: datetime | None
    changed_at: datetime

    @property
    def plan(self) -> LabelPlan:
        arrived = tuple(name for name in self.attempted if name in self.present)
        return plan_labels(self.wanted, ours=self.ours + arrived, present=self.present)

    def has_work(self, *, now: datetime) -> bool:
        """Something to write, to finish, or to find out; not while it is put off."""
        is_put_off = self.due_at is not None and self.due_at > now
        if not self.is_reachable or is_put_off or self._is_settled:
            return False
        plan = self.plan
        is_to_be_asked = bool(plan.left) and self._is_news
        return bool(self.attempted) or bool(plan) or is_to_be_asked or self._is_over

    @property
    def _is_settled(self) -> bool:
        """Most issues, most of the time: told without making a plan."""
        return not self.attempted and set(self.wanted) == set(self.ours) == set(self.present)

    @property
    def _is_over(self) -> bool:
        """A person took it off, and now it is not due either: to be looked at and forgotten."""
        return bool({*self.ours} - {*self.wanted} - {*self.present})

    @property
    def _is_news(self) -> bool:
        """A label that is not known to be ours: GitLab is asked whose it is, once a change."""
        return self.looked_at is None or self.changed_at > self.looked_at


def read_label_states(*, take_back: bool = False) -> Iterator[LabelState]:
    """Of every issue that has a score or ever had a label of ours, in one query.

    `take_back`: nothing is wanted any more, and issues that carry one of our scopes without our
    knowing are there too.
    """
    weights = read_weights_in_force().weights
    issues = Issue.objects.order_by("pk")
    if not take_back:
        scored = Q(score__bucket__isnull=False) | Q(score__urgency__gt="") | Q(score__intent__gt="")
        issues = issues.filter(scored | Q(published_labels__isnull=False))
    for row in issues.values_list(*COLUMNS, named=True).iterator(chunk_size=2000):
        state = _read(row, () if take_back else _choose(row, weights))
        if not take_back or state.ours or state.attempted or state.present:
            yield state


def find_work(
    *, now: datetime, take_back: bool = False, retry_refused: bool = False
) -> list[LabelState]:
    states = read_label_states(take_back=take_back)
    return [state for state in states if _is_due(state, now, retry_refused=retry_refused)]


def _is_due(state: LabelState, now: datetime, *, retry_refused: bool) -> bool:
    if retry_refused and state.refusal and state.due_at is not None:
        return state.has_work(now=state.due_at)
    return state.has_work(now=now)


@dataclass(frozen=True, slots=True)
class LabelsLeft:
    """How many issues carry labels of ours, or may (a lost answer); and how those fare.

    `unseen`: in projects that our token cannot see; `waiting`: put off, or under way just now.
    """

    issues: int
    unseen: int
    refused: int
    waiting: int


def count_labels_left(*, now: datetime) -> LabelsLeft:
    """Issues that are gone from GitLab took theirs along."""
    carried = ~Q(labels=[], attempted=[])
    unseen = Q(issue__project__is_lost=True) | ~Q(issue__project__instance=_name_instance())
    rows = PublishedLabels.objects.filter(issue__is_gone=False)
    found = rows.aggregate(
        issues=Count("pk", filter=carried),
        unseen=Count("pk", filter=carried & unseen),
        refused=Count("pk", filter=~unseen & ~Q(refusal="")),
        waiting=Count("pk", filter=~unseen & Q(refusal="", due_at__gt=now)),
    )
    return LabelsLeft(**found)


def read_states_of(issues: Collection[int]) -> dict[int, LabelState]:
    """By issue, in two queries."""
    weights = read_weights_in_force().weights
    found = Issue.objects.filter(pk__in=issues).values_list(*COLUMNS, named=True)
    return {row.pk: _read(row, _choose(row, weights)) for row in found}


def is_paused(*, now: datetime) -> bool:
    """Whether GitLab asked for time, or was away a moment ago."""
    return PublishedLabels.objects.filter(failures__gt=0, due_at__gt=now).exists()


def _choose(row: Any, weights: Weights) -> tuple[str, ...]:
    """None on a closed issue, and none where too few accounts stand behind it."""
    is_public = row.project__is_public
    least = weights.minimum_accounts_public if is_public else weights.minimum_accounts
    if row.is_closed or (row.score__accounts or 0) < least:
        return ()
    return Labels(row.score__bucket, row.score__urgency or None, row.score__intent or None).names


def _read(row: Any, wanted: tuple[str, ...]) -> LabelState:
    return LabelState(
        issue=row.pk,
        key=IssueKey(row.project__project_id, row.iid),
        name=f"{row.project__path}#{row.iid}",
        wanted=wanted,
        ours=tuple(row.published_labels__labels or ()),
        attempted=tuple(row.published_labels__attempted or ()),
        present=pick_ours(row.labels),
        is_reachable=_is_reachable(row),
        refusal=row.published_labels__refusal or "",
        due_at=row.published_labels__due_at,
        looked_at=row.published_labels__written_at,
        changed_at=row.changed_at,
    )


def _is_reachable(row: Any) -> bool:
    """Numbers mean another issue in another GitLab: one that was configured before is left."""
    is_here = row.project__instance == _name_instance()
    return is_here and not (row.is_gone or row.project__is_lost)


def _name_instance() -> str:
    return urlsplit(settings.GITLAB_URL).netloc
