"""Tell GitLab, by labels of our own, how much each issue is asked for; and take them back.

An issue is read right before it is written to, so that a label that a person set is seen: GitLab
would push it out for one of ours of the same scope. Only differences are sent. What is about to
be put there is committed first; after a crash the row says so, and the issue is read again. A
label in our scopes that no row knows of (an issue that moved, a database from a backup) is ours
where GitLab's own record says that we put it there.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from intake.domain.retry import wait_before_retry
from intake.models import Issue
from intake.pipeline.mirror import store_issue
from portal.gateways.errors import Misconfigured, Missing, Refused, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueRecord
from scoring.domain.label_plan import LabelPlan, keep_in_mind, pick_ours, plan_labels
from scoring.pipeline.publish_claim import Claim, ClaimLost
from scoring.selectors.label_states import LabelState, find_work, is_paused

Clock = Callable[[], datetime]
Tell = Callable[[int, int | None], None]
REFUSED_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One worker's turn at one issue's labels, under its claim; `now` is when it began."""

    state: LabelState
    claim: Claim
    gitlab: GitLabGateway
    now: datetime


def publish_labels(
    *,
    gitlab: GitLabGateway,
    clock: Clock,
    most: int | None = None,
    take_back: bool = False,
    by_hand: bool = False,
    retry_refused: bool = False,
    tell: Tell = lambda done, total: None,
) -> int:
    """Bring the labels of at most `most` issues up to date; returns how many were written to.

    `take_back`: no label is wanted any more. `by_hand`: somebody watches, and keeps the pauses
    that GitLab asks for. `retry_refused`: before their day is over, too.
    Raises Unavailable and Misconfigured at the first issue that meets them: what is done stays
    done, and the next run goes on from there. A refusal is kept on its row.
    """
    if not by_hand and is_paused(now=clock()):
        return 0
    work = find_work(now=clock(), take_back=take_back, retry_refused=retry_refused)[:most]
    written = 0
    for done, state in enumerate(work, 1):
        with suppress(ClaimLost):
            written += settle_labels(state, gitlab=gitlab, clock=clock, retry_refused=retry_refused)
        tell(done, len(work))
    return written


def settle_labels(
    state: LabelState, *, gitlab: GitLabGateway, clock: Clock, retry_refused: bool = False
) -> bool:
    """One issue; whether it was written to. Raises Unavailable, Misconfigured and ClaimLost."""
    now = clock()
    claim = Claim.take(state.issue, now=now, retry_refused=retry_refused)
    if claim is None:
        return False
    try:
        return _settle(Turn(state, claim, gitlab, now))
    except Unavailable as error:
        wait = error.retry_after or wait_before_retry(claim.row.failures + 1)
        late = settings.NOTE_LEASE if error.may_have_written else timedelta(0)
        claim.put_off(clock() + max(wait, late))
        raise
    except Misconfigured:
        claim.let_go()
        raise
    except (Refused, Missing) as error:
        claim.finish(refusal=str(error)[:300], due_at=clock() + REFUSED_REST)
        return False


def _settle(turn: Turn) -> bool:
    before = turn.gitlab.issue(turn.state.key)
    wanted = () if before.is_closed else turn.state.wanted
    ours = _find_ours(turn, before)
    plan = plan_labels(wanted, ours=ours, present=before.labels)
    after = _write(turn, plan) if plan else before
    turn.claim.finish(
        labels=keep_in_mind(wanted, ours=(*ours, *plan.add), present=after.labels),
        attempted=[],
        written_at=turn.now,
    )
    _mirror(turn, after)
    return bool(plan)


def _find_ours(turn: Turn, record: IssueRecord) -> tuple[str, ...]:
    """What we put there and were about to; where that does not explain a label, GitLab tells."""
    row = turn.claim.row
    known = (*row.labels, *(name for name in row.attempted if name in record.labels))
    strange = [name for name in pick_ours(record.labels) if name not in known]
    if not strange:
        return known
    setters, own = turn.gitlab.find_label_setters(turn.state.key), turn.gitlab.own_user_id()
    return (*known, *(name for name in strange if setters.get(name) == own))


def _write(turn: Turn, plan: LabelPlan) -> IssueRecord:
    turn.claim.announce(plan.add)
    return turn.gitlab.change_labels(turn.state.key, add=plan.add, remove=plan.remove)


def _mirror(turn: Turn, record: IssueRecord) -> None:
    """The mirror would read it within a minute; until then it would show what is over."""
    issue = Issue.objects.select_related("project").get(pk=turn.state.issue)
    store_issue(record, issue.project, now=turn.now)
