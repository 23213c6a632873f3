"""Who hears of changes, and how often."""

from django.db import transaction
from django.utils import timezone

from intake.actions.refusals import NotAllowed
from intake.domain.vocabulary import MailLevel
from intake.models import Follower, Submission
from intake.pipeline.owe_mail import reschedule_mail
from intake.selectors.visibility import is_author, visible_submissions
from portal.models import User


def follow(submission: Submission, *, user: User, by: User) -> None:
    """Add oneself or, as the author, a colleague who can see the request anyway."""
    may_add = by == user or is_author(by, submission)
    if not may_add or not visible_submissions(user).filter(pk=submission.pk).exists():
        raise NotAllowed
    Follower.objects.get_or_create(submission=submission, user=user)


def unfollow(submission: Submission, *, user: User, by: User) -> None:
    if by != user and not is_author(by, submission):
        raise NotAllowed
    Follower.objects.filter(submission=submission, user=user).delete()


def unfollow_strangers(submission: Submission) -> None:
    """Who may not read it any more stops following, and no mail that waits goes to them."""
    for follower in Follower.objects.filter(submission=submission).select_related("user"):
        if not visible_submissions(follower.user).filter(pk=submission.pk).exists():
            follower.delete()


def set_mail_level(follower: Follower, level: str) -> None:
    """The follower's own choice, from the page or from the one click in a mail. It holds for the
    mail that waits already."""
    with transaction.atomic():
        row = Follower.objects.select_for_update().filter(pk=follower.pk).first()
        if row is None:  # left meanwhile
            return
        row.level = follower.level = MailLevel(level)
        row.save(update_fields=["level"])
        reschedule_mail(row, now=timezone.now())
