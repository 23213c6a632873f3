"""An account that has a technical account manager: they follow its requests from the start."""

from datetime import datetime

from intake.models import Delivery, EventKind, Follower, Submission
from intake.selectors.account_tam import find_account_tam


def tell_tam(submission: Submission, *, now: datetime) -> None:
    """For a request whose account was not known when it was sent. Each TAM is told once."""
    tam = find_account_tam(submission.account)
    if tam is None:
        return
    follower, is_new = Follower.objects.get_or_create(submission=submission, user=tam)
    received = submission.events.filter(kind=EventKind.RECEIVED).first()
    if is_new and received:
        Delivery.objects.get_or_create(event=received, follower=follower, defaults={"due_at": now})
