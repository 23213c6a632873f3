"""Requests that were saved though nobody knew whose they are, once their author is known."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from intake.domain.vocabulary import Stage, Trouble
from intake.models import Submission
from intake.pipeline.outcome import PROCESS_LEASE
from portal.models import Membership


def wake_known(*, now: datetime) -> int:
    """Due at once when somebody confirmed, invited or recognised the author; otherwise they would
    be asked about tomorrow. A run that is under way is left alone. Returns how many."""
    belongs = Membership.objects.filter(user=OuterRef("submitter"), is_confirmed=True)
    resting = Submission.objects.filter(
        Q(due_at=None) | Q(due_at__gt=now + PROCESS_LEASE),
        Exists(belongs),
        account=None,
        stage=Stage.MATCHED,
        trouble=Trouble.NO_ACCOUNT,
        withdrawn_at=None,
    )
    return resting.update(due_at=now)
