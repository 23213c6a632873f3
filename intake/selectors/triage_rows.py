"""The rows of the triage queue as records: a fixed number of queries for any number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.timesince import timesince, timeuntil

from intake.domain.triage_reasons import offer_acts, tell_reasons
from intake.models import Submission
from intake.selectors.account_glance import AccountGlance, glance_at_accounts
from intake.selectors.candidate_glance import CandidateGlance, find_best_candidates
from intake.selectors.triage import Look, read_facts

OPENING_WORDS = 40


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`opening` is how the customer begins; `rivals` are the candidates after the best.

    `clock` says how the promised answer stands, `last_word` how old the last one is.
    """

    id: int
    reference: str
    summary: str
    opening: str
    urgency: str
    urgency_label: str
    sender: str
    account: AccountGlance | None
    reasons: list[str]
    acts: frozenset[str]
    best: CandidateGlance | None
    rivals: list[CandidateGlance]
    decision: str
    decided_by: str
    created_at: datetime
    is_breaching: bool
    clock: str
    last_word: str


def describe_rows(submissions: Sequence[Submission], look: Look) -> list[QueueRow]:
    """Expects rows of `in_queue_order`."""
    best = find_best_candidates([row.pk for row in submissions])
    accounts = glance_at_accounts([row.account for row in submissions if row.account])
    return [
        _describe(row, best.get(row.pk, []), accounts.get(row.account_id or 0), look)
        for row in submissions
    ]


def _describe(
    row: Submission,
    candidates: list[CandidateGlance],
    account: AccountGlance | None,
    look: Look,
) -> QueueRow:
    facts = read_facts(row)
    return QueueRow(
        id=row.pk,
        reference=row.reference,
        summary=row.summary,
        opening=Truncator(row.customer_words or row.problem).words(OPENING_WORDS),
        urgency=row.urgency,
        urgency_label=row.get_urgency_display(),
        sender=str(row.submitter),
        account=account,
        reasons=tell_reasons(facts, today=look.today),
        acts=offer_acts(facts),
        best=candidates[0] if candidates else None,
        rivals=candidates[1:],
        decision=row.get_decision_display() if row.is_decided else "",
        decided_by=str(row.decided_by or row.get_decided_by_kind_display()),
        created_at=row.created_at,
        is_breaching=row.is_breaching,  # type: ignore[attr-defined]
        clock=tell_clock(row, look.now),
        last_word=f"{_tell_age(row.last_word_at, look.now)} ago"
        if row.last_word_at
        else "none yet",
    )


def tell_clock(row: Submission, now: datetime) -> str:
    """In one unit of time: minutes while it is minutes, days when it is days."""
    if row.answered_at is not None:
        return "answered"
    if row.is_decided or row.is_withdrawn:
        return ""
    if row.answer_by <= now:
        return f"overdue by {_tell_age(row.answer_by, now)}"
    return f"due in {timeuntil(row.answer_by, now, depth=1)}"


def _tell_age(at: datetime, now: datetime) -> str:
    return timesince(at, now, depth=1)
