"""From an issue's state and our decisions to the one state a customer is told.

A milestone alone is a target; `deliverable` and `stretch` say how sure engineering is. Closed in
the tracker is not "shipped": that takes a finished milestone, or a person's reason.
"""

from collections.abc import Collection
from dataclasses import dataclass

from intake.domain.vocabulary import Decision, Outcome, PublicState, Stage

IN_WORK = frozenset({"workflow::in dev", "workflow::in review", "workflow::verification"})
FOLLOWS_ISSUE = frozenset(
    {
        PublicState.JOINED,
        PublicState.CONSIDERED,
        PublicState.SCHEDULED,
        PublicState.HOPED_FOR,
        PublicState.COMMITTED,
        PublicState.IN_PROGRESS,
        PublicState.SHIPPED,
        PublicState.CONFIRMED,
    }
)


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """`milestone` is its title, empty for none."""

    is_closed: bool
    labels: Collection[str]
    milestone: str
    is_milestone_closed: bool


@dataclass(frozen=True, slots=True)
class RequestFacts:
    stage: str
    decision: str
    is_withdrawn: bool
    is_asked: bool
    outcome: str
    state: str  # what the customer was told last, with the release below
    issue: IssueFacts | None
    release: str = ""
    is_search_away: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """`needs_reason`: the issue was closed and a person must say why before the customer hears."""

    state: PublicState
    release: str = ""
    needs_reason: bool = False


def tell_progress(facts: RequestFacts) -> Progress:
    """The state to show now."""
    if facts.is_withdrawn:
        return Progress(PublicState.WITHDRAWN)
    if facts.decision == Decision.NOT_PLANNED:
        return Progress(PublicState.NOT_PLANNED)
    if facts.decision == Decision.ALREADY_POSSIBLE:
        return Progress(PublicState.ALREADY_POSSIBLE)
    if facts.is_asked:
        return Progress(PublicState.WAITING_FOR_YOU)
    if facts.decision == Decision.PENDING:
        waiting = facts.stage == Stage.RECEIVED and not facts.is_search_away  # else: a person
        return Progress(PublicState.RECEIVED if waiting else PublicState.UNDER_REVIEW)
    return _follow_issue(facts)


def _follow_issue(facts: RequestFacts) -> Progress:
    issue = facts.issue
    if issue is None:
        return Progress(PublicState.CONSIDERED)
    if issue.is_closed:
        return _tell_closed(issue, facts)
    labels = set(issue.labels)
    target = "" if issue.is_milestone_closed else issue.milestone  # a missed one is no target
    if labels & IN_WORK:
        return Progress(PublicState.IN_PROGRESS, target)
    if target and "deliverable" in labels:
        return Progress(PublicState.COMMITTED, target)
    if target and "stretch" in labels:
        return Progress(PublicState.HOPED_FOR, target)
    if target:
        return Progress(PublicState.SCHEDULED, target)
    return Progress(_without_date(facts))


def _without_date(facts: RequestFacts) -> PublicState:
    joined = facts.decision == Decision.JOINED
    return PublicState.JOINED if joined else PublicState.CONSIDERED


def _tell_closed(issue: IssueFacts, facts: RequestFacts) -> Progress:
    if issue.milestone and issue.is_milestone_closed:
        accepted = facts.outcome in {Outcome.YES, Outcome.PARTLY}
        state = PublicState.CONFIRMED if accepted else PublicState.SHIPPED
        return Progress(state, issue.milestone)
    if issue.milestone:  # closed, and waiting for its release: no more is promised than before
        return Progress(PublicState.IN_PROGRESS, issue.milestone)
    if facts.state in FOLLOWS_ISSUE:
        return Progress(PublicState(facts.state), facts.release, needs_reason=True)
    return Progress(_without_date(facts), needs_reason=True)
