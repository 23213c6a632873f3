"""The page after sending: what happens when, and whether somebody asked before."""

from dataclasses import dataclass
from datetime import datetime

from intake.models import Submission
from intake.selectors.similar import SimilarRequest, find_similar
from intake.selectors.visibility import visible_submissions
from portal.models import User


@dataclass(frozen=True, slots=True)
class Received:
    token: str
    reference: str
    summary: str
    created_at: datetime
    answer_by: datetime
    has_account: bool
    tam: str | None  # whose name is told; None: nobody manages the account, or is told of it
    is_joined: bool
    similar: tuple[SimilarRequest, ...]


def read_received(user: User, token: str) -> Received:
    """Raises Submission.DoesNotExist."""
    submission = visible_submissions(user).select_related("account__tam").get(token=token)
    return Received(
        token=submission.token,
        reference=submission.reference,
        summary=submission.summary,
        created_at=submission.created_at,
        answer_by=submission.answer_by,
        has_account=submission.account_id is not None,
        tam=_find_tam(submission, user),
        is_joined=submission.is_decided,
        similar=_find_others(submission, user),
    )


def _find_tam(submission: Submission, reader: User) -> str | None:
    account = submission.account
    if account is None or account.tam is None or account.tam == reader:
        return None
    is_told = submission.followers.filter(user=account.tam).exists()
    return account.tam.name or account.tam_name if is_told else None


def _find_others(submission: Submission, user: User) -> tuple[SimilarRequest, ...]:
    if submission.is_decided or submission.is_withdrawn:
        return ()
    return find_similar(submission.summary, submission.problem, user=user, besides=submission.token)
